"""What a provider, or somebody in its place, may send: forged, replayed, cancelled, broken."""

import base64
import hashlib
import logging
import time
from typing import Any

import pytest
from joserfc.jwk import KeySet

from niwari.db import connection
from niwari.identity.models import Session

_HEADER = base64.urlsafe_b64encode(b'{"alg": "RS256", "kid": "key-1"}').decode().rstrip("=")


def refused(response: Any, status: int = 400) -> bool:
    """Tell whether a sign-in ended on a plain page with a way to try again."""
    return (
        response.status_code == status
        and 'href="/sign-in"' in response.text
        and "もう一度サインインする" in response.text
    )


def test_a_good_answer_signs_in(other_provider: Any, visitor: Any) -> None:
    response = visitor.get(other_provider.answer_to(visitor.begin("/ledger/")))
    assert response.location == "/ledger/"
    assert visitor.is_signed_in()


def test_the_request_asks_for_a_code_with_state_nonce_and_pkce(
    other_provider: Any, visitor: Any
) -> None:
    first = other_provider.parameters(visitor.begin())
    second = other_provider.parameters(visitor.begin())
    assert first["response_type"] == "code"
    assert first["scope"] == "openid profile"
    assert first["redirect_uri"] == f"http://localhost{other_provider.callback}"
    assert first["code_challenge_method"] == "S256"
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 20
        assert first[name] != second[name]


def test_the_code_is_redeemed_with_the_verifier_of_its_challenge(
    other_provider: Any, visitor: Any
) -> None:
    asked = visitor.begin()
    visitor.get(other_provider.answer_to(asked))
    (form,) = other_provider.redeemed
    assert form["code"] == "a-code"
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert challenge == other_provider.parameters(asked)["code_challenge"]


@pytest.mark.parametrize(
    "changes",
    [
        {"state": "another"},
        {"state": None},
        {"code": None},
        {"iss": None},
        {"iss": "https://elsewhere.example.jp"},
        {"code": None, "error": "access_denied"},
        {"code": None, "error": "server_error", "error_description": "<script>"},
    ],
    ids=lambda changes: ",".join(f"{name}={value}" for name, value in changes.items()),
)
def test_an_answer_that_is_not_the_one_asked_for_is_refused(
    other_provider: Any, visitor: Any, changes: dict[str, str | None]
) -> None:
    response = visitor.get(other_provider.answer_to(visitor.begin(), **changes))
    assert refused(response)
    assert "<script>" not in response.text
    assert other_provider.redeemed == []
    assert not visitor.is_signed_in()


def test_a_cancelled_sign_in_is_called_cancelled(other_provider: Any, visitor: Any) -> None:
    answer = other_provider.answer_to(visitor.begin(), code=None, error="access_denied")
    assert "サインインをやめました" in visitor.get(answer).text


def test_an_answer_without_issuer_is_taken_where_the_provider_does_not_promise_one(
    other_provider: Any, visitor: Any
) -> None:
    other_provider.metadata = {"authorization_response_iss_parameter_supported": None}
    visitor.get(other_provider.answer_to(visitor.begin(), iss=None))
    assert visitor.is_signed_in()


def test_an_answer_is_good_once(other_provider: Any, visitor: Any) -> None:
    answer = other_provider.answer_to(visitor.begin())
    visitor.get(answer)
    assert refused(visitor.get(answer))
    assert len(other_provider.redeemed) == 1


def test_an_answer_that_was_refused_is_used_up_too(other_provider: Any, visitor: Any) -> None:
    asked = visitor.begin()
    visitor.get(other_provider.answer_to(asked, iss="https://elsewhere.example.jp"))
    assert refused(visitor.get(other_provider.answer_to(asked)))
    assert not visitor.is_signed_in()


def test_an_answer_belongs_to_the_browser_that_asked(
    other_provider: Any, visitor: Any, another_visitor: Any
) -> None:
    answer = other_provider.answer_to(visitor.begin())
    another_visitor.begin()
    assert refused(another_visitor.get(answer))
    assert not another_visitor.is_signed_in()


