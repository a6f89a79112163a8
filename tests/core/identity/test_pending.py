"""A sign-in that has begun lies in a sealed cookie of its browser, and nowhere else."""

from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask

from niwari.config import Settings
from niwari.db import connection
from niwari.identity.models import Session
from niwari.identity.providers.relying_parties import install_providers
from niwari.identity.sign_in.pending import (
    LIFETIME,
    PendingSignIns,
    install_pending_sign_ins,
    pending_sign_ins,
)
from niwari.keyring import keyring
from niwari.testing.world import World

COOKIE = "niwari_sign_in"


def cookie_of(visitor: Any) -> str | None:
    found = visitor.client.get_cookie(COOKIE)
    return found.value if found else None


def header(response: Any, name: str = COOKIE) -> str:
    """The header that sets the cookie, or an empty one."""
    found = response.headers.getlist("Set-Cookie")
    return next((line for line in found if line.startswith(f"{name}=")), "")


def test_a_sign_in_that_has_begun_leaves_no_row_and_no_session_cookie(visitor: Any) -> None:
    for _ in range(5):
        visitor.begin()
    assert visitor.token is None
    with connection():
        assert Session.select().count() == 0


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_short_lived(
    visitor: Any,
) -> None:
    found = SimpleCookie(header(visitor.get("/sign-in/start")))[COOKIE]
    assert (found["httponly"], found["samesite"], found["path"]) == (True, "Lax", "/")
    assert (found["max-age"], found["domain"]) == ("900", "")


def test_under_https_it_is_bound_to_its_host(world: World) -> None:
    app = Flask("bare")
    settings = Settings(home=world.settings.home, environment="test", base_url="https://localhost")
    install_pending_sign_ins(app, settings, world.clock)

    @app.get("/")
    def begin() -> str:
        pending_sign_ins().put("a-state", {})
        return "begun"

    found = header(app.test_client().get("/"), "__Host-niwari_sign_in")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(found.split("; "))
    assert "Domain" not in found


def test_nothing_of_it_can_be_read_in_the_browser(other_provider: Any, visitor: Any) -> None:
    asked = other_provider.parameters(visitor.begin("/ledger/"))
    cookie = cookie_of(visitor)
    assert cookie is not None
    for secret in (asked["state"], asked["nonce"], "ledger", "code_verifier"):
        assert secret not in cookie


def test_the_answer_clears_it(other_provider: Any, visitor: Any) -> None:
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()
    assert cookie_of(visitor) is None


def test_a_refused_answer_clears_it_too(other_provider: Any, visitor: Any) -> None:
    answer = other_provider.answer_to(visitor.begin(), iss="https://elsewhere.example.jp")
    assert visitor.get(answer).status_code == 400
    assert cookie_of(visitor) is None


def test_so_does_one_that_cannot_be_checked_because_the_provider_is_down(
    other_provider: Any, visitor: Any, world: World
) -> None:
    answer = other_provider.answer_to(visitor.begin())
    install_providers(world.app, world.settings)  # as in another process, which knows nothing yet
    other_provider.is_down = True
    assert visitor.get(answer).status_code == 503
    other_provider.is_down = False
    assert visitor.get(answer).status_code == 400


def test_whoever_puts_it_back_replays_a_code_that_the_provider_has_used_up(visitor: Any) -> None:
    answer = visitor.answer_for("staff@koriyama")
    kept = cookie_of(visitor)
    visitor.get(answer)
    visitor.sign_out()
    visitor.client.set_cookie(COOKIE, kept)
    assert visitor.get(answer).status_code == 400
    assert not visitor.is_signed_in()


def test_after_a_quarter_of_an_hour_it_is_worth_nothing(
    other_provider: Any, visitor: Any, world: World
) -> None:
    answer = other_provider.answer_to(visitor.begin())
    kept = cookie_of(visitor)
    world.clock.advance(minutes=15)
    visitor.client.set_cookie(COOKIE, kept)
    assert visitor.get(answer).status_code == 400
    assert other_provider.redeemed == []


def test_just_before_that_it_still_is(other_provider: Any, visitor: Any, world: World) -> None:
    answer = other_provider.answer_to(visitor.begin())
    world.clock.advance(minutes=14)
    visitor.get(answer)
    assert visitor.is_signed_in()


@pytest.mark.parametrize("change", ["cut", "changed", "nonsense", "of another use"])
def test_one_that_was_not_sealed_for_this_is_none(
    other_provider: Any, visitor: Any, change: str
) -> None:
    answer = other_provider.answer_to(visitor.begin())
    cookie = cookie_of(visitor)
    assert cookie is not None
    opened = keyring().open_sealed("identity pending sign-in", cookie)
    forged = {
        "cut": cookie[:-4],
        "changed": cookie[:30] + ("A" if cookie[30] != "A" else "B") + cookie[31:],
        "nonsense": "nonsense",
        "of another use": keyring().seal("another use", opened),
    }[change]
    visitor.client.set_cookie(COOKIE, forged)
    assert visitor.get(answer).status_code == 400
    assert other_provider.redeemed == []


def test_after_a_new_key_of_the_ring_a_sign_in_under_way_still_ends_well(
    other_provider: Any, visitor: Any
) -> None:
    answer = other_provider.answer_to(visitor.begin())
    keyring().rotate()
    visitor.get(answer)
    assert visitor.is_signed_in()


def test_of_too_many_the_newest_four_stay(world: World) -> None:
    pending = PendingSignIns("", world.clock())
    for number in range(6):
        pending.put(str(number), {"number": number})
    read = PendingSignIns(pending.sealed(), world.clock())
    found = [read.get(str(number)) for number in range(6)]
    assert found == [None, None, *({"number": number} for number in range(2, 6))]


def test_the_cookie_stays_below_what_browsers_keep_however_long_the_addresses(
    visitor: Any,
) -> None:
    for _ in range(4):
        visitor.begin("/ledger/?" + "x" * 1400)
        cookie = cookie_of(visitor)
        assert cookie is not None
        assert len(cookie) < 3900


@pytest.mark.parametrize("long", ["x" * 1600, "予" * 500])
def test_an_address_too_long_for_it_leads_home(
    other_provider: Any, visitor: Any, long: str
) -> None:
    answer = other_provider.answer_to(visitor.begin(f"/ledger/?{long}"))
    assert visitor.get(answer).location == "/"
    assert visitor.is_signed_in()


def test_one_from_the_future_is_none(world: World) -> None:
    pending = PendingSignIns("", world.clock() + timedelta(hours=1))
    pending.put("a-state", {})
    assert PendingSignIns(pending.sealed(), world.clock()).get("a-state") is None
    later = world.clock() + timedelta(hours=1) + LIFETIME
    assert PendingSignIns(pending.sealed(), later).get("a-state") is None


def test_a_page_that_begins_nothing_sets_no_cookie(visitor: Any) -> None:
    assert header(visitor.get("/sign-in")) == ""
    assert header(visitor.get("/sign-in/callback/1?code=a&state=b")) == ""
