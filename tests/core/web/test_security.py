"""Headers, hosts and form tokens: what every answer carries, and what is not answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from niwari.app import create_app
from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.db import connection, open_database
from niwari.identity.models import Provider, Session
from niwari.keyring import open_keyring
from niwari.testing.workshop import Workshop
from niwari.testing.world import World

Open = Callable[..., Flask]

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

PAGE = {"Accept": "text/html"}
STYLE = "/static/niwari/tokens.css"


@pytest.fixture
def application(database_url: str, clock: FrozenClock, tmp_path: Path) -> Open:
    """Make an application with settings of its own."""

    def make(**settings: Any) -> Flask:
        values = {"environment": "test", "base_url": "http://localhost", **settings}
        made = Settings(home=tmp_path / "home", database_url=database_url, **values)
        open_keyring(made).make_first()
        return create_app(made, clock=clock)

    return make


@pytest.fixture
def production(application: Open, database_url: str) -> Flask:
    """An application as in production: https, behind one proxy, with a provider to sign in with."""
    open_database(database_url)
    with connection():
        Provider.insert(
            issuer="https://id.example.jp/realm", client_id="niwari", secret=""
        ).execute()
    return application(
        environment="production",
        base_url="https://niwari.example.jp",
        trusted_proxies=1,
    )


def directives(response: Any) -> dict[str, str]:
    policy = response.headers["Content-Security-Policy"]
    return {
        part.split()[0]: part.partition(part.split()[0])[2].strip() for part in policy.split(";")
    }


# -- headers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/", 302),
        ("/sign-in", 200),
        ("/nothing", 404),
        ("/healthz", 200),
        ("/sign-out", 405),
        (STYLE, 200),
        ("/static/niwari/all.css", 200),
        ("/static/niwari/nothing.css", 404),
    ],
)
def test_every_answer_carries_the_security_headers(world: World, address: str, status: int) -> None:
    with world.anonymous().get(address, headers=PAGE) as response:
        assert response.status_code == status
        assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
        assert directives(response)["default-src"] == "'none'"


def test_a_failing_page_carries_them_too(
    workshop: Workshop, open_world: Callable[..., World]
) -> None:
    world = open_world([workshop.make("failing", FAILING)])
    response = world.client_for("staff@koriyama").get("/failing/")
    assert response.status_code == 500
    assert {name: response.headers.get(name) for name in EVERYWHERE} == EVERYWHERE
    assert response.headers["Cache-Control"] == "no-store"


FAILING = """
blueprint = Blueprint("failing", __name__)

@hookimpl
def permissions():
    return [Permission("failing.read", Label("読む", "Read"), ("staff",))]

@hookimpl
def routes():
    return [blueprint]

@blueprint.get("/", permission="failing.read")
def page():
    raise LookupError
"""


def test_nothing_inline_nothing_foreign_and_no_frame_is_allowed(world: World) -> None:
    policy = directives(world.client_for("staff@koriyama").get("/"))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in str(policy)
    assert "http" not in str(policy)


def test_a_form_may_lead_to_the_provider_that_one_signs_out_of(world: World) -> None:
    client = world.client_for("staff@koriyama")
    Session.update(data='{"issuer": "https://id.example.jp/realm"}').execute()
    policy = directives(client.get("/"))
    assert policy["form-action"] == "'self' https://id.example.jp"
    assert directives(world.client_for("head@koriyama").get("/"))["form-action"] == "'self'"


def test_pages_are_not_kept_by_browsers_and_static_files_are(world: World) -> None:
    client = world.client_for("staff@koriyama")
    for address in ("/", "/ledger/", "/nothing", "/sign-in", "/healthz"):
        assert client.get(address).headers["Cache-Control"] == "no-store"
    with client.get(STYLE) as style:
        assert "max-age" in style.headers["Cache-Control"]
        assert "Set-Cookie" not in style.headers


def test_http_is_not_said_to_be_https(world: World) -> None:
    assert "Strict-Transport-Security" not in world.anonymous().get("/healthz").headers


def test_https_is_held_to_where_it_is_used(production: Flask) -> None:
    client = production.test_client()
    for address in ("/healthz", STYLE):
        with client.get(address, base_url="https://niwari.example.jp") as response:
            assert "max-age=31536000" in response.headers["Strict-Transport-Security"]


# -- hosts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/", "/sign-in", "/ledger/", "/nothing"])
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost:99999x"])
def test_a_forged_host_is_400_and_in_no_link(world: World, address: str, host: str) -> None:
    response = world.client_for("staff@koriyama").get(address, headers={"Host": host})
    assert response.status_code == 400
    assert "evil" not in response.get_data(as_text=True)
    assert "Location" not in response.headers


def test_a_forged_host_behind_no_proxy_cannot_hide_in_a_header(world: World) -> None:
    headers = {**PAGE, "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    response = world.anonymous().get("/", headers=headers)
    assert (response.status_code, response.headers["Location"]) == (302, "/sign-in?next=/")


def test_a_proxy_that_is_trusted_names_host_and_scheme(production: Flask) -> None:
    headers = {"X-Forwarded-Host": "niwari.example.jp", "X-Forwarded-Proto": "https"}
    client = production.test_client()
    assert client.get("/sign-in", headers=headers).status_code == 200
    forged = {**headers, "X-Forwarded-Host": "evil.example"}
    assert client.get("/sign-in", headers=forged).status_code == 400


def test_the_health_check_is_asked_under_whatever_name(world: World) -> None:
    assert world.anonymous().get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "evil.example"])
def test_production_answers_under_its_own_name_alone(production: Flask, host: str) -> None:
    assert production.test_client().get("/sign-in", headers={"Host": host}).status_code == 400


def test_a_demo_opened_under_another_name_of_this_machine_leads_to_its_own(
    application: Open,
) -> None:
    app = application(base_url="http://127.0.0.1:8000")
    response = app.test_client().get("/ledger/?month=2026-11", base_url="http://localhost:8000")
    assert response.status_code == 302
    assert response.headers["Location"] == "http://127.0.0.1:8000/ledger/?month=2026-11"


# -- form tokens ----------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [None, "", "forged", "x" * 5000, "日本語"])
def test_a_form_without_the_token_of_its_session_is_400_and_says_what_to_do(
    world: World, token: str | None
) -> None:
    client = world.client_for("it@koriyama")
    client.get("/admin/features")
    data = {} if token is None else {"csrf_token": token}
    response = client.post("/admin/features/consult/off", data=data)
    assert response.status_code == 400
    page = response.get_data(as_text=True)
    assert "画面を開いてから時間がたったため、送信できませんでした。" in page
    assert "前の画面を読み込み直してから、もう一度送信してください。" in page
    assert client.get("/consult/").status_code == 200


def test_the_token_of_another_person_is_worth_nothing(world: World) -> None:
    token = world.client_for("it@sukagawa").token_at("/admin/features")
    client = world.client_for("it@koriyama")
    client.get("/admin/features")
    response = client.post("/admin/features/consult/off", data={"csrf_token": token})
    assert response.status_code == 400


def test_whoever_may_not_is_told_so_before_the_form_is_looked_at(world: World) -> None:
    response = world.client_for("staff@koriyama").post("/admin/features/consult/off")
    assert response.status_code == 403


def test_a_form_that_is_too_large_is_413(world: World) -> None:
    client = world.client_for("it@koriyama")
    response = client.post("/admin/features/consult/off", data={"reason": "x" * (3 * 1024 * 1024)})
    assert response.status_code == 413
    assert "500KB以内にしてください。" in response.get_data(as_text=True)