def test_a_browser_that_has_never_begun_is_refused_without_asking_the_provider(
    other_provider: Any, visitor: Any
) -> None:
    assert refused(visitor.get(f"{other_provider.callback}?code=a&state=b"))
    assert other_provider.asked == []
    with connection():
        assert Session.select().count() == 0


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://elsewhere.example.jp"},
        {"iss": None},
        {"aud": "somebody-else"},
        {"aud": []},
        {"aud": ["somebody-else"], "azp": "niwari-test"},
        {"aud": ["niwari-test", "somebody-else"]},
        {"aud": 7, "azp": "niwari-test"},
        {"aud": {"niwari-test": 1}, "azp": "niwari-test"},
        {"aud": "niwari-test", "azp": "somebody-else"},
        {"aud": None},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"iat": 4_000_000_000},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": 7},
        {"sub": "x" * 256},
        {"preferred_username": ["staff@koriyama"]},
        {"at_hash": "wrong"},
    ],
    ids=lambda claims: ",".join(f"{name}={str(value)[:20]}" for name, value in claims.items()),
)
def test_a_token_with_wrong_claims_is_refused(
    other_provider: Any, visitor: Any, claims: dict[str, Any]
) -> None:
    other_provider.claims = claims
    assert refused(visitor.get(other_provider.answer_to(visitor.begin())))
    assert not visitor.is_signed_in()


@pytest.mark.parametrize(("seconds_ago", "is_taken"), [(10, True), (60, False)])
def test_a_token_that_has_run_out_is_taken_for_another_half_minute(
    other_provider: Any, visitor: Any, seconds_ago: int, is_taken: bool
) -> None:
    other_provider.claims = {"exp": int(time.time()) - seconds_ago}
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in() is is_taken


@pytest.mark.parametrize("forge", ["none", "public key as secret", "other key", "unknown key"])
def test_a_token_with_a_forged_signature_is_refused(
    other_provider: Any, visitor: Any, forge: str
) -> None:
    other_provider.forge = forge
    # Also where the provider itself claims to sign like that.
    other_provider.metadata = {"id_token_signing_alg_values_supported": ["none", "HS256", "RS256"]}
    assert refused(visitor.get(other_provider.answer_to(visitor.begin())))
    assert not visitor.is_signed_in()


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "invalid_grant"}),
        (200, {"access_token": "a", "token_type": "Bearer"}),
        (200, {"access_token": "a", "token_type": "Bearer", "id_token": "nonsense"}),
        (200, {"access_token": "a", "token_type": "Bearer", "id_token": 7}),
        (200, []),
        (200, {}),
    ],
)
def test_an_answer_of_the_token_endpoint_without_a_token_is_refused(
    other_provider: Any, visitor: Any, status: int, body: Any
) -> None:
    other_provider.token_answer = (status, body)
    assert refused(visitor.get(other_provider.answer_to(visitor.begin())))
    assert not visitor.is_signed_in()


def test_a_token_that_is_too_long_to_be_kept_is_refused(other_provider: Any, visitor: Any) -> None:
    other_provider.claims = {"groups": ["a group of the town hall"] * 1500}
    assert refused(visitor.get(other_provider.answer_to(visitor.begin())))
    other_provider.claims = {"groups": ["a group of the town hall"] * 500}
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()


@pytest.mark.parametrize("nested", ["header", "body", "answer"])
def test_what_is_nested_without_end_is_refused_like_anything_malformed(
    other_provider: Any, visitor: Any, nested: str
) -> None:
    endless = "[" * 100_000
    part = base64.urlsafe_b64encode(endless.encode()).decode()
    token = f"{part}.e30.e30" if nested == "header" else f"{_HEADER}.{part}.e30"
    other_provider.token_answer = (
        200,
        endless
        if nested == "answer"
        else {"access_token": "a", "token_type": "Bearer", "id_token": token},
    )
    assert refused(visitor.get(other_provider.answer_to(visitor.begin())))
    assert not visitor.is_signed_in()


