"""Minutes beyond an agreement through the API: recorded, accepted, refused (rule L17)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from niwari.clock import TOKYO
from niwari.db import transaction
from niwari.host.settings import save_settings
from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, NEIGHBOUR, Program

from .test_ledger_answers import answer
from .test_ledger_operations import ask

MakeProgram = Callable[..., Program]


@pytest.fixture
def longer(world: World, program: MakeProgram) -> int:
    """A request of 60 minutes, of which 70 are recorded where the tolerance is 15; its id."""
    ctx = world.ctx_for("it@koriyama")
    with transaction(ctx):
        save_settings(ctx, "ledger", "municipality", {"tolerance": 15})
    staff = program()
    made = int(ask(staff).json["id"])
    answer(program(HEAD), made, "agree")
    world.clock.set(datetime(2026, 11, 18, 17, tzinfo=TOKYO))
    there = f"/ledger/requests/{made}/record"
    assert staff.post(there, json={"minutes": 76}).json["rule"] == "L17"
    assert staff.post(there, json={"minutes": 70}).json["state"] == "recorded"
    return made


def reply(program: Program, one: int, how: str, key: str = "", **body: Any) -> Any:
    headers = {"Idempotency-Key": key or str(uuid4())}
    return program.post(f"/ledger/supplements/{one}/{how}", json=body, headers=headers)


def test_it_waits_and_is_accepted_once(program: MakeProgram, longer: int) -> None:
    head, staff = program(HEAD), program()
    held = staff.get(f"/ledger/requests/{longer}/records").json
    assert [one["recorded_minutes"] for one in held["records"]] == [70]
    extra = held["supplement"]
    assert (extra["state"], extra["beyond_minutes"]) == ("pending", 10)
    assert head.get("/ledger/waiting-supplements").json == [
        {
            "supplement": extra,
            "request": staff.get(f"/ledger/requests/{longer}").json,
            "person_name": "職員一",
            "section_name": "市民課",
        }
    ]
    key = str(uuid4())
    first = reply(head, extra["id"], "accept", key)
    assert (first.status_code, first.json["id"]) == (200, longer)
    assert reply(head, extra["id"], "accept", key).json == first.json
    assert head.get("/ledger/waiting-supplements").json == []
    late = reply(head, extra["id"], "refuse", note="いいえ")
    assert (late.status_code, late.json["rule"]) == (409, "L2")


def test_refused_it_is_private_time(program: MakeProgram, longer: int) -> None:
    head, staff = program(HEAD), program()
    (waits,) = head.get("/ledger/waiting-supplements").json
    one = waits["supplement"]["id"]
    assert reply(head, one, "refuse").status_code == 400
    assert reply(head, one, "refuse", note="\u3000").json["field"] == "note"
    assert reply(head, one, "refuse", note="会議は17時まででした。").status_code == 200
    held = staff.get(f"/ledger/requests/{longer}/records").json
    assert [one["recorded_minutes"] for one in held["records"]] == [60]
    assert held["supplement"]["state"] == "refused"
    assert held["supplement"]["answer"] == "会議は17時まででした。"
    assert staff.get("/ledger/month").json["used_minutes"] == 60
    remarks = [one["remarks"] for one in staff.get("/ledger/statement").json["records"]]
    assert remarks == ["", "追加分", "取消記録、私的な時間"]


@pytest.mark.parametrize("login", ["hr@koriyama", NEIGHBOUR, "head@sukagawa"])
def test_nobody_else_answers(program: MakeProgram, longer: int, login: str) -> None:
    (waits,) = program(HEAD).get("/ledger/waiting-supplements").json
    other = program(login)
    assert reply(other, waits["supplement"]["id"], "accept").status_code in (403, 404)
    assert program(HEAD).get("/ledger/waiting-supplements").json == [waits]
