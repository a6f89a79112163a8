"""``flask.session`` on the table: cookies, queries, and who acts in a request."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g, jsonify, session

from niwari.config import Settings
from niwari.db import connection, database
from niwari.identity.models import Session
from niwari.identity.sessions.web import TableSessions, install_sessions, web_session
from niwari.identity.sign_in.accounts import Account


@pytest.fixture
def app(world: Any) -> Flask:
    """A bare application with sessions, that shows what a request knows."""
    app = Flask("bare")

    @app.teardown_request
    def disconnect(_error: BaseException | None) -> None:
        if not database.is_closed():
            database.close()

    install_sessions(app, world.host, world.settings, world.clock)

    @app.get("/who")
    def who() -> Any:
        ctx = g.ctx
        if ctx is None:
            return jsonify(None)
        return jsonify(
            login_of=ctx.acting.person_name,
            municipality=ctx.municipality.name,
            permissions=sorted(ctx.permissions),
            locale=ctx.locale,
            now=ctx.now.isoformat(),
            request_id=ctx.request_id,
            same_request_id=ctx.request_id == g.request_id,
        )

    @app.get("/put/<value>")
    def put(value: str) -> str:
        session["value"] = (value, 1)
        return "put"

    @app.get("/value")
    def value() -> Any:
        return repr(session.get("value"))

    @app.get("/sign-in-as/<int:appointment_id>")
    def sign_in_as(appointment_id: int) -> str:
        account = Account(
            provider_id=1,
            issuer="https://provider.example.jp",
            subject="subject-1",
            login="staff@koriyama",
        )
        web_session().sign_in(appointment_id, account, "a-token", device="", age=None)
        return "signed in"

    return app


@pytest.fixture
def signed_in(app: Flask, world: Any) -> Callable[[str], Any]:
    """Make a client of the bare application in which a person is signed in."""

    def client(login: str) -> Any:
        made = app.test_client()
        made.set_cookie(
            "niwari_session", world.client_for(login).get_cookie("niwari_session").value
        )
        return made

    return client


def test_a_request_knows_who_acts_where_and_what_they_may(
    signed_in: Callable[[str], Any], world: Any
) -> None:
    found = signed_in("it@sukagawa").get("/who").json
    assert found["login_of"] == "情報担当二"
    assert found["municipality"] == "須賀川市"
    assert {"web.read", "admin.features"} <= set(found["permissions"])
    assert found["now"] == world.clock().isoformat()
    assert len(found["request_id"]) == 32
    assert found["same_request_id"]
    staff = signed_in("staff@sukagawa").get("/who").json
    assert "admin.features" not in staff["permissions"]
    assert staff["request_id"] != found["request_id"]


@pytest.mark.parametrize(("cookie", "locale"), [(None, "ja"), ("en", "en"), ("xx", "ja")])
def test_the_locale_is_the_cookies_else_japanese(
    signed_in: Callable[[str], Any], cookie: str | None, locale: str
) -> None:
    client = signed_in("staff@koriyama")
    if cookie:
        client.set_cookie("niwari_locale", cookie)
    assert client.get("/who").json["locale"] == locale


def test_a_signed_in_request_costs_one_query_and_sets_no_cookie(
    signed_in: Callable[[str], Any], queries: Callable[[], Any]
) -> None:
    client = signed_in("staff@koriyama")
    with queries() as log:
        response = client.get("/who")
    assert len(log) == 1
    assert "Set-Cookie" not in response.headers
    assert response.headers["Vary"] == "Cookie"


def test_an_anonymous_request_costs_no_query_and_leaves_no_row(
    app: Flask, queries: Callable[[], Any]
) -> None:
    client = app.test_client()
    with queries() as log:
        assert client.get("/who").json is None
        response = client.get("/put/something")
        assert client.get("/value").text == "None"
    assert len(log) == 0
    assert "Set-Cookie" not in response.headers


def test_a_static_file_costs_no_query(world: Any, queries: Callable[[], Any]) -> None:
    client = world.client_for("staff@koriyama")
    with queries() as log:
        with client.get("/static/niwari/mark.svg") as response:
            assert response.status_code == 200
        assert client.get("/static/niwari/missing.svg").status_code == 404
    assert len(log) == 0


def test_what_is_put_into_the_session_is_there_at_the_next_request(
    signed_in: Callable[[str], Any], queries: Callable[[], Any]
) -> None:
    client = signed_in("staff@koriyama")
    with queries() as log:
        response = client.get("/put/something")
    assert [statement.split()[0] for statement in log.statements] == ["SELECT", "UPDATE"]
    assert "Set-Cookie" not in response.headers
    assert client.get("/value").text == "('something', 1)"


def test_use_is_written_every_five_minutes_at_most(
    signed_in: Callable[[str], Any], world: Any, queries: Callable[[], Any]
) -> None:
    client = signed_in("staff@koriyama")
    counts = []
    for _ in range(7):
        world.clock.advance(minutes=2)
        with queries() as log:
            client.get("/who")
        counts.append(len(log))
    assert counts == [1, 1, 2, 1, 1, 2, 1]


def test_a_session_that_is_used_stays_beyond_its_idle_limit(
    signed_in: Callable[[str], Any], world: Any
) -> None:
    client = signed_in("staff@koriyama")
    for _ in range(4):
        world.clock.advance(minutes=60)
        assert client.get("/who").json is not None


@pytest.mark.parametrize(
    "limit", [timedelta(minutes=120), timedelta(hours=12)], ids=["idle", "absolute"]
)
def test_a_session_that_is_over_is_anonymous_and_its_cookie_is_cleared(
    signed_in: Callable[[str], Any], world: Any, limit: timedelta
) -> None:
    client = signed_in("staff@koriyama")
    world.clock.set(world.clock() + limit)
    response = client.get("/who")
    assert response.json is None
    assert "niwari_session=;" in response.headers["Set-Cookie"]
    assert client.get_cookie("niwari_session") is None


def test_a_person_who_has_left_is_anonymous_at_the_next_request(
    signed_in: Callable[[str], Any], leave: Callable[[str], None]
) -> None:
    client = signed_in("staff@koriyama")
    assert client.get("/who").json is not None
    leave("staff@koriyama")
    assert client.get("/who").json is None
    assert client.get_cookie("niwari_session") is None


@pytest.mark.parametrize("cookie", ["broken", "x" * 43, "%00", "x" * 3000])
def test_a_broken_cookie_is_anonymous_and_cleared(app: Flask, cookie: str) -> None:
    client = app.test_client()
    client.set_cookie("niwari_session", cookie)
    assert client.get("/who").json is None
    assert client.get_cookie("niwari_session") is None


def signed_in_header(app: Flask, world: Any) -> str:
    """The cookie that a sign-in sets."""
    appointment_id = world.ctx_for("staff@koriyama").acting.id
    answer = app.test_client().get(f"/sign-in-as/{appointment_id}")
    return str(answer.headers["Set-Cookie"])


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, world: Any) -> None:
    header = signed_in_header(app, world)
    name, *attributes = header.split("; ")
    assert name.startswith("niwari_session=")
    assert set(attributes) == {"HttpOnly", "Path=/", "SameSite=Lax"}


def test_under_https_the_cookie_is_bound_to_its_host(app: Flask, world: Any) -> None:
    settings = Settings(home=world.settings.home, environment="test", base_url="https://localhost")
    app.session_interface = TableSessions(settings, world.clock)
    header = signed_in_header(app, world)
    name, *attributes = header.split("; ")
    assert name.startswith("__Host-niwari_session=")
    assert set(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_a_session_begins_with_the_sign_in_and_under_a_token_of_its_own(visitor: Any) -> None:
    answer = visitor.answer_for("staff@koriyama")
    assert visitor.token is None
    visitor.get(answer)
    first = visitor.token
    visitor.sign_out()
    visitor.sign_in("staff@koriyama")
    assert None not in (first, visitor.token)
    assert first != visitor.token


@pytest.mark.parametrize("planted", ["x" * 43, "of somebody"])
def test_a_token_planted_before_sign_in_opens_nothing_afterwards(
    visitor: Any, another_visitor: Any, planted: str
) -> None:
    if planted == "of somebody":
        another_visitor.sign_in("staff2@koriyama")
        planted = another_visitor.token
    answer = visitor.answer_for("staff@koriyama")
    visitor.client.set_cookie("niwari_session", planted)
    visitor.get(answer)
    assert "職員一" in visitor.get("/").text
    assert visitor.token != planted
    thief = another_visitor
    thief.client.set_cookie("niwari_session", planted)
    assert not thief.is_signed_in()


def test_who_signs_in_where_somebody_else_is_signed_in_takes_their_place(visitor: Any) -> None:
    answer = visitor.answer_for("staff@koriyama")
    in_between = visitor.answer_for("head@koriyama")
    visitor.get(answer)
    assert "職員一" in visitor.get("/").text
    # The first sign-in has ended what else was pending.
    assert visitor.get(in_between).status_code == 400
    assert "職員一" in visitor.get("/").text
    with connection():
        assert Session.select().count() == 1


def test_visiting_the_sign_in_page_leaves_no_row(visitor: Any) -> None:
    visitor.get("/sign-in?next=/ledger/")
    visitor.get("/signed-out")
    assert visitor.token is None
    with connection():
        assert Session.select().count() == 0


def test_a_page_of_the_application_reads_the_session_once(
    visitor: Any, queries: Callable[[], Any]
) -> None:
    visitor.sign_in("staff@koriyama")
    with queries() as log:
        visitor.get("/")
    assert sum("identity_session" in s and "SELECT" in s for s in log.statements) == 1
