"""Quarantine: when a part goes dark, who may try it again, and what comes of the trial."""

import threading
from datetime import timedelta

import pytest

from niwari.clock import tokyo_day
from niwari.db import connection
from niwari.host.models import Cost, Failure, Quarantine
from niwari.host.quarantine import (
    KEPT_FOR,
    MOST,
    NEVER_DARK,
    Failed,
    begin_trial,
    end_quarantine,
    purge_old,
    record_failure,
)
from niwari.host.town_state import state_of
from niwari.testing.world import World

CARD, ROUTE = "card crash", "route page"
PEOPLE = ("staff@koriyama", "staff2@koriyama", "head@koriyama")


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher, on everywhere since the clock's beginning."""
    return crashers


def fail(
    world: World,
    times: int = 1,
    *,
    surface: str = CARD,
    login: str = "staff@koriyama",
    plugin: str = "crasher",
) -> bool:
    """Let a part fail now, so often; returns whether it is dark afterwards."""
    ctx = world.ctx_for(login)
    town, person = ctx.municipality.id, ctx.acting.person_id
    failed = Failed(plugin, surface, town, person, world.clock(), "number", "Crash")
    return [record_failure(failed) for _ in range(times)][-1]


def dark(world: World, login: str = "staff@koriyama") -> set[tuple[str, str]]:
    """What is dark in the person's town."""
    town = world.ctx_for(login).municipality
    return set(state_of(town.id, town.revision).dark)


def may_try(world: World, surface: str = CARD) -> bool:
    town = world.ctx_for("staff@koriyama").municipality
    return begin_trial(town.id, "crasher", surface, world.clock())


def end(world: World, surface: str = CARD) -> bool:
    town = world.ctx_for("staff@koriyama").municipality
    return end_quarantine(town.id, "crasher", surface, world.clock())


# -- the budget -----------------------------------------------------------------------------------


def test_four_failures_leave_a_part_lit(world: World) -> None:
    assert not fail(world, 4)
    assert dark(world) == set()


def test_the_fifth_failure_within_ten_minutes_sends_it_into_quarantine(world: World) -> None:
    for _ in range(4):
        fail(world)
        world.clock.advance(minutes=2)
    assert fail(world)
    assert dark(world) == {("crasher", CARD)}


def test_five_failures_spread_over_eleven_minutes_do_not(world: World) -> None:
    for _ in range(5):
        assert not fail(world)
        world.clock.advance(minutes=2, seconds=45)
    assert dark(world) == set()


@pytest.mark.parametrize(
    "elsewhere",
    [{"login": "staff@sukagawa"}, {"surface": "card other"}, {"plugin": "neighbour"}],
)
def test_failures_of_another_town_part_or_plugin_do_not_add_up(
    world: World, elsewhere: dict[str, str]
) -> None:
    fail(world, 4)
    assert not fail(world, 4, **elsewhere)
    assert dark(world) == dark(world, "staff@sukagawa") == set()


def test_one_town_has_the_part_dark_and_the_next_does_not(world: World) -> None:
    fail(world, 5)
    assert dark(world) == {("crasher", CARD)}
    assert dark(world, "staff@sukagawa") == set()


def test_what_met_anonymous_visitors_is_kept_and_counts_nowhere(world: World) -> None:
    nobody = Failed("crasher", ROUTE, None, None, world.clock(), "", "Crash")
    assert [record_failure(nobody) for _ in range(6)] == [False] * 6
    assert Failure.select().where(Failure.municipality_id.is_null()).count() == 6
    assert Quarantine.select().count() == 0


@pytest.mark.parametrize("hook", sorted(NEVER_DARK))
def test_a_hook_that_somebody_waits_for_is_never_dark(world: World, hook: str) -> None:
    assert not fail(world, 6, surface=hook)
    assert dark(world) == set()


# -- routes ---------------------------------------------------------------------------------------


def test_a_route_of_a_plugin_that_is_new_in_town_goes_dark_by_one_person(world: World) -> None:
    world.clock.advance(hours=23, minutes=59)
    assert fail(world, 5, surface=ROUTE)


def test_after_a_day_one_person_cannot_darken_a_route_for_the_town(world: World) -> None:
    world.clock.advance(hours=24)
    assert not fail(world, 12, surface=ROUTE)


@pytest.mark.parametrize(("people", "is_dark"), [(PEOPLE[:2], False), (PEOPLE, True)])
def test_after_a_day_it_takes_three_people(
    world: World, people: tuple[str, ...], is_dark: bool
) -> None:
    world.clock.advance(hours=24)
    fail(world, 4, surface=ROUTE, login=people[0])
    for login in people[1:]:
        fail(world, surface=ROUTE, login=login)
    assert dark(world) == ({("crasher", ROUTE)} if is_dark else set())


def test_after_a_day_one_person_cannot_darken_a_card_for_the_town_either(world: World) -> None:
    world.clock.advance(hours=25)
    assert not fail(world, 12)
    assert not fail(world, login=PEOPLE[1])
    assert fail(world, login=PEOPLE[2])


