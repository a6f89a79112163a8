"""A municipality is merged into another one: its people sign in on the day, and it vouches for no others."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from niwari.clock import tokyo_day
from niwari.db import connection
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.municipalities import merge_municipality
from niwari.identity.models import ProviderMunicipality
from niwari.identity.providers import changes as provider_changes
from niwari.identity.providers.records import record, records
from niwari.identity.sign_in.finding import towns_with_a_way_in, ways_of
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World
from tests.core.identity.rogue import give_post, town_id

FIRST = date(2020, 4, 1)
TOWN = "https://id.miharu.example.jp"


@pytest.fixture
def miharu(world: World, with_provider: Callable[..., Any]) -> Any:
    """The provider of 三春町, by which staff@miharu signs in; that of the region is stopped."""
    found = with_provider(TOWN, label="三春町", municipality_ids=(town_id(MIHARU),))
    provider_changes.set_active(world.system_context(), 1, active=False)
    found.claims = {"preferred_username": "staff@miharu"}
    return found


def signed_in(visitor: Any, provider: Any) -> Any:
    begun = visitor.get(f"/sign-in/start?provider={provider.id}")
    return visitor.get(provider.answer_to(begun.location))


def move(world: World, login: str, code: str, *, back_by: int = 0) -> None:
    """Let somebody work in another town, since ``back_by`` days before today."""
    since = tokyo_day(world.clock()) - timedelta(days=back_by)
    with connection():
        person = Person.get(Person.login == login)
        own = Appointment.person == person
        Appointment.update(ends_on=since - timedelta(days=1)).where(own).execute()
        Appointment.insert(
            person=person,
            municipality=town_id(code),
            section=Section.select().where(Section.municipality == town_id(code)).first(),
            employment="full_time",
            starts_on=since,
            is_main=True,
        ).execute()


def merge(world: World, former: str, successor: str) -> None:
    """Merge today; whoever was left behind holds no post any more."""
    today = tokyo_day(world.clock())
    with connection():
        here = (Appointment.municipality == town_id(former)) & Appointment.ends_on.is_null()
        Appointment.update(ends_on=today - timedelta(days=1)).where(here).execute()
        merge_municipality(world.system_context(), former, successor, today)


def test_on_the_day_people_sign_in_as_they_did_the_day_before(
    world: World, visitor: Any, another_visitor: Any, miharu: Any
) -> None:
    assert signed_in(visitor, miharu).status_code == 302
    move(world, "staff@miharu", KORIYAMA)
    merge(world, MIHARU, KORIYAMA)
    assert signed_in(another_visitor, miharu).status_code == 302
    assert "郡山市" in another_visitor.get("/").text


def test_so_does_who_signs_in_for_the_first_time(world: World, visitor: Any, miharu: Any) -> None:
    move(world, "staff@miharu", KORIYAMA)
    merge(world, MIHARU, KORIYAMA)
    assert signed_in(visitor, miharu).status_code == 302


def test_and_after_a_second_merger(world: World, visitor: Any, miharu: Any) -> None:
    move(world, "staff@miharu", SUKAGAWA)
    merge(world, MIHARU, SUKAGAWA)
    world.clock.advance(days=30)
    move(world, "staff@miharu", KORIYAMA)
    merge(world, SUKAGAWA, KORIYAMA)
    assert signed_in(visitor, miharu).status_code == 302


def test_before_the_merger_it_does_not_speak_for_the_post_elsewhere(
    world: World, visitor: Any, miharu: Any
) -> None:
    move(world, "staff@miharu", KORIYAMA)
    assert signed_in(visitor, miharu).status_code == 403


@pytest.mark.parametrize("login", ["staff@koriyama", "it@koriyama", "secretariat"])
def test_it_does_not_become_able_to_speak_for_people_of_the_other_town(
    world: World, visitor: Any, miharu: Any, login: str
) -> None:
    merge(world, MIHARU, KORIYAMA)
    miharu.claims = {"preferred_username": login}
    answer = signed_in(visitor, miharu)
    assert answer.status_code == 403
    assert "登録されていません" in answer.text


def test_nor_for_who_had_left_the_former_town_long_before(
    world: World, visitor: Any, miharu: Any
) -> None:
    move(world, "staff@miharu", KORIYAMA, back_by=100)
    merge(world, MIHARU, KORIYAMA)
    assert signed_in(visitor, miharu).status_code == 403


def test_nor_for_who_held_a_post_in_the_successor_beside_it(
    world: World, visitor: Any, miharu: Any
) -> None:
    miharu.claims = {"preferred_username": "it@koriyama"}
    post = give_post(world, "it@koriyama", MIHARU, first=FIRST)
    merge(world, MIHARU, KORIYAMA)
    assert Appointment.get_by_id(post).ends_on is not None
    assert signed_in(visitor, miharu).status_code == 403


def test_nor_where_a_post_beside_it_was_in_a_town_on_the_way(
    world: World, visitor: Any, miharu: Any
) -> None:
    miharu.claims = {"preferred_username": "it@sukagawa"}
    give_post(world, "it@sukagawa", MIHARU, first=FIRST)
    merge(world, MIHARU, SUKAGAWA)
    world.clock.advance(days=30)
    move(world, "it@sukagawa", KORIYAMA)
    merge(world, SUKAGAWA, KORIYAMA)
    assert signed_in(visitor, miharu).status_code == 403


def test_nor_again_after_a_second_merger_for_who_had_gone_there_before_it(
    world: World, visitor: Any, miharu: Any
) -> None:
    move(world, "staff@miharu", SUKAGAWA)
    merge(world, MIHARU, SUKAGAWA)
    world.clock.advance(days=30)
    move(world, "staff@miharu", KORIYAMA)
    world.clock.advance(days=400)
    merge(world, SUKAGAWA, KORIYAMA)
    assert signed_in(visitor, miharu).status_code == 403


def test_a_provider_that_was_stopped_lets_nobody_in_after_it_either(
    world: World, visitor: Any, miharu: Any
) -> None:
    move(world, "staff@miharu", KORIYAMA)
    merge(world, MIHARU, KORIYAMA)
    begun = visitor.get(f"/sign-in/start?provider={miharu.id}")
    answer = miharu.answer_to(begun.location)
    provider_changes.set_active(world.system_context(), miharu.id, active=False)
    assert visitor.get(answer).status_code == 403


def test_the_sign_in_page_offers_it_under_the_new_name(world: World, miharu: Any) -> None:
    move(world, "staff@miharu", KORIYAMA)
    merge(world, MIHARU, KORIYAMA)
    today = tokyo_day(world.clock())
    assert [town.name for town in towns_with_a_way_in(today)] == ["郡山市"]
    assert [way.provider_id for way in ways_of(town_id(KORIYAMA))] == [miharu.id]


def test_it_of_the_successor_looks_after_it_and_nobody_elses(world: World, miharu: Any) -> None:
    merge(world, MIHARU, KORIYAMA)
    here, beside = world.ctx_for("it@koriyama"), world.ctx_for("it@sukagawa")
    assert [one.id for one in records(here)] == [miharu.id]
    assert records(beside) == ()


def test_changing_its_label_keeps_whom_it_vouched_for(
    world: World, visitor: Any, miharu: Any
) -> None:
    move(world, "staff@miharu", KORIYAMA)
    merge(world, MIHARU, KORIYAMA)
    ctx = world.system_context()
    draft = provider_changes.Draft(
        "旧三春町", TOWN, "niwari-test", "preferred_username", (), (town_id(KORIYAMA),)
    )
    provider_changes.edit(ctx, miharu.id, draft)
    assert set(record(ctx, miharu.id).municipality_ids) == {town_id(MIHARU), town_id(KORIYAMA)}
    assert signed_in(visitor, miharu).status_code == 302


def test_the_region_provider_that_serves_both_is_as_before(world: World, visitor: Any) -> None:
    move(world, "staff@miharu", KORIYAMA)
    merge(world, MIHARU, KORIYAMA)
    assert visitor.sign_in("staff@miharu").status_code == 302
    with connection():
        assert ProviderMunicipality.select().where(ProviderMunicipality.provider == 1).exists()
