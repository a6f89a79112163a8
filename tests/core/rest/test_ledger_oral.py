"""Oral OKs through the API: noted, confirmed, denied (rule L1)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from niwari.ledger.models import JournalEntry, Request
from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, NEIGHBOUR, STAFF, Program

from .test_ledger_answers import answer
from .test_ledger_operations import ask

MakeProgram = Callable[..., Program]
Noting = Callable[..., Any]


@pytest.fixture
def noting(world: World, program: MakeProgram) -> Noting:
    """Ask with an oral OK of the head, an hour ago if not said otherwise."""
    (head,) = [one["post_id"] for one in program().get("/ledger/answering").json]

    def note(key: str = "", hours: float = 1, **other: Any) -> Any:
        at = (world.clock() - timedelta(hours=hours)).isoformat()
        return ask(program(), key, **{"oral_by_post": head, "oral_at": at, **other})

    return note


def test_noted_it_is_reserved_at_once_and_the_head_confirms(
    program: MakeProgram, noting: Noting
) -> None:
    head, made = program(HEAD), noting().json
    assert (made["state"], made["oral_answer"]) == ("agreed", "waiting")
    assert program().get("/ledger/month").json["reserved_minutes"] == 60
    (waits,) = head.get("/ledger/waiting-oral").json
    assert waits == {
        "request": made,
        "person_name": "職員一",
        "section_name": "市民課",
        "oral_by_name": waits["oral_by_name"],
        "confirm_by": "2026-11-17",
    }
    assert head.get("/ledger/waiting").json == []
    key = str(uuid4())
    first = answer(head, made["id"], "confirm-oral", key).json
    assert (first["state"], first["oral_answer"]) == ("agreed", "confirmed")
    assert answer(head, made["id"], "confirm-oral", key).json == first
    assert head.get("/ledger/waiting-oral").json == []
    assert answer(head, made["id"], "deny-oral", note="いいえ").json["rule"] == "L2"


def test_denied_with_a_word_the_minutes_return(program: MakeProgram, noting: Noting) -> None:
    head, made = program(HEAD), noting().json
    assert answer(head, made["id"], "deny-oral").status_code == 400
    said = answer(head, made["id"], "deny-oral", note="聞いていません。").json
    assert (said["state"], said["oral_answer"]) == ("revoked", "denied")
    assert program().get("/ledger/month").json["reserved_minutes"] == 0


def test_the_same_key_reserves_once(noting: Noting) -> None:
    key = str(uuid4())
    assert noting(key).json == noting(key).json
    assert JournalEntry.select().count() == 1


@pytest.mark.parametrize(
    ("other", "status", "field"),
    [
        ({"oral_at": None}, 400, "oral_at"),
        ({"oral_by_post": None}, 400, "oral_by_post"),
        ({"oral_by_post": 999_999}, 409, "oral_by_post"),
        ({"oral_at": "2026-11-10T09:00:00"}, 400, "oral_at"),
        ({"hours": -1}, 409, "oral_at"),
        ({"hours": 24 * 30}, 409, "oral_at"),
        ({"oral_at": "0001-01-01T00:00:00+23:59"}, 409, "oral_at"),
        ({"oral_at": "9999-12-31T23:59:59-23:59"}, 409, "oral_at"),
    ],
)
def test_what_cannot_have_been_said_is_refused_by_name(
    noting: Noting, other: dict[str, Any], status: int, field: str
) -> None:
    said = noting(**other)
    assert said.status_code == status, said.json
    assert field in [said.json["field"], *(one["name"] for one in said.json["errors"])]
    assert not Request.select().exists()


def test_nobody_says_yes_to_their_own(program: MakeProgram) -> None:
    own = program().get("/me").json["post"]["post_id"]
    assert own not in [one["post_id"] for one in program().get("/ledger/answering").json]
    said = ask(program(), oral_by_post=own, oral_at="2026-11-09T23:00:00Z")
    assert said.json["rule"] == "L9"


@pytest.mark.parametrize("login", [STAFF, "hr@koriyama", NEIGHBOUR, "head@sukagawa"])
@pytest.mark.parametrize(("how", "body"), [("confirm-oral", {}), ("deny-oral", {"note": "いいえ"})])
def test_nobody_else_confirms_or_denies(
    program: MakeProgram, noting: Noting, login: str, how: str, body: dict[str, str]
) -> None:
    made = noting().json
    assert answer(program(login), made["id"], how, **body).status_code in (403, 404)
    assert Request.get().oral_answer == "waiting"