def test_what_met_nobody_in_person_goes_dark_by_the_budget_alone(world: World) -> None:
    world.clock.advance(hours=25)
    town = world.ctx_for(PEOPLE[0]).municipality.id
    failed = Failed("crasher", "handler x", town, None, world.clock(), "", "Crash")
    assert [record_failure(failed) for _ in range(5)] == [False] * 4 + [True]


def test_one_person_cannot_fill_the_table_of_failures(world: World) -> None:
    world.clock.advance(hours=25)
    fail(world, 60)
    assert Failure.select().count() == MOST
    world.clock.advance(minutes=11)
    fail(world)
    assert Failure.select().count() == MOST + 1


# -- trying again ---------------------------------------------------------------------------------


def test_nobody_may_try_before_five_minutes_are_over(world: World) -> None:
    fail(world, 5)
    world.clock.advance(minutes=4, seconds=59)
    assert not may_try(world)
    world.clock.advance(seconds=1)
    assert may_try(world)


def test_of_many_at_once_one_may_try(world: World) -> None:
    fail(world, 5)
    world.clock.advance(minutes=5)
    town, now = world.ctx_for("staff@koriyama").municipality.id, world.clock()
    together = threading.Barrier(4)
    won: list[bool] = []

    def ask() -> None:
        with connection():
            together.wait()
            won.append(begin_trial(town, "crasher", CARD, now))

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert sorted(won) == [False, False, False, True]


def test_a_trial_of_which_nothing_is_heard_is_given_to_another_after_a_minute(
    world: World,
) -> None:
    fail(world, 5)
    world.clock.advance(minutes=5)
    assert may_try(world)
    world.clock.advance(seconds=59)
    assert not may_try(world)
    world.clock.advance(seconds=1)
    assert may_try(world)


def test_what_is_lit_is_not_tried(world: World) -> None:
    assert not may_try(world)
    fail(world, 5)
    world.clock.advance(minutes=5)
    assert end(world)
    assert not may_try(world)


def test_success_lights_it_for_whoever_asks_next(world: World) -> None:
    fail(world, 5)
    before = world.ctx_for("staff@koriyama").municipality.revision
    assert end(world)
    assert world.ctx_for("staff@koriyama").municipality.revision == before + 1
    assert dark(world) == set()
    assert not end(world)


def test_a_trial_that_fails_doubles_the_wait_up_to_six_hours(world: World) -> None:
    fail(world, 5)
    delays = []
    for _ in range(9):
        row = Quarantine.get()
        delays.append(row.delay_minutes)
        assert row.retry_at == world.clock() + timedelta(minutes=row.delay_minutes)
        world.clock.advance(minutes=row.delay_minutes)
        assert may_try(world)
        assert fail(world)
        assert not may_try(world)
    assert delays == [5, 10, 20, 40, 80, 160, 320, 360, 360]


def test_it_is_dark_since_its_first_failure_however_often_it_was_tried(world: World) -> None:
    fail(world, 5)
    since = world.clock()
    world.clock.advance(minutes=5)
    fail(world)
    assert Quarantine.get().since == since


def test_a_call_that_began_before_it_went_dark_does_not_double_the_wait(world: World) -> None:
    fail(world, 5)
    assert fail(world, 3)
    assert Quarantine.get().delay_minutes == 5


def test_what_failed_before_it_was_lit_counts_no_more(world: World) -> None:
    fail(world, 5)
    world.clock.advance(minutes=5)
    end(world)
    world.clock.advance(seconds=1)
    assert not fail(world, 4)
    assert fail(world)


def test_dark_once_more_begins_with_five_minutes_again(world: World) -> None:
    fail(world, 5)
    world.clock.advance(minutes=5)
    fail(world)
    world.clock.advance(minutes=10)
    end(world)
    world.clock.advance(seconds=1)
    fail(world, 5)
    row = Quarantine.get()
    assert (row.delay_minutes, row.since, row.closed_at) == (5, world.clock(), None)


# -- how long it is kept --------------------------------------------------------------------------


def test_failures_and_costs_go_after_ninety_days_and_not_before(world: World) -> None:
    begun = tokyo_day(world.clock())
    sums = {"calls": 1, "micros": 1, "slowest": 1}
    Cost.insert(plugin="crasher", surface=CARD, day=begun, **sums).execute()
    fail(world)
    world.clock.advance(days=1)
    Cost.insert(plugin="crasher", surface=CARD, day=begun + timedelta(days=1), **sums).execute()
    fail(world)
    assert purge_old(world.clock() - timedelta(days=1) + KEPT_FOR) == 0
    assert purge_old(world.clock() + KEPT_FOR) == 1
    assert [row.at for row in Failure.select()] == [world.clock()]
    assert [row.day for row in Cost.select()] == [begun + timedelta(days=1)]
