"""Logout that begins at the provider (OpenID Connect Back-Channel Logout 1.0)."""

import base64
import logging
import time
from collections.abc import Callable
from typing import Any

import pytest
from joserfc.jwk import KeySet

from niwari.audit.models import AuditEntry
from niwari.db import connection
from niwari.directory.models import Appointment, Municipality, Section
from niwari.identity.models import Session, UsedLogoutToken
from niwari.identity.protocol.logout_token import EVENT
from niwari.identity.sessions.stored import purge_expired
from niwari.testing.world import SUKAGAWA, World

Say = Callable[..., Any]


@pytest.fixture
def say(world: World, other_provider: Any) -> Say:
    """Send a logout token as a provider does: from a machine, without a cookie."""
    address = f"/sign-in/back-channel-logout/{other_provider.id}"

    def post(token: str) -> Any:
        return world.anonymous().post(address, data={"logout_token": token})

    return post


@pytest.fixture
def signed_in(other_provider: Any, visitor: Any) -> Any:
    """A browser in which "subject-1" is signed in, in the provider's session "sid-1"."""
    other_provider.claims = {"sid": "sid-1"}
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()
    return visitor


def test_a_good_token_ends_the_session_that_it_names(
    other_provider: Any, signed_in: Any, say: Say
) -> None:
    answer = say(other_provider.logout_token())
    assert (answer.status_code, answer.text) == (200, "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not signed_in.is_signed_in()
    with connection():
        assert Session.select().count() == 0


def test_the_audit_of_the_town_says_that_the_provider_ended_it(
    world: World, other_provider: Any, signed_in: Any, say: Say
) -> None:
    session_id = Session.get().id
    say(other_provider.logout_token())
    (entry,) = AuditEntry.select().where(AuditEntry.action == "identity.provider_logout")
    assert (entry.object_kind, entry.object_id) == ("session", session_id)
    assert (entry.actor, entry.actor_id) == ("identity.provider", None)
    assert entry.municipality_id == world.ctx_for("staff@koriyama").municipality.id


def sign_in_again(other_provider: Any, browser: Any, **claims: Any) -> Any:
    other_provider.claims = claims
    browser.get(other_provider.answer_to(browser.begin()))
    assert browser.is_signed_in()
    return browser


def test_a_session_on_another_device_goes_on(
    other_provider: Any, signed_in: Any, another_visitor: Any, say: Say
) -> None:
    other = sign_in_again(other_provider, another_visitor, sid="sid-2")
    assert say(other_provider.logout_token(sub=None)).status_code == 200
    assert not signed_in.is_signed_in()
    assert other.is_signed_in()


def test_a_token_that_names_the_person_alone_ends_all_of_their_sessions(
    other_provider: Any, signed_in: Any, another_visitor: Any, say: Say
) -> None:
    other = sign_in_again(other_provider, another_visitor, sid="sid-2")
    say(other_provider.logout_token(sid=None))
    assert not signed_in.is_signed_in()
    assert not other.is_signed_in()


def test_sessions_that_the_provider_gave_no_name_end_with_the_person(
    other_provider: Any, visitor: Any, say: Say
) -> None:
    sign_in_again(other_provider, visitor)
    assert say(other_provider.logout_token(sub=None)).status_code == 200
    assert visitor.is_signed_in()
    assert say(other_provider.logout_token(jti="another")).status_code == 200
    assert not visitor.is_signed_in()


def test_a_colleague_stays_signed_in(
    other_provider: Any, signed_in: Any, another_visitor: Any, say: Say
) -> None:
    colleague = sign_in_again(
        other_provider, another_visitor, sub="subject-2", preferred_username="head@koriyama"
    )
    say(other_provider.logout_token(sid=None))
    assert colleague.is_signed_in()


def test_the_session_of_one_person_does_not_end_in_the_name_of_another(
    other_provider: Any, signed_in: Any, say: Say
) -> None:
    assert say(other_provider.logout_token(sub="subject-2")).status_code == 200
    assert signed_in.is_signed_in()


def test_sessions_of_another_provider_go_on(
    world: World, other_provider: Any, signed_in: Any, say: Say
) -> None:
    Session.update(issuer="https://elsewhere.example.jp").execute()
    assert say(other_provider.logout_token()).status_code == 200
    assert signed_in.is_signed_in()


def test_a_session_in_another_post_of_the_person_ends_too(
    world: World, other_provider: Any, signed_in: Any, say: Say
) -> None:
    town = Municipality.get(Municipality.code == SUKAGAWA)
    post = Appointment.insert(
        person=world.ctx_for("staff@koriyama").person_id,
        municipality=town,
        section=Section.get(Section.municipality == town),
        employment="full_time",
        starts_on=world.ctx_for("staff@koriyama").today,
        is_main=False,
    ).execute()
    signed_in.client.submit(f"/my/acting/{post}", {}, form_at="/my/acting")
    say(other_provider.logout_token(sid=None))
    assert not signed_in.is_signed_in()
    (entry,) = AuditEntry.select().where(AuditEntry.action == "identity.provider_logout")
    assert entry.municipality_id == town.id


def test_whoever_has_signed_out_already_is_signed_out(
    other_provider: Any, signed_in: Any, say: Say
) -> None:
    signed_in.sign_out()
    assert say(other_provider.logout_token()).status_code == 200


def test_a_token_is_good_once(other_provider: Any, signed_in: Any, say: Say) -> None:
    token = other_provider.logout_token()
    assert say(token).status_code == 200
    sign_in_again(other_provider, signed_in, sid="sid-1")
    again = say(token)
    assert (again.status_code, again.json) == (400, {"error": "invalid_request"})
    assert again.headers["Cache-Control"] == "no-store"
    assert signed_in.is_signed_in()


def test_a_used_token_is_remembered_until_it_has_expired(
    world: World, other_provider: Any, say: Say
) -> None:
    assert say(other_provider.logout_token()).status_code == 200
    world.clock.advance(seconds=120)
    purge_expired(world.clock())
    assert UsedLogoutToken.select().count() == 1
    world.clock.advance(seconds=31)
    purge_expired(world.clock())
    assert UsedLogoutToken.select().count() == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://elsewhere.example.jp"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": ["somebody-else"]},
        {"aud": []},
        {"aud": {"niwari-test": 1}},
        {"aud": None},
        {"iat": None},
        {"iat": 4_000_000_000},
        {"iat": True},
        {"nbf": 4_000_000_000},
        {"exp": None},
        {"exp": 1_600_000_000},
        {"exp": 4_000_000_000},
        {"exp": float("1e300")},
        {"exp": 10**400},
        {"exp": float("nan")},
        {"iat": float("nan")},
        {"exp": "soon"},
        {"jti": None},
        {"jti": ""},
        {"jti": 7},
        {"jti": "x" * 256},
        {"sub": None, "sid": None},
        {"sub": "", "sid": ""},
        {"sub": ["subject-1"]},
        {"sid": "x" * 201},
        {"nonce": "a-nonce"},
        {"nonce": ""},
        {"events": None},
        {"events": {}},
        {"events": [EVENT]},
        {"events": {EVENT: None}},
        {"events": {EVENT: "yes"}},
    ],
    ids=lambda claims: ",".join(f"{name}={str(value)[-20:]}" for name, value in claims.items()),
)
def test_a_token_with_wrong_claims_is_refused_and_nobody_signed_out(
    other_provider: Any, signed_in: Any, say: Say, claims: dict[str, Any]
) -> None:
    answer = say(other_provider.logout_token(**claims))
    assert (answer.status_code, answer.json) == (400, {"error": "invalid_request"})
    assert signed_in.is_signed_in()


