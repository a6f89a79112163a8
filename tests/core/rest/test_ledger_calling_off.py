"""Calling off and shortening what was agreed to, through the API (rule L4)."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

import pytest

from niwari.clock import TOKYO
from niwari.ledger.models import JournalEntry, Request
from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, NEIGHBOUR, STAFF, Program

from .test_ledger_answers import answer
from .test_ledger_operations import ask

MakeProgram = Callable[..., Program]


@pytest.fixture
def agreed(program: MakeProgram) -> tuple[Program, Program, int]:
    """The programs of the person and the head, and a request of 60 minutes that is agreed to."""
    staff, head = program(), program(HEAD)
    made = ask(staff).json["id"]
    answer(head, made, "agree")
    return staff, head, made


def reserved(program: Program) -> int:
    return int(program.get("/ledger/month?month=2026-11").json["reserved_minutes"])


def test_called_off_the_minutes_return_and_the_person_reads_why(
    agreed: tuple[Program, Program, int],
) -> None:
    staff, head, made = agreed
    key = str(uuid4())
    first = answer(head, made, "revoke", key, reason="選挙事務のため。").json
    assert (first["state"], first["ended_reason"]) == ("revoked", "選挙事務のため。")
    assert reserved(staff) == 0
    assert staff.get(f"/ledger/requests/{made}").json["ended_reason"] == "選挙事務のため。"
    entries = JournalEntry.select().count()
    assert answer(head, made, "revoke", key, reason="選挙事務のため。").json == first
    assert JournalEntry.select().count() == entries
    assert answer(head, made, "revoke").json["rule"] == "L2"


def test_shortened_the_rest_stays_reserved(agreed: tuple[Program, Program, int]) -> None:
    staff, head, made = agreed
    said = answer(head, made, "shorten", minutes=20).json
    assert (said["state"], said["agreed_minutes"]) == ("partly_agreed", 20)
    assert said["ended_reason"] == "業務都合のため"
    assert reserved(staff) == 20
    wrong = answer(head, made, "shorten", minutes=20).json
    assert (wrong["rule"], wrong["field"]) == ("L4", "minutes")


def test_what_is_over_cannot_be_called_off(
    world: World, agreed: tuple[Program, Program, int]
) -> None:
    staff, head, made = agreed
    world.clock.set(datetime(2026, 11, 19, 9, tzinfo=TOKYO))
    assert answer(head, made, "revoke").json["rule"] == "L4"
    assert reserved(staff) == 60


def test_a_discreet_class_is_called_like_most(agreed: tuple[Program, Program, int]) -> None:
    _staff, head, made = agreed
    Request.update(activity="consult", discreet=True).where(Request.id == made).execute()
    assert answer(head, made, "shorten", minutes=20).json["activity"] == "general"
    assert answer(head, made, "revoke").json["activity"] == "general"


@pytest.mark.parametrize("login", [STAFF, "hr@koriyama", NEIGHBOUR, "head@sukagawa"])
@pytest.mark.parametrize(("how", "body"), [("revoke", {}), ("shorten", {"minutes": 20})])
def test_nobody_else_calls_off(
    program: MakeProgram,
    agreed: tuple[Program, Program, int],
    login: str,
    how: str,
    body: dict[str, int],
) -> None:
    assert answer(program(login), agreed[2], how, **body).status_code in (403, 404)
    assert Request.get().state == "agreed"