@pytest.mark.parametrize("published", [{"keys": []}, {}, [], {"keys": [{"kty": "RSA"}]}])
def test_after_one_wrong_answer_about_its_keys_the_provider_is_asked_again(
    other_provider: Any, visitor: Any, published: Any
) -> None:
    good = other_provider.published
    other_provider.published = published
    assert refused(visitor.get(other_provider.answer_to(visitor.begin())))
    other_provider.published = good
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()


def test_a_new_key_of_the_provider_is_found(other_provider: Any, visitor: Any, key: Any) -> None:
    other_provider.published = KeySet([key(2)]).as_dict()
    assert refused(visitor.get(other_provider.answer_to(visitor.begin())))
    visitor.get(other_provider.answer_to(visitor.begin()))
    other_provider.published = KeySet([key(2), key(1)]).as_dict()
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()


def test_metadata_and_keys_are_asked_for_once(
    other_provider: Any, visitor: Any, another_visitor: Any
) -> None:
    for browser in (visitor, another_visitor):
        browser.get(other_provider.answer_to(browser.begin()))
        assert browser.is_signed_in()
    assert other_provider.asked.count("/.well-known/openid-configuration") == 1
    assert other_provider.asked.count("/jwks") == 1


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example.jp"},
        {"token_endpoint": None},
        {"token_endpoint": "http://provider.example.jp/token"},
        {"jwks_uri": 7},
        {"jwks_uri": "https://169.254.169.254/latest/meta-data/"},
        {"token_endpoint": "https://10.0.0.7/token"},
        {"end_session_endpoint": "https://evil.example/out"},
        {"authorization_endpoint": "https://provider.example.jp@evil.example/authorize"},
        {"id_token_signing_alg_values_supported": ["none", "HS256"]},
    ],
    ids=str,
)
def test_a_provider_with_unusable_metadata_is_unavailable(
    other_provider: Any, visitor: Any, metadata: dict[str, Any]
) -> None:
    other_provider.metadata = metadata
    assert refused(visitor.get("/sign-in/start"), 503)
    other_provider.metadata = {}
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()


def test_while_the_provider_is_down_people_are_told_and_afterwards_it_works(
    other_provider: Any, visitor: Any
) -> None:
    other_provider.is_down = True
    response = visitor.get("/sign-in/start")
    assert refused(response, 503)
    assert "しばらくしてから" in response.text
    with connection():
        assert Session.select().count() == 0
    other_provider.is_down = False
    answer = other_provider.answer_to(visitor.begin())
    other_provider.is_down = True
    assert refused(visitor.get(answer), 503)
    other_provider.is_down = False
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.is_signed_in()


def test_signing_out_works_where_the_provider_cannot_end_its_session(
    other_provider: Any, visitor: Any
) -> None:
    visitor.get(other_provider.answer_to(visitor.begin()))
    assert visitor.sign_out().location == "/signed-out"
    assert not visitor.is_signed_in()


def test_two_tabs_may_sign_in_side_by_side(other_provider: Any, visitor: Any) -> None:
    first = visitor.begin("/ledger/")
    visitor.begin("/consult/")
    assert visitor.get(other_provider.answer_to(first)).location == "/ledger/"


def test_beginning_again_and_again_keeps_the_last_few_alone(
    other_provider: Any, visitor: Any
) -> None:
    begun = [visitor.begin() for _ in range(12)]
    assert refused(visitor.get(other_provider.answer_to(begun[0])))
    visitor.get(other_provider.answer_to(begun[-1]))
    assert visitor.is_signed_in()


def test_no_secret_is_logged_however_talkative_the_log(
    other_provider: Any, visitor: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        asked = visitor.begin()
        visitor.get(other_provider.answer_to(asked))
        other_provider.claims = {"nonce": "another"}
        visitor.sign_out()
        visitor.get(other_provider.answer_to(visitor.begin()))
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "peewee")
    assert "sign-in failed" in said
    secrets = [form["code_verifier"] for form in other_provider.redeemed]
    for secret in (*secrets, "a secret of the test", "a-code", "opens-nothing", "eyJ"):
        assert secret not in said
