"""Time that is over through the API, where the municipality takes that (rule L1)."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from niwari.ledger.models import Request
from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, NEIGHBOUR, Program

from .test_ledger_answers import answer
from .test_ledger_operations import ask

MakeProgram = Callable[..., Program]
YESTERDAY = {"after_fact": True, "work_date": "2026-11-09", "starts": "09:00", "ends": "10:00"}
OVER = {"asked_minutes": None, **YESTERDAY}


@pytest.fixture
def taken(world: World) -> None:
    """Koriyama takes it."""
    world.set_settings("it@koriyama", "ledger", after_fact=True)


@pytest.mark.usefixtures("taken")
def test_it_is_asked_for_answered_and_recorded_with_its_mark(program: MakeProgram) -> None:
    staff, head, key = program(), program(HEAD), str(uuid4())
    made = ask(staff, key, **OVER).json
    assert (made["state"], made["after_fact"]) == ("requested", True)
    assert ask(staff, key, **OVER).json == made
    assert staff.get("/ledger/month").json["reserved_minutes"] == 0
    (waits,) = head.get("/ledger/waiting").json
    assert waits["request"] == made
    agreed = answer(head, made["id"], "agree").json
    assert (agreed["state"], agreed["after_fact"]) == ("agreed", True)
    done = staff.post(f"/ledger/requests/{made['id']}/record", json={"minutes": 60}).json
    assert (done["state"], done["after_fact"]) == ("recorded", True)
    assert ask(staff, work_date="2026-11-18").json["after_fact"] is False


@pytest.mark.usefixtures("taken")
def test_what_a_rule_refuses_names_it(program: MakeProgram) -> None:
    late = ask(program(), **{**OVER, "work_date": "2026-11-01"})
    ahead = ask(program(), **{**OVER, "work_date": "2026-11-11"})
    elsewhere = ask(program(NEIGHBOUR), **OVER)
    said = [(one.status_code, one.json["rule"]) for one in (late, ahead, elsewhere)]
    assert said == [(409, "L1")] * 3
    assert Request.select().count() == 0


def test_off_it_is_refused(program: MakeProgram) -> None:
    assert ask(program(), **OVER).json["rule"] == "L1"
    assert Request.select().count() == 0
