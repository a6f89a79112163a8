"""One's own 20% through the API: numbers, requests, asking and withdrawing."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from niwari.audit.models import AuditEntry
from niwari.ledger.deciding import decisions
from niwari.ledger.models import Request
from niwari.testing.world import World
from tests.core.rest.conftest import NEIGHBOUR, STAFF, Program

MakeProgram = Callable[..., Program]
WISH = {
    "activity": "general",
    "purpose": "学び・相談",
    "place": "head_office",
    "work_date": "2026-11-18",
    "asked_minutes": 60,
}


def ask(program: Program, key: str = "", **wish: Any) -> Any:
    sent = {name: value for name, value in {**WISH, **wish}.items() if value is not None}
    return program.post(
        "/ledger/requests", json=sent, headers={"Idempotency-Key": key or str(uuid4())}
    )


def test_the_month_is_that_of_the_screen(program: MakeProgram) -> None:
    assert program().get("/ledger/month?month=2026-11").json == {
        "month": "2026-11",
        "base_minutes": 8835,
        "cap_minutes": 1767,
        "used_minutes": 0,
        "reserved_minutes": 0,
        "asked_minutes": 0,
        "left_minutes": 1767,
    }


def test_the_present_month_is_meant_where_none_is_named(program: MakeProgram) -> None:
    assert program().get("/ledger/month").json["month"] == "2026-11"


@pytest.mark.parametrize("month", ["2026-13", "26-11", "2026-11-01", "0000-01", "9999-12", ""])
def test_a_month_that_cannot_be_is_named_as_wrong(program: MakeProgram, month: str) -> None:
    answer = program().get(f"/ledger/month?month={month}")
    assert answer.status_code == 400
    assert answer.json["errors"][0]["name"] == "month"


def test_a_request_is_made_found_and_taken_back(program: MakeProgram) -> None:
    one = program()
    made = ask(one)
    assert made.status_code == 201
    assert made.json["state"] == "requested"
    path = made.headers["Location"].removeprefix("/api/v1")
    assert one.get(path).json == made.json
    assert one.get("/ledger/requests").json["items"] == [made.json]
    assert one.get("/ledger/month").json["asked_minutes"] == 60
    assert one.post(f"{path}/withdraw").json["state"] == "withdrawn"
    assert one.post(f"{path}/withdraw").json["state"] == "withdrawn"
    assert one.get("/ledger/month").json["asked_minutes"] == 0


def test_an_interval_is_told_in_utc(program: MakeProgram) -> None:
    made = ask(program(), asked_minutes=None, starts="15:00", ends="16:00").json
    assert (made["starts_at"], made["ends_at"]) == (
        "2026-11-18T06:00:00Z",
        "2026-11-18T07:00:00Z",
    )
    assert made["asked_minutes"] == 60


def test_the_same_key_makes_one_request_and_another_wish_under_it_is_refused(
    program: MakeProgram,
) -> None:
    one, key = program(), str(uuid4())
    assert ask(one, key).json == ask(one, key).json
    assert Request.select().count() == 1
    assert ask(one, key, asked_minutes=30).status_code == 409


@pytest.mark.parametrize("key", [None, "", "short", "あ" * 10, "x" * 37, "a b c d e f"])
def test_without_a_usable_key_nothing_is_asked(program: MakeProgram, key: str | None) -> None:
    headers = {} if key is None else {"Idempotency-Key": key.encode().decode("latin-1")}
    answer = program().post("/ledger/requests", json=WISH, headers=headers)
    assert answer.status_code == 400
    assert answer.json["errors"][0]["name"] == "Idempotency-Key"
    assert not Request.select().exists()


@pytest.mark.parametrize(
    ("wish", "status", "name"),
    [
        ({"purpose": "\u3000"}, 422, "purpose"),
        ({"purpose": "a\x00b"}, 400, "purpose"),
        ({"purpose": 5}, 400, "purpose"),
        ({"purpose": "あ" * 401}, 400, "purpose"),
        ({"place": "moon"}, 400, "place"),
        ({"activity": "flying"}, 422, "activity"),
        ({"work_date": "2026-02-30"}, 400, "work_date"),
        ({"work_date": "2026-11-09"}, 409, "work_date"),
        ({"work_date": "9999-12-31"}, 409, "work_date"),
        ({"asked_minutes": 0}, 400, "asked_minutes"),
        ({"asked_minutes": None}, 422, "asked_minutes"),
        ({"asked_minutes": 1441}, 400, "asked_minutes"),
        ({"asked_minutes": "60"}, 400, "asked_minutes"),
        ({"starts": "25:00", "ends": "26:00"}, 400, "starts"),
        ({"starts": "15:00"}, 422, "starts"),
        ({"starts": "16:00", "ends": "15:00"}, 422, "ends"),
        ({"hours": 1}, 400, "hours"),
    ],
)
def test_a_wrong_wish_is_refused_by_name_and_nothing_is_asked(
    program: MakeProgram, wish: dict[str, Any], status: int, name: str
) -> None:
    answer = ask(program(), **wish)
    said = answer.json
    assert answer.status_code == status, said
    assert name in [said["field"], *(one["name"] for one in said["errors"])]
    assert not Request.select().exists()


def test_a_rule_that_says_no_is_named(program: MakeProgram) -> None:
    assert ask(program(), work_date="2026-11-09").json["rule"] == "L1"


def test_what_was_agreed_is_told(world: World, program: MakeProgram) -> None:
    one = program()
    made = ask(one).json
    decisions.agree(
        world.ctx_for("head@koriyama"), made["id"], key=str(uuid4()), minutes=45, note=""
    )
    said = one.get(f"/ledger/requests/{made['id']}").json
    assert (said["state"], said["agreed_minutes"]) == ("partly_agreed", 45)
    assert one.get("/ledger/month").json["reserved_minutes"] == 45


@pytest.mark.parametrize("login", ["head@koriyama", "hr@koriyama", NEIGHBOUR])
def test_nobody_reads_or_withdraws_anothers_request(program: MakeProgram, login: str) -> None:
    made = ask(program()).json
    other = program(login)
    assert other.get(f"/ledger/requests/{made['id']}").status_code == 404
    assert other.post(f"/ledger/requests/{made['id']}/withdraw").status_code == 404
    assert other.get("/ledger/requests").json["items"] == []
    assert Request.get().state == "requested"


def test_requests_come_page_by_page_the_latest_day_first(program: MakeProgram) -> None:
    one = program()
    for day in (18, 16, 18, 19, 17):
        assert ask(one, work_date=f"2026-11-{day}", asked_minutes=30).status_code == 201
    whole = one.get("/ledger/requests").json["items"]
    first = one.get("/ledger/requests?limit=2").json
    second = one.get(f"/ledger/requests?limit=2&after={first['next_cursor']}").json
    third = one.get(f"/ledger/requests?limit=2&after={second['next_cursor']}").json
    assert first["items"] + second["items"] + third["items"] == whole
    assert third["next_cursor"] is None
    assert [item["work_date"][-2:] for item in whole] == ["19", "18", "18", "17", "16"]


def test_who_may_only_read_asks_for_nothing(program: MakeProgram) -> None:
    answer = ask(program(scopes=["ledger.read"]))
    assert answer.status_code == 403
    assert not Request.select().exists()


def test_the_audit_says_who_and_by_which_token(world: World, program: MakeProgram) -> None:
    ask(program())
    row = AuditEntry.get(AuditEntry.action == "ledger.ask")
    assert row.actor_id == world.ctx_for(STAFF).acting.id
    assert row.actor.startswith("token:")


@pytest.mark.parametrize("address", ["/ledger/month", "/ledger/requests", "/ledger/activities"])
def test_reading_costs_the_token_and_no_more_than_four_queries(
    program: MakeProgram, queries: Any, address: str
) -> None:
    one = program()
    one.get(address)
    with queries() as log:
        assert one.get(address).status_code == 200
    assert len(log) <= 5
