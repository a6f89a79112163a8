"""What counts towards a quarantine: of whom, since when, and how long it is remembered."""

from datetime import timedelta

import pytest

from niwari.host.models import Failure, Quarantine
from niwari.host.quarantine import (
    COMMAND,
    LONGEST_DELAY,
    MOST,
    WINDOW,
    Failed,
    end_quarantine,
    purge_old,
    record_failure,
)
from niwari.testing.world import World

CARD = "card crash"
ONE, *OTHERS = "staff@koriyama", "staff2@koriyama", "head@koriyama"


@pytest.fixture
def world(crashers: World) -> World:
    """A world in which the crasher has been on for longer than a day."""
    crashers.clock.advance(hours=25)
    return crashers


def fail(world: World, times: int, login: str = ONE, *, surface: str = CARD) -> bool:
    """Let a part fail now, so often; returns whether it is dark afterwards."""
    ctx = world.ctx_for(login)
    town, person = ctx.municipality.id, ctx.person_id
    failed = Failed("crasher", surface, town, person, world.clock(), "number", "Crash")
    return [record_failure(failed) for _ in range(times)][-1]


def end(world: World) -> None:
    """Let the card be lit again, and a second go by."""
    town = world.ctx_for(ONE).municipality.id
    assert end_quarantine(town, "crasher", CARD, world.clock())
    world.clock.advance(seconds=1)


# -- of whom --------------------------------------------------------------------------------------


def test_one_person_who_meets_it_often_hides_nobody_elses_failures(world: World) -> None:
    assert not fail(world, MOST + 5)
    assert not fail(world, 1, OTHERS[0])
    assert fail(world, 1, OTHERS[1])


def test_the_many_failures_of_one_person_stay_few_rows_beside_those_of_others(
    world: World,
) -> None:
    fail(world, MOST + 5)
    fail(world, 3, OTHERS[0])
    fail(world, MOST + 5)
    assert Failure.select().count() == MOST + 3


# -- since when -----------------------------------------------------------------------------------


def test_what_one_person_met_before_it_was_lit_hides_nothing_that_comes_after(
    world: World,
) -> None:
    fail(world, MOST)
    fail(world, 1, OTHERS[0])
    assert fail(world, 1, OTHERS[1])
    end(world)
    assert not fail(world, 3)
    assert not fail(world, 1, OTHERS[0])
    assert fail(world, 1, OTHERS[1])


# -- never ----------------------------------------------------------------------------------------


def test_a_command_is_never_dark_because_whoever_calls_it_waits_for_it(world: World) -> None:
    town = world.ctx_for(ONE).municipality.id
    failed = Failed("crasher", f"{COMMAND}mend", town, None, world.clock(), "", "Crash")
    assert [record_failure(failed) for _ in range(6)] == [False] * 6
    assert Quarantine.select().count() == 0


# -- how long -------------------------------------------------------------------------------------


def dark_card(world: World) -> None:
    fail(world, 4)
    fail(world, 1, OTHERS[0])
    assert fail(world, 1, OTHERS[1])


def test_a_quarantine_that_ended_is_forgotten_once_nothing_before_it_can_count(
    world: World,
) -> None:
    dark_card(world)
    ended = world.clock()
    end(world)
    purge_old(ended + LONGEST_DELAY + WINDOW)
    assert Quarantine.select().count() == 1
    purge_old(ended + LONGEST_DELAY + WINDOW + timedelta(seconds=1))
    assert Quarantine.select().count() == 0


def test_a_quarantine_that_has_not_ended_is_never_forgotten(world: World) -> None:
    dark_card(world)
    purge_old(world.clock() + timedelta(days=365))
    assert Quarantine.select().count() == 1
