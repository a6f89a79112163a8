"""Sign-ins from one address and in all: a town hall gets in at 8:30, a flood does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from niwari.app import create_app
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.db import connection
from niwari.host.models import RateCount
from niwari.identity.models import Session
from niwari.keyring import open_keyring
from niwari.testing.world import World

START, CALLBACK = "/sign-in/start", "/sign-in/callback/1?code=a&state=b"


@pytest.fixture
def limit(world: World) -> Callable[..., None]:
    """Set the limits of a minute."""

    def set_to(**limits: int) -> None:
        niwari = world.app.extensions["niwari"]
        settings = replace(niwari.settings, **limits)
        world.app.extensions["niwari"] = replace(niwari, settings=settings)

    return set_to


def asked(visitor: Any, address: str, times: int, machine: str = "192.0.2.7") -> list[int]:
    """The statuses of so many requests of one machine."""
    return [
        visitor.get(address, environ_base={"REMOTE_ADDR": machine}).status_code
        for _ in range(times)
    ]


@pytest.mark.parametrize(("address", "status"), [(START, 302), (CALLBACK, 400)])
def test_beyond_the_limit_of_its_address_a_machine_is_told_to_wait(
    visitor: Any, limit: Callable[..., None], address: str, status: int
) -> None:
    limit(sign_ins_per_address=2)
    assert asked(visitor, address, 3) == [status, status, 429]
    refused = visitor.get(address, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert refused.headers["Retry-After"] == "60"
    assert "しばらくお待ちください" in refused.text
    assert "60秒ほどたってから、もう一度お試しください。" in refused.text


def test_the_neighbours_are_not_refused_with_it(visitor: Any, limit: Callable[..., None]) -> None:
    limit(sign_ins_per_address=1)
    assert asked(visitor, START, 2) == [302, 429]
    assert asked(visitor, START, 1, "192.0.2.8") == [302]


def test_beyond_the_limit_in_all_everybody_is_told_to_wait(
    visitor: Any, limit: Callable[..., None]
) -> None:
    limit(sign_ins_in_all=2)
    found = [asked(visitor, START, 1, f"192.0.2.{number}") for number in range(3)]
    assert found == [[302], [302], [429]]


def test_one_machine_cannot_use_up_what_is_there_for_all(
    visitor: Any, limit: Callable[..., None]
) -> None:
    limit(sign_ins_per_address=1, sign_ins_in_all=2)
    asked(visitor, START, 20)
    assert asked(visitor, START, 1, "192.0.2.8") == [302]


def test_a_minute_later_one_may_try_again(
    visitor: Any, limit: Callable[..., None], world: World
) -> None:
    limit(sign_ins_per_address=1)
    assert asked(visitor, START, 2) == [302, 429]
    world.clock.advance(minutes=1)
    assert asked(visitor, START, 1) == [302]


@pytest.mark.slow
def test_a_town_hall_behind_one_address_gets_in_at_half_past_eight(visitor: Any) -> None:
    assert set(asked(visitor, START, 400)) == {302}


def test_no_address_stands_in_the_database_and_no_session(visitor: Any) -> None:
    asked(visitor, START, 2)
    with connection():
        assert "192.0.2" not in str([row.__data__ for row in RateCount.select()])
        assert Session.select().count() == 0


def test_a_limit_costs_two_statements_at_each_step(
    visitor: Any, queries: Callable[[], Any]
) -> None:
    with queries() as log:
        visitor.get(START)
    counting = [s for s in log.statements if "host_rate_count" in s]
    assert [s.split()[0] for s in counting] == ["INSERT"] * 2


@pytest.mark.parametrize(("proxies", "is_believed"), [(0, False), (1, True)])
def test_who_asks_is_what_a_trusted_proxy_says_and_else_the_machine_itself(
    database_url: str, clock: FrozenClock, tmp_path: Any, proxies: int, is_believed: bool
) -> None:
    settings = Settings(
        home=tmp_path,
        environment="test",
        database_url=database_url,
        base_url="http://localhost",
        trusted_proxies=proxies,
        sign_ins_per_address=1,
    )
    open_keyring(settings).make_first()
    client = create_app(settings, clock=clock).test_client()
    statuses = [
        client.get(START, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(2)
    ]
    assert statuses == [302, 302 if is_believed else 429]
