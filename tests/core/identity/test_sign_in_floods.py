"""Floods from many networks: a town hall gets in all the same, and the table stays small."""

import ipaddress
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from niwari.db import connection
from niwari.host.models import RateCount
from niwari.host.rate_limits import purge_old
from niwari.testing.world import World

START = "/sign-in/start"
TOWN_HALL, TOWN_HALL_IPV6 = "203.0.113.5", "2001:db8:ffff:1::5"


@pytest.fixture
def limit(world: World) -> Callable[..., None]:
    """Set the limits of a minute."""

    def set_to(**limits: int) -> None:
        niwari = world.app.extensions["niwari"]
        settings = replace(niwari.settings, **limits)
        world.app.extensions["niwari"] = replace(niwari, settings=settings)

    return set_to


def asked(visitor: Any, machine: str, address: str = START) -> int:
    """The status of a request of a machine."""
    answer = visitor.get(address, environ_base={"REMOTE_ADDR": machine})
    return int(answer.status_code)


def networks(inside: str, width: int, number: int) -> list[str]:
    """The first address in each of so many networks of a ``width``."""
    first = int(ipaddress.IPv6Network(inside).network_address)
    return [str(ipaddress.IPv6Address(first + (at << 128 - width) + 1)) for at in range(number)]


def signed_in_from(world: World, other_provider: Any, machine: str, login: str) -> None:
    """Let somebody sign in from a machine."""
    browser = world.anonymous()
    asks = {"environ_base": {"REMOTE_ADDR": machine}}
    other_provider.claims = {"preferred_username": login, "sub": login}
    begun = browser.get(START, **asks).location
    assert browser.get(other_provider.answer_to(begun), **asks).status_code == 302
    assert browser.get("/sign-in").status_code == 302


@pytest.mark.parametrize("town_hall", [TOWN_HALL, TOWN_HALL_IPV6])
def test_a_thousand_networks_of_one_attacker_do_not_lock_out_a_town_hall(
    visitor: Any, limit: Callable[..., None], town_hall: str
) -> None:
    limit(sign_ins_per_address=20, sign_ins_in_all=200)
    found = Counter(asked(visitor, machine) for machine in networks("2001:db8:1::/48", 64, 1000))
    assert found == {302: 40, 429: 960}
    assert [asked(visitor, town_hall) for _ in range(21)] == [302] * 20 + [429]


def test_of_the_wider_networks_each_may_twice_as_much(
    visitor: Any, limit: Callable[..., None]
) -> None:
    limit(sign_ins_per_address=3, sign_ins_in_all=1000)
    one = [asked(visitor, "2001:db8:1:1::1") for _ in range(5)]
    assert one == [302] * 3 + [429] * 2
    beside = [asked(visitor, m) for m in networks("2001:db8:1:100::/56", 64, 5)]
    assert beside == [302] * 3 + [429] * 2  # 6 in 2001:db8:1::/48
    farther = [asked(visitor, m) for m in networks("2001:db8:100::/40", 48, 8)]
    assert farther == [302] * 6 + [429] * 2  # 12 in 2001:db8::/32
    assert asked(visitor, "2001:db9::1") == 302


def test_a_network_that_hammers_does_not_use_up_what_is_there_for_its_neighbours(
    visitor: Any, limit: Callable[..., None]
) -> None:
    limit(sign_ins_per_address=2)
    for _ in range(30):
        asked(visitor, "2001:db8:1:1::1")
    assert asked(visitor, "2001:db8:1:2::1") == 302
    assert asked(visitor, "2001:db8:2::1") == 302


