"""What a provider publishes, as a process keeps it: asked for by one thread, good for a while."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import KeySet, RSAKey

from niwari.identity.development.in_process import in_process_session
from niwari.identity.protocol.line import Line, over
from niwari.identity.protocol.metadata import BadMetadata
from niwari.identity.protocol.outward import AddressRule
from niwari.identity.protocol.published import Published

ISSUER = "https://provider.example.jp"
HOUR = 3600


class Provider:
    """A provider that counts what it is asked, and answers when it is let."""

    def __init__(self, keys: Any) -> None:
        self.asked: list[str] = []
        self.changes: dict[str, Any] = {}
        self.status = 200
        self.keys = keys
        self.may_answer = threading.Event()
        self.may_answer.set()
        self.is_asked = threading.Event()

    def app(self) -> Flask:
        """Return it as a WSGI application."""
        app = Flask("provider")

        @app.get("/<path:path>")
        def answer(path: str) -> Any:
            self.asked.append(path)
            self.is_asked.set()
            assert self.may_answer.wait(20)
            if path == "jwks":
                return self.keys, self.status
            return {
                "issuer": ISSUER,
                "authorization_endpoint": f"{ISSUER}/authorize",
                "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/jwks",
                **self.changes,
            }, self.status

        return app


class Hours:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def provider(key: Callable[[int], RSAKey]) -> Provider:
    return Provider(KeySet([key(1)]).as_dict())


@pytest.fixture
def published(provider: Provider, hours: Hours) -> Published:
    line = Line(hours)
    session = over(line, in_process_session(ISSUER, provider.app()))
    return Published(ISSUER, session, AddressRule(), line, hours)


def test_metadata_are_asked_for_once_an_hour(
    provider: Provider, published: Published, hours: Hours
) -> None:
    for _ in range(3):
        published.metadata()
    hours.now += HOUR - 1
    published.metadata()
    assert len(provider.asked) == 1
    hours.now += 1
    published.metadata()
    assert len(provider.asked) == 2


def test_without_an_answer_those_of_before_are_good_for_a_day(
    provider: Provider, published: Published, hours: Hours
) -> None:
    known = published.metadata()
    provider.status = 503
    hours.now += 24 * HOUR - 1
    assert published.metadata() == known
    hours.now += 1
    with pytest.raises(BadMetadata):
        published.metadata()


def test_a_wrong_answer_is_worth_more_than_what_was_known_before(
    provider: Provider, published: Published, hours: Hours
) -> None:
    published.metadata()
    provider.changes = {"token_endpoint": "https://10.0.0.7/token"}
    hours.now += HOUR
    with pytest.raises(BadMetadata) as bad:
        published.metadata()
    assert bad.value.reason == "other_host"


def test_who_answers_amiss_again_and_again_is_not_asked_each_time(
    provider: Provider, published: Published, hours: Hours
) -> None:
    provider.status = 404
    for _ in range(20):
        with pytest.raises(BadMetadata):
            published.metadata()
    assert len(provider.asked) == 3
    hours.now += 5
    provider.status = 200
    assert published.metadata()["issuer"] == ISSUER


def test_while_one_waits_for_the_answer_the_others_use_what_they_have(
    provider: Provider, published: Published, hours: Hours
) -> None:
    known = published.metadata()
    provider.may_answer.clear()
    provider.is_asked.clear()
    hours.now += HOUR
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(published.metadata)
        assert provider.is_asked.wait(20)
        for _ in range(20):
            assert published.metadata() is known
        provider.may_answer.set()
        assert asking.result() is not known
    assert len(provider.asked) == 2


def test_where_nothing_is_known_yet_the_others_wait_a_moment_and_are_told_so(
    provider: Provider, published: Published
) -> None:
    provider.may_answer.clear()
    with ThreadPoolExecutor(9) as pool:
        first = pool.submit(published.metadata)
        assert provider.is_asked.wait(20)
        others = [pool.submit(published.metadata) for _ in range(8)]
        reasons = {getattr(other.exception(timeout=20), "reason", None) for other in others}
        assert not first.done()
        provider.may_answer.set()
        assert first.result()["issuer"] == ISSUER
    assert reasons == {"timeout"}
    assert len(provider.asked) == 1


def test_all_who_come_at_once_at_half_past_eight_get_what_one_has_asked_for(
    provider: Provider, published: Published
) -> None:
    together = threading.Barrier(8, timeout=20)

    def asked(_number: int) -> Any:
        together.wait()
        return published.keys()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(asked, range(8)))
    assert all(keys is found[0] for keys in found)
    assert sorted(provider.asked) == [".well-known/openid-configuration", "jwks"]


def test_after_a_change_of_keys_one_asks_for_all(
    provider: Provider, published: Published, key: Callable[[int], RSAKey]
) -> None:
    former = published.keys()
    provider.keys = KeySet([key(2)]).as_dict()
    together = threading.Barrier(8, timeout=20)

    def asked(_number: int) -> Any:
        together.wait()
        return published.keys_after(former)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(asked, range(8)))
    assert {keys["keys"][0]["kid"] for keys in found} == {"key-2"}
    assert provider.asked.count("jwks") == 2


@pytest.mark.parametrize("keys", [[], {}, {"keys": [{"kty": "RSA"}]}, {"keys": 7}, "[" * 100_000])
def test_keys_that_are_none_are_refused_and_those_of_before_stay(
    provider: Provider, published: Published, keys: Any
) -> None:
    former = published.keys()
    provider.keys = keys
    with pytest.raises(ValueError, match="its keys are malformed"):
        published.keys_after(former)
    assert published.keys() is former


def test_keys_are_good_for_an_hour_and_no_longer(
    provider: Provider, published: Published, hours: Hours
) -> None:
    published.keys()
    provider.status = 503
    hours.now += HOUR
    with pytest.raises(OSError, match="503"):
        published.keys()


def test_what_is_distrusted_is_asked_for_anew(provider: Provider, published: Published) -> None:
    published.keys()
    published.distrust()
    published.keys()
    assert len(provider.asked) == 4


def test_what_is_to_be_looked_at_again_is_good_without_an_answer(
    provider: Provider, published: Published
) -> None:
    known = published.metadata()
    published.look_again()
    provider.status = 503
    assert published.metadata() is known
    assert len(provider.asked) == 2
