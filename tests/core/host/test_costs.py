"""Costs: calls added up in the process, written now and then, per plugin, part and day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from peewee import PeeweeException

from niwari.clock import tokyo_day
from niwari.db import database
from niwari.host.costs import Costs
from niwari.host.models import Cost
from niwari.testing.world import KORIYAMA, World


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher and the neighbour, on everywhere."""
    return crashers


def calls(plugin: str = "crasher") -> dict[str, int]:
    """What is written of a plugin: calls by part."""
    return {row.surface: row.calls for row in Cost.select().where(Cost.plugin == plugin)}


def visit(world: World, address: str = "/", times: int = 1) -> None:
    client = world.client_for("staff@koriyama")
    for _ in range(times):
        client.get(address)
    database.connect(reuse_if_open=True)


# -- in a process ---------------------------------------------------------------------------------


def test_calls_of_one_part_are_added_up_and_the_slowest_is_kept(world: World) -> None:
    costs, now = Costs(), world.clock()
    costs.write_if_due(now)
    for micros, failed in ((10, False), (30, True), (20, False)):
        costs.add("crasher", "cards", micros, failed=failed)
    costs.add("crasher", "navigation", 5, failed=False)
    assert costs.write_if_due(now + timedelta(minutes=1)) == 2
    row = Cost.get(Cost.surface == "cards")
    assert (row.plugin, row.day, row.calls, row.micros, row.slowest, row.failed) == (
        "crasher",
        tokyo_day(now),
        3,
        60,
        30,
        1,
    )


def test_what_two_processes_write_is_added_up(world: World) -> None:
    now = world.clock()
    for micros in (40, 10):
        costs = Costs()
        costs.write_if_due(now)
        costs.add("crasher", "cards", micros, failed=True)
        assert costs.write_if_due(now + timedelta(minutes=1)) == 1
    row = Cost.get()
    assert (row.calls, row.micros, row.slowest, row.failed) == (2, 50, 40, 2)


def test_nothing_is_written_twice_and_nothing_where_there_was_no_call(world: World) -> None:
    costs, now = Costs(), world.clock()
    costs.add("crasher", "cards", 1, failed=False)
    assert costs.write_if_due(now) == 0
    assert costs.write_if_due(now + timedelta(minutes=1)) == 1
    assert costs.write_if_due(now + timedelta(minutes=2)) == 0
    assert calls() == {"cards": 1}


def test_each_day_in_tokyo_has_its_row(world: World) -> None:
    costs, now = Costs(), world.clock()
    costs.write_if_due(now)
    for hours in (14, 16):  # 23:00 and 1:00
        costs.add("crasher", "cards", 1, failed=False)
        costs.write_if_due(now + timedelta(hours=hours))
    days = [row.day for row in Cost.select().order_by(Cost.day)]
    assert days == [tokyo_day(now), tokyo_day(now) + timedelta(days=1)]


def test_what_cannot_be_written_is_kept_for_the_next_time(world: World) -> None:
    costs, now = Costs(), world.clock()
    costs.add("crasher", "cards", 30, failed=True)
    costs.write_if_due(now)
    database.execute_sql("ALTER TABLE host_cost RENAME TO host_away")
    with pytest.raises(PeeweeException):
        costs.write_if_due(now + timedelta(minutes=1))
    database.execute_sql("ALTER TABLE host_away RENAME TO host_cost")
    costs.add("crasher", "cards", 10, failed=False)
    costs.write_if_due(now + timedelta(minutes=2))
    row = Cost.get()
    assert (row.calls, row.micros, row.slowest, row.failed) == (2, 40, 30, 1)


# -- of pages -------------------------------------------------------------------------------------


def test_each_part_of_a_page_is_counted_by_itself(world: World) -> None:
    visit(world, times=3)
    world.clock.advance(minutes=1)
    visit(world, "/crasher/")
    assert calls() == {"navigation": 4, "cards": 3, "card crash": 3, "route page": 1}
    assert calls("neighbour") == {"navigation": 4, "cards": 3, "card knocks": 3}


def test_sums_are_written_at_most_once_a_minute(world: World) -> None:
    visit(world)
    world.clock.advance(seconds=59)
    visit(world)
    assert calls() == {}
    world.clock.advance(seconds=1)
    visit(world)
    assert calls()["cards"] == 3
    visit(world)
    world.clock.advance(seconds=59)
    visit(world)
    assert calls()["cards"] == 3
    world.clock.advance(seconds=1)
    visit(world)
    assert calls()["cards"] == 6


def test_failures_are_counted_among_the_calls(world: World, crash: Callable[..., None]) -> None:
    crash("navigation")
    visit(world, times=2)
    crash()
    world.clock.advance(minutes=1)
    visit(world)
    row = Cost.get((Cost.plugin == "crasher") & (Cost.surface == "navigation"))
    assert (row.calls, row.failed) == (3, 2)


def test_a_plugin_that_is_off_costs_nothing(world: World) -> None:
    world.switch(KORIYAMA, "crasher", on=False)
    visit(world)
    visit(world, "/crasher/")
    world.clock.advance(minutes=1)
    visit(world)
    assert calls() == {}
    assert calls("neighbour")


def test_a_dark_part_is_not_counted_as_called(world: World, crash: Callable[..., None]) -> None:
    crash("navigation")
    visit(world, times=7)
    world.clock.advance(minutes=1)
    visit(world)
    assert calls()["navigation"] == 5


def test_the_core_has_no_costs_of_its_own(world: World) -> None:
    visit(world)
    world.clock.advance(minutes=1)
    visit(world)
    assert {row.plugin for row in Cost.select()} == {"crasher", "neighbour"}


def test_a_page_does_not_fail_because_figures_cannot_be_written(world: World) -> None:
    visit(world)
    world.clock.advance(minutes=1)
    Cost.drop_table()
    response: Any = world.client_for("staff@koriyama").get("/")
    assert response.status_code == 200
