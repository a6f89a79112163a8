"""Limits counted in the database: exact where they are small, alike for all processes, swept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from niwari.db import connection, transaction
from niwari.host.models import RateCount
from niwari.host.rate_limits import (
    Full,
    Limit,
    TooMany,
    count,
    is_reached,
    network_of,
    networks_of,
    purge_old,
    remember,
    remembers,
)
from niwari.testing.world import World

THREE = Limit("a test", 3)


def taken(world: World, limit: Limit = THREE, who: str = "somebody", times: int = 1) -> int:
    """How many of so many times were not refused."""
    found = 0
    for _ in range(times):
        try:
            count(limit, who, world.clock())
        except TooMany:
            continue
        found += 1
    return found


def test_so_many_are_taken_and_the_next_is_refused(world: World) -> None:
    assert taken(world, times=5) == 3


def test_whether_a_limit_is_reached_is_told_without_counting(world: World) -> None:
    for reached in (False, False, False, True):
        assert [is_reached(THREE, "somebody", world.clock()) for _ in range(2)] == [reached] * 2
        assert taken(world) == (0 if reached else 1)
    assert not is_reached(THREE, "another", world.clock())
    world.clock.advance(seconds=60)
    assert not is_reached(THREE, "somebody", world.clock())


def test_a_refusal_says_in_how_many_seconds_the_window_ends(world: World) -> None:
    world.clock.advance(seconds=20.5)
    assert taken(world, times=3) == 3
    with pytest.raises(TooMany) as refused:
        count(THREE, "somebody", world.clock())
    assert (refused.value.status, refused.value.retry_after) == (429, 40)


def test_the_next_window_begins_at_nothing(world: World) -> None:
    assert taken(world, times=4) == 3
    world.clock.advance(seconds=60)
    assert taken(world, times=4) == 3


@pytest.mark.parametrize(
    ("limit", "who"),
    [
        (THREE, "another"),
        (Limit("another test", 3), "somebody"),
        (Limit("a test", 3, 90), "somebody"),
    ],
)
def test_others_and_other_limits_are_counted_apart(world: World, limit: Limit, who: str) -> None:
    assert taken(world, times=4) == 3
    assert taken(world, limit, who, times=4) == 3


def test_many_at_once_are_counted_each(world: World) -> None:
    def once(_number: int) -> int:
        with connection():
            return taken(world, Limit("many", 10))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, range(40))) == 10
    (row,) = RateCount.select()
    assert row.hits == 40


def test_a_count_is_one_statement(world: World, queries: Callable[[], Any]) -> None:
    taken(world)
    with queries() as log:
        assert taken(world) == 1
    assert len(log) == 1


def test_inside_a_transaction_it_refuses_to_count(world: World) -> None:
    with (
        transaction(world.ctx_for("staff@koriyama")),
        pytest.raises(RuntimeError, match="before the transaction"),
    ):
        count(THREE, "somebody", world.clock())


@pytest.mark.slow
def test_a_limit_of_thousands_lies_in_several_rows_and_strikes_nearby(world: World) -> None:
    found = taken(world, Limit("all", 1600), times=2000)
    assert 1400 <= found <= 1600
    assert RateCount.select().count() == 16


def test_who_was_counted_stands_nowhere_and_has_another_name_in_the_next_window(
    world: World,
) -> None:
    taken(world, who="192.0.2.7")
    world.clock.advance(seconds=60)
    taken(world, who="192.0.2.7")
    rows = [row.__data__ for row in RateCount.select()]
    assert "192.0.2.7" not in str(rows)
    assert len({row["id"] for row in rows}) == 2


def test_windows_that_are_over_are_swept_and_the_present_one_stays(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niwari.host.rate_limits.PORTION", 2)
    for number in range(5):
        taken(world, who=str(number))
    world.clock.advance(seconds=60)
    taken(world, who="present", times=2)
    assert purge_old(world.clock()) == 5
    (row,) = RateCount.select()
    assert (row.hits, row.ends_at) == (2, world.clock() + timedelta(seconds=60))


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("a socket", "a socket"),
        (None, ""),
    ],
)
def test_an_ipv6_address_stands_for_its_network(address: str | None, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("192.0.2.7", ("192.0.2.7",)),
        ("::ffff:192.0.2.7", ("192.0.2.7",)),
        ("2001:db8:1:2::3", ("2001:db8:1:2::/64", "2001:db8:1::/48", "2001:db8::/32")),
        ("::1", ("::/64", "::/48", "::/32")),
        ("a socket", ("a socket",)),
        (None, ("",)),
    ],
)
def test_it_lies_in_wider_ones_too(address: str | None, networks: tuple[str, ...]) -> None:
    assert networks_of(address) == networks


def test_what_was_found_reached_costs_nothing_more_in_its_window(
    world: World, queries: Callable[[], Any]
) -> None:
    full = Full()
    for _ in range(3):
        full.count(THREE, "somebody", world.clock())
    full.check(THREE, "somebody", world.clock())
    with pytest.raises(TooMany):
        full.count(THREE, "somebody", world.clock())
    with queries() as log, pytest.raises(TooMany) as refused:
        full.check(THREE, "somebody", world.clock())
    assert (len(log), refused.value.retry_after) == (0, 60)
    full.check(THREE, "another", world.clock())
    world.clock.advance(seconds=60)
    full.check(THREE, "somebody", world.clock())


def test_of_what_was_found_reached_the_last_are_known(world: World) -> None:
    full, none = Full(), Limit("none", 0)
    for number in range(1025):
        with pytest.raises(TooMany):
            full.count(none, str(number), world.clock())
    assert not full.has(none, "0", world.clock())
    assert full.has(none, "1", world.clock())


def test_what_is_remembered_lasts_as_long_as_was_said_and_is_not_written_each_time(
    world: World,
) -> None:
    now, week = world.clock(), timedelta(days=7)
    assert not remembers("a deed", "somebody", now)
    remember("a deed", "somebody", now, week)
    assert remembers("a deed", "somebody", now + week - timedelta(seconds=1))
    assert not remembers("a deed", "somebody", now + week)
    assert not remembers("a deed", "another", now)
    assert not remembers("another deed", "somebody", now)
    remember("a deed", "somebody", now + timedelta(hours=1), week)
    (row,) = RateCount.select()
    assert row.ends_at == now + week
    remember("a deed", "somebody", now + timedelta(days=1), week)
    (row,) = RateCount.select()
    assert row.ends_at == now + week + timedelta(days=1)