@pytest.mark.parametrize("forge", ["none", "public key as secret", "other key", "unknown key"])
def test_a_token_with_a_forged_signature_is_refused(
    other_provider: Any, signed_in: Any, say: Say, forge: str
) -> None:
    other_provider.forge = forge
    assert say(other_provider.logout_token()).status_code == 400
    assert signed_in.is_signed_in()


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({"typ": "logout+jwt"}, 200),
        ({"typ": "Logout+JWT"}, 200),
        ({"typ": "application/logout+jwt"}, 200),
        ({"typ": "JWT"}, 200),
        ({"typ": "at+jwt"}, 400),
    ],
    ids=str,
)
def test_its_type_is_that_of_a_logout_token_where_it_names_one(
    other_provider: Any, say: Say, header: dict[str, Any], status: int
) -> None:
    assert say(other_provider.logout_token(header=header)).status_code == status


@pytest.mark.parametrize("token", ["", "nonsense", "a.b.c", "..", "x" * 20_000, "ほ"])
def test_what_is_no_token_is_refused(
    other_provider: Any, signed_in: Any, say: Say, token: str
) -> None:
    assert say(token).status_code == 400
    assert signed_in.is_signed_in()


def test_a_token_that_is_nested_without_end_is_no_token(
    other_provider: Any, signed_in: Any, say: Say
) -> None:
    endless = base64.urlsafe_b64encode(b"[" * 9_000).decode()
    assert say(f"{endless}.e30.e30").status_code == 400


