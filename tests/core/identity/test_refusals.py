"""What comes with a sign-in and must not be believed: addresses, hosts, tokens in addresses, logs.

Forged answers and tokens are in test_forged_answers.py and test_provider_logout.py, planted sessions in
test_web_session.py.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from niwari.app import create_app
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.db import connection
from niwari.identity.models import Session
from niwari.keyring import open_keyring
from niwari.testing.world import World

PAGE = {"Accept": "text/html"}

ELSEWHERE = (
    "https://evil.example/",
    "HTTPS://evil.example/",
    "https:evil.example",
    "https:/evil.example",
    "//evil.example/",
    "///evil.example/",
    "////evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "\\/evil.example/",
    "/\\/evil.example/",
    "//\\evil.example/",
    "/\t/evil.example/",
    "/\n/evil.example/",
    "\t//evil.example/",
    " //evil.example/",
    "/ /evil.example/",
    "/\x00/evil.example/",
    "/\x7f/evil.example/",
    "%2f%2fevil.example/",
    "%5c%5cevil.example/",
    "／／evil.example/",
    "//evil.example@localhost/",
    "//localhost@evil.example/",
    "http://localhost.evil.example/",
    "http://localhost@evil.example/",
    "http://localhost:80@evil.example/",
    "http:///evil.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "?next=//evil.example/",
    "evil.example",
    "/ledger/\r\nLocation: //evil.example/",
    "//[evil/",
)

# Odd, but paths of this installation: nothing is decoded twice.
HERE = (
    "/%2f/evil.example/",
    "/%2f%2fevil.example/",
    "/%5cevil.example/",
    "/%09/evil.example/",
    "/@evil.example/",
    "/.//evil.example/",
    "/;//evil.example/",
    "/ledger/?next=//evil.example/",
    "/ledger/#//evil.example/",
    "/予定/",
)


def host_of(location: str) -> str:
    """Where a browser goes that is sent to ``location``: it takes a backslash for a slash."""
    assert not any(ord(char) <= 0x20 for char in location)
    return urlsplit(urljoin("http://localhost/sign-in", location.replace("\\", "/"))).netloc


@pytest.mark.parametrize("address", ELSEWHERE, ids=ascii)
def test_an_address_elsewhere_leads_home_from_every_page_that_takes_one(
    other_provider: Any, visitor: Any, address: str
) -> None:
    wanted = {"next": address}
    page = visitor.get("/sign-in", query_string=wanted)
    assert '<a href="/sign-in/start?next=/"' in page.text
    begun = visitor.get("/sign-in/start", query_string=wanted).location
    assert visitor.get(other_provider.answer_to(begun)).location == "/"
    for signed_in in ("/sign-in", "/sign-in/start"):
        assert visitor.get(signed_in, query_string=wanted).location == "/"
    assert 'href="/my/confirm/start?next=/"' in visitor.get("/my/confirm", query_string=wanted).text


@pytest.mark.parametrize("address", HERE, ids=ascii)
def test_an_odd_address_of_this_installation_stays_on_it(
    other_provider: Any, visitor: Any, address: str
) -> None:
    begun = visitor.get("/sign-in/start", query_string={"next": address}).location
    assert host_of(visitor.get(other_provider.answer_to(begun)).location) == "localhost"
    assert host_of(visitor.get("/sign-in", query_string={"next": address}).location) == "localhost"


def test_of_two_addresses_the_first_alone_is_looked_at(other_provider: Any, visitor: Any) -> None:
    begun = visitor.get("/sign-in/start?next=/ledger/&next=//evil.example/").location
    assert visitor.get(other_provider.answer_to(begun)).location == "/ledger/"


@pytest.mark.parametrize("name", ["niwari_session", "session", "token", "access_token", "id_token"])
def test_a_token_in_an_address_opens_nothing(world: World, visitor: Any, name: str) -> None:
    visitor.sign_in("staff@koriyama")
    address = f"/?{name}={visitor.token}"
    assert world.anonymous().get(address).status_code == 401
    assert (
        world.anonymous().get("/", headers={"Authorization": f"Bearer {visitor.token}"}).status_code
        == 401
    )


@pytest.mark.parametrize("is_good", [True, False])
def test_the_answers_address_with_its_code_is_told_to_nobody(
    other_provider: Any, visitor: Any, is_good: bool
) -> None:
    state = {} if is_good else {"state": "another"}
    response = visitor.get(other_provider.answer_to(visitor.begin(), **state))
    assert response.status_code == (302 if is_good else 400)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "a-code" not in response.text


def test_a_form_cannot_stand_in_for_the_providers_answer(visitor: Any) -> None:
    assert visitor.client.post("/sign-in/callback/1", data={"code": "a"}).status_code == 405


BAD: dict[str, dict[str, Any]] = {
    "wrong issuer": {"claims": {"iss": "https://elsewhere.example.jp"}},
    "wrong audience": {"claims": {"aud": "somebody-else"}},
    "foreign azp": {"claims": {"azp": "somebody-else"}},
    "wrong nonce": {"claims": {"nonce": "another"}},
    "expired": {"claims": {"exp": 1_600_000_000}},
    "not yet valid": {"claims": {"nbf": 4_000_000_000}},
    "from the future": {"claims": {"iat": 4_000_000_000}},
    "wrong signature": {"forge": "other key"},
    "unknown key": {"forge": "unknown key"},
    "algorithm none": {"forge": "none"},
    "public key as secret": {"forge": "public key as secret"},
    "no token": {"token_answer": (200, {"access_token": "opens-nothing", "token_type": "Bearer"})},
    "used code": {"token_answer": (400, {"error": "invalid_grant", "error_description": "a-code"})},
    "stranger": {"claims": {"preferred_username": "stranger@koriyama"}},
    "wrong state": {"answer": {"state": "another"}},
    "wrong issuer of the answer": {"answer": {"iss": "https://elsewhere.example.jp"}},
    "provider's error": {"answer": {"error": "server_error", "error_description": "a-code"}},
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_signs_nobody_in_and_its_secrets_are_not_logged(
    other_provider: Any, visitor: Any, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    bad = dict(BAD[name])
    changes = bad.pop("answer", {})
    for what, value in bad.items():
        setattr(other_provider, what, value)
    with caplog.at_level(logging.DEBUG):
        asked = other_provider.parameters(begun := visitor.begin())
        cookie = visitor.client.get_cookie("niwari_sign_in").value
        response = visitor.get(other_provider.answer_to(begun, **changes))
    assert response.status_code == (403 if name == "stranger" else 400)
    assert not visitor.is_signed_in()
    with connection():
        assert Session.select().count() == 0
    said = "\n".join(record.getMessage() for record in caplog.records if record.name != "peewee")
    assert "sign-in" in said
    verifiers = [form["code_verifier"] for form in other_provider.redeemed]
    for secret in (
        *(asked[kind] for kind in ("state", "nonce", "code_challenge")),
        *verifiers,
        cookie,
        "a-code",
        "opens-nothing",
        "eyJ",
        "a secret of the test",
        "subject-1",
        "staff@koriyama",
    ):
        assert secret not in said


# -- hosts ----------------------------------------------------------------------------------------

STEPS = ("/sign-in", "/sign-in/start", "/sign-in/callback/1?code=a&state=b", "/my/confirm")


@pytest.fixture
def behind(database_url: str, clock: FrozenClock, tmp_path: Path) -> Callable[[int], Any]:
    """Make a client of an installation behind so many trusted proxies."""

    def make(proxies: int) -> Any:
        settings = Settings(
            home=tmp_path,
            environment="test",
            database_url=database_url,
            base_url="http://localhost",
            trusted_proxies=proxies,
        )
        open_keyring(settings).make_first()
        return create_app(settings, clock=clock).test_client()

    return make


def names_nobody_else(response: Any) -> bool:
    return "evil" not in f"{response.headers}{response.get_data(as_text=True)}"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"},
        {"X-Forwarded-Server": "evil.example", "X-Host": "evil.example"},
        {"Forwarded": "host=evil.example;proto=https"},
        {"X-Original-URL": "http://evil.example/", "X-Rewrite-URL": "//evil.example/"},
        {"X-Forwarded-Prefix": "//evil.example"},
    ],
    ids=lambda headers: ",".join(headers),
)
def test_without_a_trusted_proxy_nobody_says_by_a_header_where_we_are(
    behind: Callable[[int], Any], headers: dict[str, str]
) -> None:
    client = behind(0)
    for step in STEPS:
        plain, forged = client.get(step), client.get(step, headers=headers)
        assert forged.status_code == plain.status_code, step
        assert names_nobody_else(forged), step


@pytest.mark.parametrize(
    ("proxies", "headers"),
    [
        (0, {"Host": "evil.example"}),
        (1, {"Host": "evil.example"}),
        (1, {"X-Forwarded-Host": "evil.example"}),
        (1, {"X-Forwarded-Host": "localhost@evil.example"}),
        (1, {"X-Forwarded-Host": "localhost, evil.example"}),
    ],
    ids=str,
)
def test_a_forged_host_gets_nothing_also_where_a_trusted_proxy_passed_it_on_unseen(
    behind: Callable[[int], Any], proxies: int, headers: dict[str, str]
) -> None:
    client = behind(proxies)
    for step in STEPS:
        response = client.get(step, headers=headers)
        assert response.status_code == 400, step
        assert {"Location", "Set-Cookie"}.isdisjoint(response.headers.keys()), step
        assert names_nobody_else(response), step


def test_where_the_answer_goes_is_written_in_the_settings_and_in_no_request(
    behind: Callable[[int], Any],
) -> None:
    headers = {"X-Forwarded-Host": "localhost", "X-Forwarded-Prefix": "/evil"}
    begun = behind(1).get("/sign-in/start", headers=headers).location
    (redirect_uri,) = parse_qs(urlsplit(begun).query)["redirect_uri"]
    assert redirect_uri == "http://localhost/sign-in/callback/1"


def test_a_provider_is_answered_under_our_own_name_alone(behind: Callable[[int], Any]) -> None:
    client = behind(0)
    address = "/sign-in/back-channel-logout/1"
    assert client.post(address, headers={"Host": "evil.example"}).status_code == 400
    assert client.post(address).json == {"error": "invalid_request"}
