"""Standing agreements through the API (rule L12)."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from niwari.db import transaction
from niwari.host.settings import save_settings
from niwari.ledger.models import JournalEntry, Request, Standing
from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, NEIGHBOUR, STAFF, Program

MakeProgram = Callable[..., Program]
STANDING = {
    "activity": "general",
    "purpose": "学び・相談",
    "place": "head_office",
    "kind": "dated",
    "first_day": "2026-11-10",
    "last_day": "2027-03-31",
    "starts": "15:00",
    "ends": "16:00",
    "rule": "FREQ=MONTHLY;BYDAY=3WE",
}
DAYS = ["2026-11-18", "2026-12-16", "2027-01-20", "2027-02-17", "2027-03-17"]


def ask(program: Program, key: str = "", **other: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return program.post("/ledger/standing", json={**STANDING, **other}, headers=headers)


def answer(program: Program, standing_id: int, how: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return program.post(f"/ledger/standing/{standing_id}/{how}", json=body, headers=headers)


def detail(program: Program, standing_id: int) -> Any:
    return program.get(f"/ledger/standing/{standing_id}").json


def agree(head: Program, standing_id: int, key: str = "") -> Any:
    return answer(head, standing_id, "agree", key, seen=detail(head, standing_id)["plan"]["seen"])


def test_the_third_wednesdays_from_the_wish_to_the_ok(program: MakeProgram) -> None:
    staff, head = program(), program(HEAD)
    planned = staff.post("/ledger/standing-plan", json=STANDING).json
    assert [one["day"] for one in planned["held"]] == DAYS
    assert (planned["held_minutes"], planned["left_out"]) == (300, [])
    assert not Standing.select().exists()
    made = ask(staff)
    assert made.status_code == 201
    assert made.headers["Location"] == f"/api/v1/ledger/standing/{made.json['id']}"
    assert (made.json["state"], made.json["agreed_minutes"]) == ("requested", 60)
    (waits,) = head.get("/ledger/waiting-standing").json
    assert (waits["agreement"], waits["person_name"]) == (made.json, "職員一")
    said = agree(head, made.json["id"]).json
    assert (said["held_times"], said["held_minutes"], said["left_out_times"]) == (5, 300, 0)
    assert head.get("/ledger/waiting-standing").json == []
    seen = detail(staff, made.json["id"])
    assert [one["work_date"] for one in seen["times"]] == DAYS
    (own,) = staff.get("/ledger/standing").json["items"]
    assert [one["reserved_minutes"] for one in own["periods"]] == [60] * 5


def test_minutes_of_each_month_without_dates(program: MakeProgram) -> None:
    staff = program()
    other = {"kind": "allowance", "starts": None, "ends": None, "minutes": 120, "rule": ""}
    planned = staff.post("/ledger/standing-plan", json={**STANDING, **other}).json
    assert [one["time_minutes"] for one in planned["held"]] == [120] * 5
    assert ask(staff, **other).json["kind"] == "allowance"


def test_what_cannot_be_held_is_named_with_its_reason(program: MakeProgram) -> None:
    outside = {**STANDING, "starts": "17:00", "ends": "18:00"}
    (*_held,) = program().post("/ledger/standing-plan", json=outside).json["held"]
    holidays = {**STANDING, "rule": "FREQ=WEEKLY;BYDAY=MO", "last_day": "2026-11-30"}
    planned = program().post("/ledger/standing-plan", json=holidays).json
    assert [(one["day"], one["reason"]) for one in planned["left_out"]] == [
        ("2026-11-23", "holiday")
    ]


def test_the_same_key_asks_and_agrees_once(program: MakeProgram) -> None:
    staff, head, key = program(), program(HEAD), str(uuid4())
    first = ask(staff, key).json
    assert ask(staff, key).json == first
    assert ask(staff, key, purpose="ほかのこと").status_code == 409
    seen = detail(head, first["id"])["plan"]["seen"]
    said = [answer(head, first["id"], "agree", key, seen=seen).json for _twice in range(2)]
    assert said[0] == said[1]
    assert JournalEntry.select().count() == 5
    assert answer(head, first["id"], "agree", seen=seen).json["rule"] == "L2"


def test_what_the_head_did_not_see_is_not_agreed_to(program: MakeProgram) -> None:
    made = ask(program()).json
    assert answer(program(HEAD), made["id"], "agree", seen="x").json["rule"] == "L12"
    assert not JournalEntry.select().exists()


@pytest.mark.parametrize(("how", "state"), [("return", "returned"), ("decline", "declined")])
def test_a_word_goes_with_what_is_not_agreed_to(program: MakeProgram, how: str, state: str) -> None:
    made, head = ask(program()).json, program(HEAD)
    assert answer(head, made["id"], how).status_code == 400
    said = answer(head, made["id"], how, note="木曜にできませんか。").json
    assert (said["state"], said["answer"]) == (state, "木曜にできませんか。")


@pytest.mark.parametrize("how", ["withdraw", "revoke"])
def test_the_rest_is_taken_back_or_called_off(program: MakeProgram, how: str) -> None:
    staff, head = program(), program(HEAD)
    made = ask(staff).json["id"]
    agree(head, made)
    who, state = (staff, "withdrawn") if how == "withdraw" else (head, "revoked")
    for _twice in range(2):
        assert answer(who, made, how).json["state"] == state
    assert staff.get("/ledger/month").json["reserved_minutes"] == 0


@pytest.mark.parametrize(
    ("other", "status", "field"),
    [
        ({"rule": "FREQ=NEVER"}, 422, "rule"),
        ({"rule": ""}, 422, "rule"),
        ({"first_day": "2026-11-09"}, 409, "first_day"),
        ({"first_day": "9999-12-31", "last_day": "9999-12-31"}, 409, "first_day"),
        ({"last_day": "2027-04-01"}, 422, "last_day"),
        ({"last_day": "2026-11-09"}, 422, "last_day"),
        ({"ends": None}, 422, "starts"),
        ({"starts": None, "ends": None}, 422, "minutes"),
        ({"minutes": 0}, 400, "minutes"),
        ({"kind": "weekly"}, 400, "kind"),
        ({"on_holiday": "never"}, 400, "on_holiday"),
        ({"activity": "flying"}, 422, "activity"),
        ({"place": "moon"}, 400, "place"),
        ({"purpose": "\u3000"}, 422, "purpose"),
    ],
)
def test_a_wrong_wish_is_refused_by_name_and_nothing_is_asked(
    program: MakeProgram, other: dict[str, Any], status: int, field: str
) -> None:
    said = ask(program(), **other)
    assert said.status_code == status, said.json
    assert field in [said.json["field"], *(one["name"] for one in said.json["errors"])]
    assert not Standing.select().exists()


@pytest.mark.parametrize("login", ["hr@koriyama", NEIGHBOUR, "head@sukagawa"])
@pytest.mark.parametrize("how", ["agree", "return", "decline", "revoke", "withdraw"])
def test_nobody_else_sees_or_answers(program: MakeProgram, login: str, how: str) -> None:
    made, other = ask(program()).json["id"], program(login)
    body = {"agree": {"seen": "x"}, "revoke": {}, "withdraw": {}}.get(how, {"note": "いいえ"})
    assert answer(other, made, how, **body).status_code in (403, 404)
    assert other.get(f"/ledger/standing/{made}").status_code == 404
    assert other.get("/ledger/standing").json["items"] == []
    assert Standing.get().state == "requested"


def test_a_discreet_class_is_called_like_most_to_the_head(
    world: World, program: MakeProgram
) -> None:
    staff, head = program(), program(HEAD)
    made = ask(staff, activity="consult").json
    assert made["activity"] == "consult"
    assert head.get("/ledger/waiting-standing").json[0]["agreement"]["activity"] == "general"
    assert detail(head, made["id"])["agreement"]["activity"] == "general"
    assert agree(head, made["id"]).json["agreement"]["activity"] == "general"
    times = detail(head, made["id"])["times"]
    assert {one["activity"] for one in times} == {"general"}
    assert answer(head, made["id"], "revoke").json["activity"] == "general"
    assert {one.activity for one in Request.select()} == {"consult"}


@pytest.mark.parametrize("how", ["return", "decline"])
def test_a_discreet_class_is_hidden_in_what_is_not_agreed_to(
    program: MakeProgram, how: str
) -> None:
    made = ask(program(), activity="consult").json["id"]
    assert answer(program(HEAD), made, how, note="後日に").json["activity"] == "general"


def test_where_the_town_uses_none_nothing_can_be_asked(world: World, program: MakeProgram) -> None:
    ctx = world.ctx_for("hr@koriyama")
    with transaction(ctx):
        save_settings(ctx, "ledger", "municipality", {"standing": False})
    assert ask(program()).status_code == 404
    assert program().post("/ledger/standing-plan", json=STANDING).status_code == 404


def test_own_ones_come_page_by_page_the_latest_first(program: MakeProgram) -> None:
    staff = program()
    made = [ask(staff, purpose=f"{number}回目").json["id"] for number in range(3)]
    first = staff.get("/ledger/standing?limit=2").json
    second = staff.get(f"/ledger/standing?limit=2&after={first['next_cursor']}").json
    found = [one["agreement"]["id"] for one in first["items"] + second["items"]]
    assert found == made[::-1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(
    ("login", "address"), [(STAFF, "/ledger/standing"), (HEAD, "/ledger/waiting-standing")]
)
def test_a_list_costs_no_more_queries_with_more_of_it(
    program: MakeProgram, queries: Any, login: str, address: str
) -> None:
    staff, reader = program(), program(login)
    ask(staff)
    reader.get(address)
    with queries() as one:
        reader.get(address)
    ask(staff, purpose="二つ目")
    with queries() as two:
        reader.get(address)
    assert len(two) == len(one) <= 5
