"""The development provider keeps to the rules of a real one."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import KeySet

from niwari.clock import system_clock
from niwari.config import ConfigError, Settings, read_key
from niwari.db import connection
from niwari.identity.development import mount_development_provider
from niwari.identity.models import DevelopmentCode, DevelopmentKey
from niwari.identity.providers.relying_parties import install_providers

PROVIDER = "/development-provider"
VERIFIER = "v" * 50
REQUEST = {
    "response_type": "code",
    "client_id": "niwari",
    "redirect_uri": "http://localhost/sign-in/callback/1",
    "scope": "openid profile",
    "state": "a-state",
    "nonce": "a-nonce",
    "code_challenge": "CrlVwe1WSHWuTQYh3iczmx3aS-faRx6C92k9_hNxl4A",
    "code_challenge_method": "S256",
}


def authorize(**changes: str | None) -> str:
    """Return the address of an authorization request, with ``changes`` to a good one."""
    asked = {name: value for name, value in {**REQUEST, **changes}.items() if value is not None}
    return f"{PROVIDER}/authorize?{urlencode(asked)}"


def query(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def code(visitor: Any) -> str:
    """A code of staff@koriyama."""
    return query(visitor.fill_in(authorize(), username="staff@koriyama").location)["code"]


@pytest.fixture
def redeem(world: Any, visitor: Any) -> Callable[..., Any]:
    """Redeem a code as the client does, with changes."""
    secret = read_key(world.settings, "development_client")

    def post(
        code: str, *, secret: str = secret, client: Any = visitor.client, **changes: str
    ) -> Any:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REQUEST["redirect_uri"],
            "code_verifier": VERIFIER,
            **changes,
        }
        return client.post(f"{PROVIDER}/token", data=form, auth=("niwari", secret))

    return post


def test_it_refuses_to_be_made_in_production(world: Any) -> None:
    settings = Settings(home=world.settings.home, environment="production")
    with pytest.raises(ConfigError, match="never runs in production"):
        mount_development_provider(Flask("bare"), settings, world.clock)


@pytest.mark.parametrize("address", ["http://niwari.example.jp", "https://niwari.example.jp"])
@pytest.mark.parametrize("environment", ["demo", "test"])
def test_nobody_reaches_it_from_another_machine(world: Any, environment: str, address: str) -> None:
    with pytest.raises(ConfigError, match="without a password"):
        Settings(home=world.settings.home, environment=environment, base_url=address)


def test_its_metadata_promise_what_it_keeps(visitor: Any) -> None:
    found = visitor.get(f"{PROVIDER}/.well-known/openid-configuration").json
    assert found["issuer"] == "http://localhost/development-provider"
    assert found["code_challenge_methods_supported"] == ["S256"]
    assert found["authorization_response_iss_parameter_supported"] is True
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint"):
        assert found[name].startswith(f"{found['issuer']}/")


def test_it_publishes_public_keys_alone(visitor: Any) -> None:
    (key,) = visitor.get(f"{PROVIDER}/jwks").json["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None},
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
        {"nonce": None},
        {"response_type": "token"},
        {"prompt": "none"},
    ],
    ids=lambda changes: ",".join(f"{name}={value}" for name, value in changes.items()),
)
def test_a_request_against_the_rules_is_sent_back_with_an_error_and_the_issuer(
    visitor: Any, changes: dict[str, str | None]
) -> None:
    for response in (
        visitor.get(authorize(**changes)),
        visitor.client.post(authorize(**changes), data={"username": "staff@koriyama"}),
    ):
        assert response.status_code == 302
        answer = query(response.location)
        assert "error" in answer
        assert "code" not in answer
        assert answer["state"] == "a-state"
        assert answer["iss"] == "http://localhost/development-provider"


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://elsewhere.example.jp/"},
        {"redirect_uri": "http://localhost/sign-in/callback/2"},
        {"redirect_uri": "http://localhost/sign-in/callback"},
        {"client_id": "somebody-else"},
        {"client_id": None},
    ],
    ids=str,
)
def test_a_request_that_may_not_be_sent_back_ends_on_a_plain_page(
    visitor: Any, changes: dict[str, str | None]
) -> None:
    response = visitor.get(authorize(**changes))
    assert response.status_code == 400
    assert "受け付けられない要求です" in response.text
    assert "elsewhere" not in response.text


def test_an_unknown_account_is_named_beside_the_field(visitor: Any) -> None:
    response = visitor.fill_in(authorize(), username="nobody@koriyama")
    assert response.status_code == 422
    assert "「nobody@koriyama」というアカウントはありません。" in response.text
    assert 'aria-describedby="username-hint username-error" aria-invalid="true"' in response.text
    assert "アカウントを入力してください。" in visitor.fill_in(authorize(), username=" ").text


def test_an_account_ends_with_the_appointment(visitor: Any, leave: Callable[[str], None]) -> None:
    leave("staff@koriyama")
    assert visitor.fill_in(authorize(), username="staff@koriyama").status_code == 422


def test_what_was_typed_is_shown_as_text(visitor: Any) -> None:
    page = visitor.fill_in(authorize(), username='"><script>alert(1)</script>').text
    assert "<script>" not in page


def test_cancelling_sends_back_that_access_was_denied(visitor: Any) -> None:
    answer = query(visitor.fill_in(authorize(), username="", cancel="1").location)
    assert answer["error"] == "access_denied"
    assert answer["state"] == "a-state"
    assert answer["iss"] == "http://localhost/development-provider"


def test_cancelling_ends_on_a_page_that_says_so_and_signs_nobody_in(visitor: Any) -> None:
    cancelled = visitor.fill_in(visitor.begin(), username="staff@koriyama", cancel="1")
    response = visitor.get(cancelled.location)
    assert response.status_code == 400
    assert "サインインをやめました" in response.text
    assert not visitor.is_signed_in()


def test_a_code_buys_a_signed_token_that_says_who_it_is(
    visitor: Any, code: str, redeem: Callable[..., Any]
) -> None:
    response = redeem(code)
    assert response.status_code == 200
    keys = KeySet.import_key_set(visitor.get(f"{PROVIDER}/jwks").json)
    token = jwt.decode(response.json["id_token"], keys, algorithms=["RS256"])
    assert token.claims["iss"] == "http://localhost/development-provider"
    assert token.claims["aud"] == "niwari"
    assert token.claims["nonce"] == "a-nonce"
    assert token.claims["preferred_username"] == "staff@koriyama"
    assert token.claims["name"] == "職員一"
    assert token.claims["sub"] != "staff@koriyama"
    assert len(token.claims["sid"]) > 10
    assert 0 <= time.time() - token.claims["auth_time"] < 60


@pytest.mark.parametrize("asked", [{"prompt": "login"}, {"prompt": "login", "max_age": "0"}])
def test_it_asks_who_one_is_however_lately_one_was_there(
    visitor: Any, asked: dict[str, str]
) -> None:
    visitor.fill_in(authorize(), username="staff@koriyama")
    page = visitor.get(authorize(nonce="next", **asked))
    assert page.status_code == 200
    assert 'name="username"' in page.text


def test_a_code_is_stored_as_its_hash_alone(code: str) -> None:
    with connection():
        assert code not in str([row.__data__ for row in DevelopmentCode.select()])


def test_a_code_is_good_once(code: str, redeem: Callable[..., Any]) -> None:
    assert redeem(code).status_code == 200
    again = redeem(code)
    assert (again.status_code, again.json["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize("verifier", ["w" * 50, "v" * 10, ""])
def test_a_code_without_its_verifier_is_refused_and_used_up(
    code: str, redeem: Callable[..., Any], verifier: str
) -> None:
    assert redeem(code, code_verifier=verifier).status_code == 400
    assert redeem(code).json["error"] == "invalid_grant"


def test_a_code_runs_out_after_a_minute(code: str, redeem: Callable[..., Any]) -> None:
    with connection():
        (row,) = DevelopmentCode.select()
        assert row.expires_at - row.issued_at == timedelta(minutes=1)
        DevelopmentCode.update(expires_at=system_clock()).execute()
    assert redeem(code).json["error"] == "invalid_grant"


def test_a_code_is_refused_for_another_address(code: str, redeem: Callable[..., Any]) -> None:
    refused = redeem(code, redirect_uri="http://localhost/elsewhere")
    assert refused.json["error"] == "invalid_grant"


def test_a_code_is_refused_to_whoever_lacks_the_clients_secret(
    code: str, redeem: Callable[..., Any]
) -> None:
    refused = redeem(code, secret="a guess")
    assert (refused.status_code, refused.json["error"]) == (401, "invalid_client")
    assert redeem(code).status_code == 200


def test_another_process_redeems_the_code_with_the_same_key(
    world: Any, code: str, redeem: Callable[..., Any], visitor: Any
) -> None:
    other = Flask("other process")
    install_providers(other, world.settings)
    mount_development_provider(other, world.settings, world.clock)
    answer = redeem(code, client=other.test_client())
    assert answer.status_code == 200
    keys = KeySet.import_key_set(visitor.get(f"{PROVIDER}/jwks").json)
    assert jwt.decode(answer.json["id_token"], keys, algorithms=["RS256"])
    with connection():
        assert DevelopmentKey.select().count() == 1


def test_a_code_that_somebody_else_used_up_signs_nobody_in(
    visitor: Any, world: Any, redeem: Callable[..., Any]
) -> None:
    answer = visitor.answer_for("staff@koriyama")
    redeem(query(answer)["code"])
    response = visitor.get(answer)
    assert response.status_code == 400
    assert "サインインできませんでした" in response.text
    assert not visitor.is_signed_in()


def test_an_answer_that_was_used_is_refused_and_the_session_stays(visitor: Any) -> None:
    answer = visitor.answer_for("staff@koriyama")
    visitor.get(answer)
    assert visitor.get(answer).status_code == 400
    assert visitor.is_signed_in()


@pytest.mark.parametrize("year", [2020, 2040])
def test_sign_in_works_however_far_the_demos_clock_is_shifted(
    visitor: Any, world: Any, year: int
) -> None:
    world.clock.set(datetime(year, 6, 1, 9, 0, tzinfo=UTC))
    visitor.sign_in("staff@koriyama")
    assert visitor.is_signed_in()


def test_its_cookie_is_its_own(visitor: Any) -> None:
    header = visitor.fill_in(authorize(), username="staff@koriyama").headers["Set-Cookie"]
    assert header.startswith("niwari_development_provider=")
    assert {"HttpOnly", "Path=/development-provider", "SameSite=Lax"} <= set(header.split("; "))


def test_it_remembers_the_account_until_the_end_of_its_session(visitor: Any) -> None:
    visitor.fill_in(authorize(), username="staff@koriyama")
    assert 'value="staff@koriyama"' in visitor.get(authorize(nonce="next")).text
    ended = visitor.get(f"{PROVIDER}/end-session")
    assert "サインアウトしました" in ended.text
    assert 'value="staff@koriyama"' not in visitor.get(authorize(nonce="next")).text


def test_after_the_end_of_its_session_it_sends_nobody_elsewhere(
    visitor: Any, code: str, redeem: Callable[..., Any]
) -> None:
    asked = {
        "client_id": "niwari",
        "id_token_hint": redeem(code).json["id_token"],
        "post_logout_redirect_uri": "https://elsewhere.example.jp/",
    }
    assert visitor.get(f"{PROVIDER}/end-session?{urlencode(asked)}").status_code == 200
    asked["post_logout_redirect_uri"] = "http://localhost/signed-out"
    sent = visitor.get(f"{PROVIDER}/end-session?{urlencode(asked)}")
    assert sent.location == "http://localhost/signed-out"


def test_its_pages_may_load_nothing_but_style_sheets_of_this_installation(visitor: Any) -> None:
    response = visitor.get(authorize())
    assert "default-src 'none'; style-src 'self'" in response.headers["Content-Security-Policy"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "<script" not in response.text
    assert "style=" not in response.text
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', response.text)
    with visitor.get(urljoin(f"{PROVIDER}/authorize", sheet)) as found:
        assert found.status_code == 200