def test_an_id_token_is_no_logout_token(other_provider: Any, signed_in: Any, say: Say) -> None:
    assert say(other_provider._id_token()).status_code == 400
    assert signed_in.is_signed_in()


def test_a_token_in_the_address_is_not_looked_at(
    world: World, other_provider: Any, signed_in: Any
) -> None:
    address = f"/sign-in/back-channel-logout/{other_provider.id}?logout_token={other_provider.logout_token()}"
    assert world.anonymous().post(address).status_code == 400
    assert world.anonymous().get(address).status_code == 405
    assert signed_in.is_signed_in()


@pytest.mark.parametrize(("seconds_ago", "status"), [(10, 200), (60, 400)])
def test_a_token_that_has_run_out_is_taken_for_another_half_minute(
    other_provider: Any, say: Say, seconds_ago: int, status: int
) -> None:
    exp = int(time.time()) - seconds_ago
    assert say(other_provider.logout_token(exp=exp)).status_code == status


def test_a_new_key_of_the_provider_is_found_and_unknown_ones_do_not_make_us_ask_each_time(
    other_provider: Any, signed_in: Any, say: Say, key: Any
) -> None:
    before = other_provider.asked.count("/jwks")
    other_provider.forge = "unknown key"
    for number in range(5):
        assert say(other_provider.logout_token(jti=str(number))).status_code == 400
    assert other_provider.asked.count("/jwks") == before + 1


def test_after_a_change_of_keys_the_first_token_is_believed(
    other_provider: Any, signed_in: Any, say: Say, key: Any
) -> None:
    other_provider.published = KeySet([key(2)]).as_dict()
    other_provider.forge = "unknown key"
    assert say(other_provider.logout_token()).status_code == 200
    assert not signed_in.is_signed_in()


def test_while_the_provider_is_down_it_is_told_to_come_again(other_provider: Any, say: Say) -> None:
    other_provider.is_down = True
    assert say(other_provider.logout_token()).status_code == 503
    other_provider.is_down = False
    assert say(other_provider.logout_token()).status_code == 200


@pytest.mark.slow
def test_a_flood_of_tokens_is_stopped(world: World, other_provider: Any, say: Say) -> None:
    statuses = [say("nonsense").status_code for _ in range(world.settings.sign_ins_per_address + 1)]
    assert set(statuses[:-1]) == {400}
    assert statuses[-1] == 429


def test_the_log_says_why_and_repeats_nothing_of_the_token(
    other_provider: Any, say: Say, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = [
        other_provider.logout_token(),
        other_provider.logout_token(),
        other_provider.logout_token(aud="somebody-else", jti="another"),
    ]
    with caplog.at_level(logging.DEBUG):
        for token in tokens:
            say(token)
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "peewee")
    assert "the token was used before" in said
    assert "the token is for somebody else" in said
    for secret in ("eyJ", "a-jti", "sid-1", "subject-1", 'somebody-else"'):
        assert secret not in said


@pytest.mark.parametrize("named", [{}, {"sub": None}, {"sid": None}], ids=["both", "sid", "sub"])
def test_the_sessions_are_found_by_indexes(
    other_provider: Any, signed_in: Any, say: Say, plans: Any, named: dict[str, Any]
) -> None:
    token = other_provider.logout_token(**named)
    assert plans(lambda: say(token)) == []
