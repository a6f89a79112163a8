"""What was recorded, and correcting it, through the API."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from niwari.audit.models import AuditEntry
from niwari.clock import TOKYO
from niwari.ledger.closing.closing import close_due
from niwari.ledger.models import Correction, JournalEntry
from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, NEIGHBOUR, Program

from .test_ledger_answers import answer
from .test_ledger_operations import ask

MakeProgram = Callable[..., Program]


@pytest.fixture
def recorded(world: World, program: MakeProgram) -> tuple[Program, int]:
    """A program, and its request of 60 minutes, of which 40 are recorded."""
    staff = program()
    made = ask(staff).json["id"]
    answer(program(HEAD), made, "agree")
    world.clock.set(datetime(2026, 11, 18, 17, tzinfo=TOKYO))
    staff.post(f"/ledger/requests/{made}/record", json={"minutes": 40})
    return staff, made


def records(program: Program, request_id: int) -> Any:
    return program.get(f"/ledger/requests/{request_id}/records").json


def test_a_record_is_corrected_at_once_while_the_month_is_open(
    recorded: tuple[Program, int],
) -> None:
    staff, made = recorded
    (before,) = records(staff, made)["records"]
    said = answer(staff, made, "correct", minutes=50, entry_id=before["entry_id"])
    assert said.status_code == 200
    assert (said.json["state"], said.json["former_minutes"], said.json["corrected_minutes"]) == (
        "posted",
        40,
        50,
    )
    (after,) = records(staff, made)["records"]
    assert after["recorded_minutes"] == 50
    assert after["entry_id"] != before["entry_id"]
    assert staff.get("/ledger/month").json["used_minutes"] == 50


def test_the_same_key_corrects_once(recorded: tuple[Program, int]) -> None:
    staff, made = recorded
    key = str(uuid4())
    first = answer(staff, made, "correct", key, minutes=0).json
    entries = JournalEntry.select().count()
    assert answer(staff, made, "correct", key, minutes=0).json == first
    assert JournalEntry.select().count() == entries
    assert records(staff, made)["records"][0]["recorded_minutes"] == 0


def test_in_a_closed_month_hr_is_asked_with_a_reason_and_it_can_be_taken_back(
    world: World, recorded: tuple[Program, int]
) -> None:
    staff, made = recorded
    world.clock.set(datetime(2026, 12, 15, 9, tzinfo=TOKYO))
    close_due(world.clock())
    assert answer(staff, made, "correct", minutes=30).json["field"] == "reason"
    asked = answer(staff, made, "correct", minutes=30, reason="時計を見違えました。").json
    assert (asked["state"], asked["after_closing"]) == ("asked", True)
    assert records(staff, made)["waiting"] == asked
    path = f"/ledger/corrections/{asked['id']}/withdraw"
    for _twice in range(2):
        assert staff.post(path).json["state"] == "withdrawn"
    assert records(staff, made)["waiting"] is None


def test_a_rule_names_the_field_as_the_body_calls_it(recorded: tuple[Program, int]) -> None:
    staff, made = recorded
    more = answer(staff, made, "correct", minutes=61).json
    assert (more["rule"], more["field"]) == ("L17", "minutes")
    assert answer(staff, made, "correct", minutes=40).json["rule"] == "L6"
    assert answer(staff, made, "correct", minutes=-1).status_code == 400


@pytest.mark.parametrize("login", [HEAD, "hr@koriyama", NEIGHBOUR])
def test_nobody_reads_or_corrects_anothers_record(
    program: MakeProgram, recorded: tuple[Program, int], login: str
) -> None:
    other, (_staff, made) = program(login), recorded
    assert other.get(f"/ledger/requests/{made}/records").status_code == 404
    assert answer(other, made, "correct", minutes=10).status_code == 404
    assert not Correction.select().exists()


def test_what_is_not_recorded_has_no_records_and_nothing_to_correct(program: MakeProgram) -> None:
    staff = program()
    made = ask(staff).json["id"]
    assert records(staff, made) == {
        "records": [],
        "waiting": None,
        "refused": None,
        "supplement": None,
    }
    assert answer(staff, made, "correct", minutes=10).json["rule"] == "L6"


def bring(program: Program, request_id: int, text: str) -> Any:
    return program.post(f"/ledger/requests/{request_id}/bring-home", json={"text": text})


def test_one_line_is_brought_home_and_taken_back(recorded: tuple[Program, int]) -> None:
    staff, made = recorded
    kept = {"request_id": made, "text": "窓口の案内図"}
    for _twice in range(2):
        assert bring(staff, made, " 窓口の案内図 ").json == kept
    assert staff.get(f"/ledger/requests/{made}/brought-home").json == kept
    assert AuditEntry.select().where(AuditEntry.action == "ledger.bring_home").count() == 1
    assert bring(staff, made, "").json["text"] == ""


@pytest.mark.parametrize(("text", "status"), [("一行\n二行", 422), ("あ" * 201, 400)])
def test_more_than_a_line_is_refused_by_name(
    recorded: tuple[Program, int], text: str, status: int
) -> None:
    staff, made = recorded
    said = bring(staff, made, text)
    assert said.status_code == status
    assert "text" in [said.json["field"], *(one["name"] for one in said.json["errors"])]


@pytest.mark.parametrize("login", [HEAD, "hr@koriyama", NEIGHBOUR])
def test_nobody_brings_home_for_another(
    program: MakeProgram, recorded: tuple[Program, int], login: str
) -> None:
    other, (_staff, made) = program(login), recorded
    assert bring(other, made, "気づき").status_code == 404
    assert other.get(f"/ledger/requests/{made}/brought-home").status_code == 404


def test_before_the_record_there_is_nothing_to_bring_home(program: MakeProgram) -> None:
    staff = program()
    assert bring(staff, ask(staff).json["id"], "気づき").status_code == 409
