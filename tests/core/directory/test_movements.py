"""Events of people who moved or left: said once, on the day on which it is so."""

from datetime import date, timedelta
from typing import Any

import pytest

from niwari.clock import tokyo_day
from niwari.db.counting import counted_queries
from niwari.directory.events import PersonLeft, PersonTransferred
from niwari.directory.importing import COLUMNS, import_people
from niwari.directory.models import Appointment, Municipality, Person, Section
from niwari.directory.movements import announce
from niwari.directory.system import system_context
from niwari.events.models import Event
from niwari.testing.world import KORIYAMA, SUKAGAWA, World

STAFF = "staff@koriyama"
ONE_DAY = timedelta(days=1)


@pytest.fixture
def person(world: World) -> Any:
    """A person of 郡山市 whose post was announced long ago."""
    announce(world.clock())
    assert world.published() == []
    return Person.get(Person.login == STAFF)


def today(world: World) -> date:
    return tokyo_day(world.clock())


def post_of(person: Any) -> Any:
    return Appointment.get(Appointment.person == person)


def other_section(code: str, name: str = "新しい課") -> Any:
    town = Municipality.get(Municipality.code == code)
    return Section.create(municipality=town, name=name, path=name)


def moved(person: Any, section: Any, on: date, *, is_main: bool = True) -> Any:
    """The person's new post; a main one ends the present one the day before."""
    if is_main:
        Appointment.update(ends_on=on - ONE_DAY).where(
            (Appointment.person == person) & Appointment.is_main
        ).execute()
    return Appointment.create(
        person=person,
        municipality=section.municipality,
        section=section,
        employment="full_time",
        starts_on=on,
        is_main=is_main,
    )


def test_a_transfer_is_said_on_its_first_day_and_not_before(world: World, person: Any) -> None:
    before, first_day = post_of(person), today(world) + ONE_DAY
    after = moved(person, other_section(KORIYAMA), first_day)
    announce(world.clock())
    assert world.published() == []
    world.clock.advance(days=1)
    announce(world.clock())
    announce(world.clock())
    assert world.published() == [
        PersonTransferred(person.id, before.id, after.id, first_day.isoformat())
    ]


def test_a_transfer_that_is_written_afterwards_is_said_too(world: World, person: Any) -> None:
    before, first_day = post_of(person), today(world) - 3 * ONE_DAY
    after = moved(person, other_section(KORIYAMA), first_day)
    announce(world.clock())
    assert world.published() == [
        PersonTransferred(person.id, before.id, after.id, first_day.isoformat())
    ]


def test_a_new_colleague_is_no_transfer(world: World, person: Any) -> None:
    newcomer = Person.create(login="new@koriyama", name="職員新")
    moved(newcomer, other_section(KORIYAMA), today(world))
    announce(world.clock())
    assert world.published() == []


def test_another_employment_in_the_same_section_is_no_transfer(world: World, person: Any) -> None:
    moved(person, post_of(person).section, today(world))
    announce(world.clock())
    assert world.published() == []


def test_a_concurrent_post_is_no_transfer(world: World, person: Any) -> None:
    moved(person, other_section(KORIYAMA), today(world), is_main=False)
    announce(world.clock())
    assert world.published() == []


def test_leaving_is_said_the_day_after_the_last(world: World, person: Any) -> None:
    last_day = today(world)
    Appointment.update(ends_on=last_day).where(Appointment.person == person).execute()
    announce(world.clock())
    assert world.published() == []
    world.clock.advance(days=1)
    announce(world.clock())
    announce(world.clock())
    assert world.published() == [PersonLeft(person.id, last_day.isoformat())]


def test_two_posts_that_end_on_different_days_are_one_leaving(world: World, person: Any) -> None:
    second = moved(person, other_section(KORIYAMA), today(world), is_main=False)
    announce(world.clock())
    last_day = today(world)
    Appointment.update(ends_on=last_day - ONE_DAY).where(
        (Appointment.person == person) & (Appointment.id != second.id)
    ).execute()
    Appointment.update(ends_on=last_day).where(Appointment.id == second.id).execute()
    world.clock.advance(days=1)
    announce(world.clock())
    assert world.published() == [PersonLeft(person.id, last_day.isoformat())]


def end_by_import(world: World, person: Any, last: date) -> None:
    """Import the person's post with another last day."""
    post = post_of(person)
    line = (
        f"{KORIYAMA},{person.login},{person.name},{person.kana},{person.email},{post.section.path},"
        f",{post.employment},{post.starts_on},{last}"
    )
    data = "\n".join([",".join(COLUMNS), line]).encode()
    assert import_people(system_context(world.clock(), "test"), data).changed == 1


def test_leaving_is_said_anew_when_the_end_moved_later(world: World, person: Any) -> None:
    last = today(world) - ONE_DAY
    end_by_import(world, person, last)
    announce(world.clock())
    end_by_import(world, person, last + 2 * ONE_DAY)
    announce(world.clock())
    announce(world.clock() + 2 * ONE_DAY)
    assert world.published() == [
        PersonLeft(person.id, last.isoformat()),
        PersonLeft(person.id, (last + 2 * ONE_DAY).isoformat()),
    ]


def test_leaving_is_not_said_again_when_the_end_moved_earlier(world: World, person: Any) -> None:
    last = today(world) - ONE_DAY
    end_by_import(world, person, last)
    announce(world.clock())
    end_by_import(world, person, last - ONE_DAY)
    announce(world.clock())
    assert world.published() == [PersonLeft(person.id, last.isoformat())]


def test_whoever_moves_to_another_town_left_the_former_one(world: World, person: Any) -> None:
    before, first_day = post_of(person), today(world)
    after = moved(person, other_section(SUKAGAWA), first_day)
    announce(world.clock())
    assert world.published() == [
        PersonTransferred(person.id, before.id, after.id, first_day.isoformat()),
        PersonLeft(person.id, (first_day - ONE_DAY).isoformat()),
    ]
    towns = [event.municipality_id for event in Event.select().order_by(Event.id)]
    assert towns == [after.municipality_id, before.municipality_id]


def test_as_many_leave_at_once_as_wish_for_the_same_number_of_queries(world: World) -> None:
    def queries(prefix: str, count: int) -> int:
        section = other_section(KORIYAMA, prefix)
        Person.insert_many(
            {"login": f"{prefix}{number}@koriyama", "name": "職員"} for number in range(count)
        ).execute()
        Appointment.insert_many(
            {
                "person": row.id,
                "municipality": section.municipality_id,
                "section": section.id,
                "employment": "full_time",
                "starts_on": today(world) - 9 * ONE_DAY,
                "ends_on": today(world) - ONE_DAY,
                "start_said_at": world.clock(),
            }
            for row in Person.select().where(Person.login.startswith(prefix))
        ).execute()
        with counted_queries() as log:
            announce(world.clock())
        return len(log)

    announce(world.clock())
    assert queries("few", 1) == queries("many", 100)
    assert len(world.published()) == 101


def test_more_posts_than_one_batch_are_all_looked_at(world: World, person: Any) -> None:
    section = other_section(KORIYAMA)
    people = [{"login": f"p{number}@koriyama", "name": "職員"} for number in range(1100)]
    Person.insert_many(people).execute()
    Appointment.insert_many(
        {
            "person": row.id,
            "municipality": section.municipality_id,
            "section": section.id,
            "employment": "full_time",
            "starts_on": today(world),
        }
        for row in Person.select().where(Person.login.startswith("p") & (Person.name == "職員"))
    ).execute()
    assert announce(world.clock()) == 1100
    assert announce(world.clock()) == 0