def test_when_all_is_used_up_by_many_the_networks_of_former_sign_ins_go_on(
    world: World, visitor: Any, other_provider: Any, limit: Callable[..., None]
) -> None:
    signed_in_from(world, other_provider, TOWN_HALL, "staff@koriyama")
    signed_in_from(world, other_provider, TOWN_HALL_IPV6, "head@koriyama")
    world.clock.advance(days=30)
    limit(sign_ins_per_address=5, sign_ins_in_all=50)
    attack = [asked(visitor, machine) for machine in networks("2a00::/16", 32, 300)]
    assert Counter(attack) == {302: 50, 429: 250}
    for town_hall in (TOWN_HALL, TOWN_HALL_IPV6):
        assert [asked(visitor, town_hall) for _ in range(6)] == [302] * 5 + [429]
        callback = "/sign-in/callback/1?code=a&state=b"
        assert asked(visitor, town_hall, callback) == 400
    assert asked(visitor, "203.0.113.6") == 429


def test_the_way_back_is_open_to_them_too(
    world: World, visitor: Any, other_provider: Any, limit: Callable[..., None]
) -> None:
    callback = "/sign-in/callback/1?code=a&state=b"
    signed_in_from(world, other_provider, TOWN_HALL, "staff@koriyama")
    limit(sign_ins_in_all=4)
    flood = [asked(visitor, machine, callback) for machine in networks("2a00::/16", 32, 20)]
    assert flood[4:] == [429] * 16
    assert asked(visitor, TOWN_HALL, callback) == 400


def test_who_only_begins_or_fails_makes_no_network_known(
    world: World, visitor: Any, other_provider: Any, limit: Callable[..., None]
) -> None:
    asks = {"environ_base": {"REMOTE_ADDR": TOWN_HALL}}
    begun = visitor.get(START, **asks).location
    other_provider.forge = "other key"
    assert visitor.get(other_provider.answer_to(begun), **asks).status_code == 400
    world.clock.advance(minutes=1)  # what was asked until now is no part of the next window
    limit(sign_ins_in_all=1)
    assert [asked(visitor, "192.0.2.1"), asked(visitor, TOWN_HALL)] == [302, 429]


def test_a_provider_that_was_believed_is_heard_in_a_flood(
    world: World, other_provider: Any, limit: Callable[..., None]
) -> None:
    def say(machine: str, token: str) -> int:
        answer = world.anonymous().post(
            f"/sign-in/back-channel-logout/{other_provider.id}",
            data={"logout_token": token},
            environ_base={"REMOTE_ADDR": machine},
        )
        return int(answer.status_code)

    assert say("198.51.100.7", other_provider.logout_token()) == 200
    limit(sign_ins_in_all=3)
    flood = [say(machine, "nonsense") for machine in networks("2a00::/16", 32, 20)]
    assert flood[3:] == [429] * 17
    assert say("198.51.100.7", other_provider.logout_token(jti="another")) == 200
    assert say(TOWN_HALL, other_provider.logout_token(jti="a third")) == 429


def test_what_is_refused_makes_no_rows(visitor: Any, limit: Callable[..., None]) -> None:
    limit(sign_ins_per_address=5, sign_ins_in_all=50)
    for machine in (
        *networks("2001:db8:1::/48", 64, 100),
        *networks("2001:db8::/32", 48, 100),
        *networks("2a00::/16", 32, 100),
    ):
        asked(visitor, machine)
    with connection():
        rows = RateCount.select().count()
    # For each that was let through one row in each width, and one for each limit that was found reached.
    assert rows <= 3 * 50 + 10


def test_the_memory_of_a_network_has_no_address_costs_one_statement_and_ends(
    world: World, other_provider: Any, queries: Callable[[], Any]
) -> None:
    with queries() as log:
        signed_in_from(world, other_provider, TOWN_HALL, "staff@koriyama")
    counting = [s.split()[0] for s in log.statements if "host_rate_count" in s]
    assert counting == ["INSERT"] * 5  # two at each step, and the memory
    now = world.clock()
    with connection():
        kept = [row.__data__ for row in RateCount.select().where(RateCount.hits == 0)]
        assert len(kept) == 1
        assert TOWN_HALL not in str(kept)
        purge_old(now + timedelta(days=89))
        assert RateCount.select().count() == 1
        purge_old(now + timedelta(days=91))
        assert RateCount.select().count() == 0
