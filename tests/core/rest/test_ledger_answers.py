"""What waits for a head, the answers and the record, through the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from niwari.clock import TOKYO
from niwari.ledger.models import JournalEntry, Request
from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, NEIGHBOUR, Program

from .test_ledger_operations import ask

MakeProgram = Callable[..., Program]


def answer(program: Program, request_id: int, how: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return program.post(f"/ledger/requests/{request_id}/{how}", json=body, headers=headers)


def test_from_the_wish_to_the_record(world: World, program: MakeProgram) -> None:
    staff, head = program(), program(HEAD)
    made = ask(staff).json
    assert head.get("/ledger/waiting").json == [
        {"request": made, "person_name": "職員一", "section_name": "市民課", "left_minutes": 1767}
    ]
    agreed = answer(head, made["id"], "agree", minutes=45).json
    assert (agreed["state"], agreed["agreed_minutes"]) == ("partly_agreed", 45)
    assert head.get("/ledger/waiting").json == []
    world.clock.set(datetime(2026, 11, 18, 17, tzinfo=TOKYO))
    path = f"/ledger/requests/{made['id']}/record"
    assert staff.post(path, json={"minutes": 46}).json["rule"] == "L17"
    assert staff.post(path, json={"minutes": 40}).json["state"] == "recorded"
    assert staff.post(path, json={"minutes": 40}).status_code == 200
    month = staff.get("/ledger/month").json
    assert (month["used_minutes"], month["reserved_minutes"]) == (40, 0)


def test_the_same_key_is_one_answer_and_another_is_told_already_decided(
    program: MakeProgram,
) -> None:
    made, head, key = ask(program()).json, program(HEAD), str(uuid4())
    assert (
        answer(head, made["id"], "agree", key).json == answer(head, made["id"], "agree", key).json
    )
    assert JournalEntry.select().count() == 1
    again = answer(head, made["id"], "decline", note="議会があります。")
    assert (again.status_code, again.json["rule"]) == (409, "L2")


@pytest.mark.parametrize(("how", "state"), [("return", "returned"), ("decline", "declined")])
def test_a_word_goes_with_what_is_not_agreed_to(program: MakeProgram, how: str, state: str) -> None:
    made, head = ask(program()).json, program(HEAD)
    assert answer(head, made["id"], how).status_code == 400
    assert answer(head, made["id"], how, note="\u3000").json["field"] == "note"
    assert answer(head, made["id"], how, note="来週にできませんか。").json["state"] == state
    assert not JournalEntry.select().exists()


@pytest.mark.parametrize("login", ["hr@koriyama", NEIGHBOUR, "head@sukagawa"])
@pytest.mark.parametrize("how", ["agree", "return", "decline", "record"])
def test_nobody_else_answers_or_records(program: MakeProgram, login: str, how: str) -> None:
    made = ask(program()).json
    body = {"agree": {}, "record": {"minutes": 1}}.get(how, {"note": "いいえ"})
    assert answer(program(login), made["id"], how, **body).status_code in (403, 404)
    assert Request.get().state == "requested"


def test_nobody_agrees_to_their_own(program: MakeProgram) -> None:
    made = ask(program(HEAD)).json
    said = answer(program(HEAD), made["id"], "agree")
    assert (said.status_code, said.json["rule"]) == (403, "L9")


def test_a_discreet_class_is_called_like_most(world: World, program: MakeProgram) -> None:
    made = ask(program()).json
    Request.update(activity="consult", discreet=True).where(Request.id == made["id"]).execute()
    head = program(HEAD)
    assert head.get("/ledger/waiting").json[0]["request"]["activity"] == "general"
    assert answer(head, made["id"], "agree").json["activity"] == "general"


def test_what_waits_costs_no_more_queries_with_more_of_it(
    program: MakeProgram, queries: Any
) -> None:
    staff, head = program(), program(HEAD)
    ask(staff)
    head.get("/ledger/waiting")
    with queries() as one:
        head.get("/ledger/waiting")
    for day in (19, 20, 24):
        ask(staff, work_date=f"2026-11-{day}")
    with queries() as four:
        assert len(head.get("/ledger/waiting").json) == 4
    assert len(four) == len(one) <= 7
