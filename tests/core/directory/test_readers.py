"""Rows for named people alone: pages, files, the search, calendars and the API agree who sees them."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from niwari.context import Context
from niwari.db import transaction
from niwari.directory.audience import PEOPLE, PEOPLE_OF_REGION, readers, visible
from niwari.directory.models import Appointment, Delegation, Headship, Person
from niwari.directory.readers import NamedReader, forget_readers_of, name_readers
from niwari.host.discovery import Found
from niwari.host.enablement import withdraw
from niwari.search.finding import search
from niwari.search.queries import Query, read_phrases
from niwari.testing.world import World

OWNER, OTHER, HEAD, ELSEWHERE = "staff@koriyama", "staff2@koriyama", "head@koriyama", "hr@koriyama"
NEIGHBOUR = "staff@sukagawa"
EVERYBODY = (OWNER, OTHER, HEAD, ELSEWHERE, NEIGHBOUR)


@pytest.fixture
def world(open_world: Callable[..., World], trial_plugins: Mapping[str, Found]) -> World:
    return open_world([trial_plugins["dummy"]])


@pytest.fixture
def cup(world: World) -> Any:
    """A row of the trial plugin for named people alone; nobody is named yet."""
    (resource,) = world.host.plugins["dummy"].contributions.resources
    ctx = world.ctx_for(OWNER)
    row_id = resource.sample(ctx)
    with transaction(ctx):
        resource.model.update(audience=PEOPLE).where(resource.model.id == row_id).execute()
    return resource.model.get_by_id(row_id)


def named(world: World, cup: Any, **who: Any) -> None:
    with transaction(world.ctx_for(OWNER)):
        name_readers(type(cup), [cup.id], **who)


def seen_by(world: World, cup: Any) -> set[str]:
    model = type(cup)

    def sees(ctx: Context) -> bool:
        return bool(model.select().where((model.id == cup.id) & visible(ctx, model)).exists())

    return {login for login in EVERYBODY if sees(world.ctx_for(login))}


def told_to(world: World, cup: Any) -> set[str]:
    """Who could be told of the row, of those above: ``visible`` turned round."""
    ids = readers(world.ctx_for(OWNER), cup)
    return {
        one.login for one in Person.select().where(Person.id.in_(ids) & Person.login.in_(EVERYBODY))
    }


def found_by(world: World, cup: Any) -> set[str]:
    world.index()
    (resource,) = world.host.plugins["dummy"].contributions.resources
    query = Query(read_phrases(resource.title(cup)))
    return {
        login
        for login in EVERYBODY
        if cup.id in {one.row.id for one in search(world.ctx_for(login), query).results}
    }


def test_a_row_for_named_people_is_nobodys_until_somebody_is_named(world: World, cup: Any) -> None:
    assert seen_by(world, cup) == told_to(world, cup) == found_by(world, cup) == set()


@pytest.mark.parametrize(
    ("who", "expected"),
    [("people", {OTHER}), ("heads_of", {HEAD}), ("members_of", {OWNER, OTHER, HEAD})],
)
def test_a_row_is_seen_told_and_found_by_those_who_are_named(
    world: World, cup: Any, who: str, expected: set[str]
) -> None:
    ctx = world.ctx_for(OTHER)
    value = ctx.person_id if who == "people" else ctx.acting.section_id
    named(world, cup, **{who: [value]})
    assert seen_by(world, cup) == told_to(world, cup) == found_by(world, cup) == expected


def test_who_stands_in_sees_what_the_head_sees(world: World, cup: Any) -> None:
    head, other = world.ctx_for(HEAD), world.ctx_for(OTHER)
    named(world, cup, heads_of=[head.acting.section_id])
    with transaction(head):
        Delegation.create(
            section=head.acting.section_id,
            appointment=world.ctx_for(ELSEWHERE).acting.id,
            head=head.acting.id,
            starts_on=head.today,
            ends_on=head.today,
            reason="出張",
            given_by=head.acting.id,
        )
        Appointment.update(stand_in_order=1).where(Appointment.id == other.acting.id).execute()
    assert seen_by(world, cup) == {HEAD, OTHER, ELSEWHERE}
    with transaction(head):  # whom a former head named answers for nobody any more
        Headship.update(appointment=world.ctx_for(OWNER).acting.id).where(
            Headship.section == head.acting.section_id
        ).execute()
    expected = {OWNER, OTHER}
    assert seen_by(world, cup) == told_to(world, cup) == found_by(world, cup) == expected


def test_naming_again_replaces_who_was_named(world: World, cup: Any) -> None:
    one, other = (world.ctx_for(login).person_id for login in (OWNER, OTHER))
    named(world, cup, people=[one, other, one])
    assert NamedReader.select().count() == 2
    named(world, cup, people=[other])
    assert seen_by(world, cup) == found_by(world, cup) == {OTHER}
    with transaction(world.ctx_for(OWNER)):
        forget_readers_of("dummy")
    assert not NamedReader.select().exists()


def test_somebody_of_another_municipality_sees_nothing_though_named(world: World, cup: Any) -> None:
    named(world, cup, people=[world.ctx_for(NEIGHBOUR).person_id])
    assert seen_by(world, cup) == found_by(world, cup) == set()


def for_the_region(world: World, cup: Any) -> None:
    with transaction(world.ctx_for(OWNER)):
        type(cup).update(audience=PEOPLE_OF_REGION).where(type(cup).id == cup.id).execute()


def test_people_of_the_region_see_what_they_are_named_for(world: World, cup: Any) -> None:
    people = [world.ctx_for(login).person_id for login in (OWNER, NEIGHBOUR)]
    for_the_region(world, cup)
    assert seen_by(world, cup) == told_to(world, cup) == found_by(world, cup) == set()
    named(world, cup, people=people)
    expected = {OWNER, NEIGHBOUR}
    assert seen_by(world, cup) == told_to(world, cup) == found_by(world, cup) == expected


def test_nobody_of_the_region_is_named_by_a_section(world: World, cup: Any) -> None:
    for_the_region(world, cup)
    sections = [world.ctx_for(login).acting.section_id for login in (OWNER, NEIGHBOUR)]
    named(world, cup, heads_of=sections, members_of=sections)
    assert seen_by(world, cup) == told_to(world, cup) == found_by(world, cup) == set()


def test_what_a_town_withdrew_its_own_named_people_alone_see(world: World, cup: Any) -> None:
    for_the_region(world, cup)
    named(world, cup, people=[world.ctx_for(login).person_id for login in (OWNER, NEIGHBOUR)])
    ctx = world.ctx_for(OWNER)
    withdraw(ctx, ctx.municipality.id, "dummy", withdrawn=True)
    assert seen_by(world, cup) == found_by(world, cup) == {OWNER}


def test_naming_stands_in_the_transaction_that_writes(world: World, cup: Any) -> None:
    with pytest.raises(RuntimeError, match="name_readers"):
        name_readers(type(cup), [cup.id])
