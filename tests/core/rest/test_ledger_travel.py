"""Travel time through the API: fields of the request, lines in the answer (rule L16)."""

from collections.abc import Callable

from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, Program

from .test_ledger_answers import answer
from .test_ledger_operations import ask

MakeProgram = Callable[..., Program]


def test_asked_for_with_the_request_and_answered_as_lines(
    world: World, program: MakeProgram
) -> None:
    world.set_settings("it@koriyama", "ledger", travel=True)
    staff, head = program(), program(HEAD)
    made = ask(staff, travel_there=30, travel_back=45).json
    assert [(one["travel"], one["asked_minutes"]) for one in made["ways"]] == [
        ("there", 30),
        ("back", 45),
    ]
    (waits,) = head.get("/ledger/waiting").json
    assert len(waits["request"]["ways"]) == 2
    agreed = answer(head, made["id"], "agree").json
    assert {one["state"] for one in agreed["ways"]} == {"agreed"}
    there = staff.get(f"/ledger/requests/{made['ways'][0]['id']}").json
    assert (there["travel"], there["travel_for"], there["ways"]) == ("there", made["id"], [])
    assert answer(head, there["id"], "revoke").json["rule"] == "L16"


def test_where_it_is_off_the_answer_names_the_field(program: MakeProgram) -> None:
    refused = ask(program(), travel_there=30).json
    assert (refused["rule"], refused["field"]) == ("L16", "travel_there")
