"""Saying through the API that one is absent, and reading that a host was of another mind (L14, L18)."""

from collections.abc import Callable
from datetime import datetime

import pytest

from niwari.clock import TOKYO
from niwari.ledger.closing.closing import close
from niwari.ledger.models import JournalEntry, Request
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, NEIGHBOUR, Program

from .test_ledger_answers import answer
from .test_ledger_operations import ask

MakeProgram = Callable[..., Program]
NOON = datetime(2026, 11, 18, 12, tzinfo=TOKYO)


@pytest.fixture
def agreed(world: World, program: MakeProgram) -> tuple[Program, int]:
    """A program of the person, and a request of 60 minutes whose day has come."""
    staff = program()
    made = int(ask(staff).json["id"])
    answer(program(HEAD), made, "agree")
    world.clock.set(NOON)
    return staff, made


def address(made: int) -> str:
    return f"/ledger/requests/{made}"


def reserved(program: Program) -> int:
    return int(program.get("/ledger/month?month=2026-11").json["reserved_minutes"])


def test_absent_the_minutes_return_and_again_changes_nothing(agreed: tuple[Program, int]) -> None:
    staff, made = agreed
    assert reserved(staff) == 60
    first = staff.post(f"{address(made)}/cancel")
    assert (first.status_code, first.json["state"]) == (200, "cancelled")
    assert reserved(staff) == 0
    entries = JournalEntry.select().count()
    assert staff.post(f"{address(made)}/cancel").json == first.json
    assert staff.get(address(made)).json == first.json
    assert JournalEntry.select().count() == entries


def test_before_it_begins_what_was_not_joined_is_withdrawn_and_not_cancelled(
    world: World, agreed: tuple[Program, int]
) -> None:
    staff, made = agreed
    world.clock.set(NOON.replace(day=17))
    said = staff.post(f"{address(made)}/cancel")
    assert (said.status_code, said.json["rule"]) == (409, "L18")
    assert Request.get().state == "agreed"


def test_what_is_recorded_is_not_cancelled(agreed: tuple[Program, int]) -> None:
    staff, made = agreed
    staff.post(f"{address(made)}/record", json={"minutes": 40})
    said = staff.post(f"{address(made)}/cancel")
    assert (said.status_code, said.json["rule"]) == (409, "L18")
    assert Request.get().state == "recorded"


def test_in_a_closed_month_nothing_is_cancelled(world: World, agreed: tuple[Program, int]) -> None:
    staff, made = agreed
    world.clock.set(NOON.replace(month=12, day=1))
    close(world.ctx_for("hr@koriyama"), period_of(PeriodKind.MONTH, NOON.date()))
    Request.update(state="agreed").where(Request.id == made).execute()
    said = staff.post(f"{address(made)}/cancel")
    assert (said.status_code, said.json["rule"]) == (409, "L7")
    assert Request.get().state == "agreed"


@pytest.mark.parametrize("login", [HEAD, "hr@koriyama", NEIGHBOUR])
def test_nobody_cancels_anothers(
    program: MakeProgram, agreed: tuple[Program, int], login: str
) -> None:
    other = program(login)
    assert other.post(f"{address(agreed[1])}/cancel").status_code == 404
    assert other.post(f"{address(9_999_999)}/cancel").status_code == 404
    assert Request.get().state == "agreed"


def test_who_may_only_read_cancels_nothing(
    program: MakeProgram, agreed: tuple[Program, int]
) -> None:
    reader = program(scopes=["ledger.read"])
    assert reader.post(f"{address(agreed[1])}/cancel").status_code == 403
    assert Request.get().state == "agreed"


def test_whom_a_host_saw_reads_it_and_takes_nothing_back(agreed: tuple[Program, int]) -> None:
    staff, made = agreed
    assert staff.get(address(made)).json["attended_at"] is None
    Request.update(attended_at=NOON).where(Request.id == made).execute()
    assert staff.get(address(made)).json["attended_at"] == "2026-11-18T03:00:00Z"
    for act in ("cancel", "withdraw"):
        said = staff.post(f"{address(made)}/{act}")
        assert (said.status_code, said.json["rule"]) == (409, "L18")
    assert (Request.get().state, reserved(staff)) == ("agreed", 60)
