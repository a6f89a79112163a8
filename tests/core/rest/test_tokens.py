"""Tokens: what opens the API, for whom, and when no more."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from niwari.clock import TOKYO, tokyo_day
from niwari.directory.models import Appointment
from niwari.directory.municipalities import merge_municipality
from niwari.directory.system import system_context
from niwari.identity.models import ApiToken, RoleGrant
from niwari.testing.world import KORIYAMA, SUKAGAWA, World
from tests.core.rest.conftest import API, IT, STAFF, Program, make_token

MakeProgram = Callable[..., Program]


def test_a_token_opens_the_api_for_its_person_in_its_post(program: MakeProgram) -> None:
    said = program().get("/me").json
    assert said["municipality_code"] == "072036"
    assert said["post"]["person_name"] == "職員一"
    assert said["scopes"] == [
        "consult.read",
        "handover.read",
        "leave_cafe.read",
        "ledger.ask",
        "ledger.read",
        "ledger.statement",
        "mentoring.read",
        "rest.read",
        "tourism_sns.read",
    ]


def test_the_table_holds_no_token(world: World) -> None:
    token = make_token(world, STAFF)
    row = ApiToken.get()
    assert token.startswith("niw_")
    assert token not in {str(value) for value in row.__data__.values()}


def test_without_a_token_nothing_opens_and_the_answer_says_how(world: World) -> None:
    answer = world.anonymous().get(f"{API}/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Niwari"'


@pytest.mark.parametrize("sent", ["niw_" + "x" * 43, "x", "", "niw_\x00", "niw_" + "é" * 43])
def test_a_token_that_nobody_made_opens_nothing(program: MakeProgram, sent: str) -> None:
    found = program()
    found.token = sent
    answer = found.get("/me")
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_a_session_opens_nothing(world: World) -> None:
    assert world.client_for(STAFF).get(f"{API}/me").status_code == 401


def test_a_token_in_the_address_opens_nothing(world: World) -> None:
    token = make_token(world, STAFF)
    answer = world.anonymous().get(f"{API}/me?access_token={token}")
    assert answer.status_code == 401
    assert token not in answer.text


def test_a_token_is_no_password_and_no_cookie(world: World) -> None:
    token = make_token(world, STAFF)
    client = world.anonymous()
    assert client.get(f"{API}/me", auth=(STAFF, token)).status_code == 401
    client.set_cookie("niwari_session", token)
    assert client.get("/", headers={"Accept": "text/html"}).status_code == 302


def test_a_token_opens_no_page(program: MakeProgram) -> None:
    found = program()
    headers = {"Authorization": f"Bearer {found.token}", "Accept": "text/html"}
    assert found.client.get("/ledger/", headers=headers).status_code == 302


def test_an_expired_token_opens_nothing(world: World, program: MakeProgram) -> None:
    found = program(days=30)
    world.clock.advance(days=29)
    assert found.get("/me").status_code == 200
    world.clock.advance(days=1)
    assert found.get("/me").status_code == 401


def test_a_revoked_token_opens_nothing_from_the_next_request_on(
    world: World, program: MakeProgram
) -> None:
    found = program()
    owner = world.client_for(STAFF)
    owner.submit(f"/my/tokens/{ApiToken.get().id}/revoke", {}, form_at="/my/tokens")
    assert found.get("/me").status_code == 401


def test_a_token_ends_with_the_post_in_which_it_acts(world: World, program: MakeProgram) -> None:
    found = program()
    today = tokyo_day(world.clock())
    Appointment.update(ends_on=today).where(
        Appointment.id == world.ctx_for(STAFF).acting.id
    ).execute()
    assert found.get("/me").status_code == 200
    world.clock.advance(days=1)
    assert found.get("/me").status_code == 401


def test_a_token_of_the_municipality_stays_when_its_maker_leaves(
    world: World, program: MakeProgram
) -> None:
    found = program(IT, of_municipality=True)
    Appointment.update(ends_on=date(2026, 11, 10)).where(
        Appointment.id == world.ctx_for(IT).acting.id
    ).execute()
    world.clock.advance(days=1)
    assert found.get("/me").json["post"] is None


def test_a_token_of_a_municipality_that_was_merged_opens_nothing(
    world: World, program: MakeProgram
) -> None:
    found = program("it@sukagawa", of_municipality=True)
    assert found.get("/me").status_code == 200
    today = tokyo_day(world.clock())
    Appointment.update(ends_on=today - timedelta(days=1)).where(
        Appointment.municipality == world.ctx_for("it@sukagawa").municipality.id
    ).execute()
    merge_municipality(system_context(world.clock(), "test"), SUKAGAWA, KORIYAMA, today)
    assert found.get("/me").status_code == 401


def test_a_token_can_no_more_than_its_scopes(program: MakeProgram) -> None:
    found = program(scopes=["rest.read"])
    assert found.get("/me").json["scopes"] == ["rest.read"]
    answer = found.get("/ledger/month")
    assert answer.status_code == 403
    assert "ledger.read" in answer.json["detail"]


def test_a_token_can_no_more_than_its_owner_can_today(world: World, program: MakeProgram) -> None:
    found = program(IT)
    scopes = "identity.system_tokens rest.read admin.matrix"
    ApiToken.update(scopes=scopes).execute()
    assert found.get("/me").json["scopes"] == ["identity.system_tokens", "rest.read"]
    RoleGrant.delete().execute()
    assert found.get("/me").json["scopes"] == ["rest.read"]


def test_a_token_of_the_municipality_reaches_nothing_of_a_person(program: MakeProgram) -> None:
    found = program(IT, of_municipality=True)
    assert found.get("/me").json["scopes"] == [
        "consult.read",
        "handover.read",
        "leave_cafe.read",
        "mentoring.read",
        "rest.read",
        "tourism_sns.read",
    ]
    ApiToken.update(scopes="ledger.read ledger.ask").execute()
    answer = found.get("/ledger/month")
    assert answer.status_code == 403
    assert "市町村のトークンでは使えません" in answer.json["detail"]


def test_the_last_use_is_written_once_in_five_minutes(world: World, program: MakeProgram) -> None:
    found = program()
    first = world.clock()
    found.get("/me")
    assert ApiToken.get().used_at == first
    world.clock.advance(minutes=4)
    found.get("/me")
    assert ApiToken.get().used_at == first
    world.clock.advance(minutes=1)
    found.get("/me")
    assert ApiToken.get().used_at == first.astimezone(TOKYO) + timedelta(minutes=5)


def test_a_token_acts_in_the_post_in_which_it_was_made(world: World, program: MakeProgram) -> None:
    posts = {
        row.id
        for row in Appointment.select().where(
            Appointment.person == world.ctx_for("staff5@koriyama").person_id
        )
    }
    assert len(posts) == 2
    found = program("staff5@koriyama")
    other = (posts - {world.ctx_for("staff5@koriyama").acting.id}).pop()
    Appointment.update(is_main=True).where(Appointment.id == other).execute()
    assert found.get("/me").json["post"]["post_id"] != other
