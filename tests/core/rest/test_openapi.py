"""The OpenAPI document says what the API does: every operation, every parameter, every field."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import uuid4

import pytest
from jsonschema_rs import validator_for

from niwari.db import transaction
from niwari.host.settings import save_settings
from niwari.ledger.models import Correction
from niwari.rest.views import operations
from niwari.testing.world import World
from niwari_consult.resources import QUESTION
from tests.core.rest.conftest import API, HEAD, STAFF, Program
from tests.core.rest.test_ledger_operations import WISH
from tests.core.rest.test_standing import STANDING

MakeProgram = Callable[..., Program]


@pytest.fixture
def document(world: World) -> dict[str, Any]:
    """The document, as anybody reads it."""
    answer = world.anonymous().get(f"{API}/openapi.json")
    assert answer.mimetype == "application/json"
    return dict(answer.json)


def described(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def test_every_operation_of_the_application_is_in_the_document(
    world: World, document: dict[str, Any]
) -> None:
    served = {
        (method, re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule.rule))
        for rule in world.app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and rule.endpoint != "rest.openapi"
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(method, path) for method, path, _ in described(document)} == served


def test_every_operation_says_its_scope_and_has_a_sentence(document: dict[str, Any]) -> None:
    for _method, _path, operation in described(document):
        declared = operations.all[operation["operationId"]]
        assert f"`{declared.permission}`" in operation["description"]
        assert operation["summary"].endswith(".")


def test_every_problem_of_the_document_is_a_problem(document: dict[str, Any]) -> None:
    for _method, _path, operation in described(document):
        for status, answer in operation["responses"].items():
            expected = "application/json" if status[0] == "2" else "application/problem+json"
            assert list(answer["content"]) == [expected]


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r"#/components/schemas/([^'\"]+)", str(document)))
    assert references == set(document["components"]["schemas"])


def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert document["servers"] == [{"url": "http://localhost"}]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


@pytest.fixture
def filled(world: World, program: MakeProgram) -> tuple[Program, dict[str, str]]:
    """A program, and what stands for the variable parts of addresses; every list has an item."""
    question = QUESTION.sample(world.ctx_for(STAFF))
    one = program()
    made = one.post("/ledger/requests", json=WISH, headers={"Idempotency-Key": str(uuid4())})
    return one, {
        "kind": "consult.question",
        "id": str(question),
        "request_id": str(made.json["id"]),
    }


A_MONTH = {**STANDING, "kind": "allowance", "starts": None, "ends": None, "minutes": 30, "rule": ""}

BODIES: Mapping[str, Mapping[str, Any]] = {
    "ask": {**WISH, "work_date": "2026-11-19"},
    "record": {"minutes": 30},
    "correct": {"minutes": 20},
    "ask_standing": A_MONTH,
    "standing_plan": A_MONTH,
    "agree_standing": {"seen": "as in the plan"},
    "return_standing": {"note": "木曜にできませんか。"},
    "decline_standing": {"note": "議会があります。"},
    "revoke_standing": {"reason": "議会があります。"},
    "bring_home": {"text": "窓口の案内図"},
    "deny_oral": {"note": "聞いていません。"},
    "refuse_supplement": {"note": "会議は17時まででした。"},
    "revoke": {"reason": "議会があります。"},
    "shorten": {"minutes": 30},
    "agree": {"minutes": 30},
    "return_": {"note": "来週にできませんか。"},
    "decline": {"note": "議会があります。"},
}


AN_HOUR_AGO = "2026-11-09T23:00:00Z"

Prepare = Callable[[World, Program, Program, int], dict[str, str]]
"""Makes, for its person and head, what an operation is about on a day; returns parts of the address."""


def sent(program: Program, address: str, **body: Any) -> Any:
    return program.post(address, json=body, headers={"Idempotency-Key": str(uuid4())}).json


def requested(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """A request that waits."""
    wish = {**WISH, "work_date": f"2026-11-{day}"}
    return {"request_id": str(sent(one, "/ledger/requests", **wish)["id"])}


def agreed(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """A request that is agreed to."""
    found = requested(world, one, head, day)
    sent(head, f"/ledger/requests/{found['request_id']}/agree")
    return found


def oral(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """One that rests on an oral OK."""
    said = {"oral_by_post": head.get("/me").json["post"]["post_id"], "oral_at": AN_HOUR_AGO}
    wish = {**WISH, "work_date": f"2026-12-{day - 17:02}", **said}
    return {"request_id": str(sent(one, "/ledger/requests", **wish)["id"])}


def standing_asked(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """A standing agreement that waits."""
    made = str(sent(one, "/ledger/standing", **A_MONTH)["id"])
    return {"standing_id": made, "seen": seen_of(head, made)}


def standing_agreed(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """One that is agreed to."""
    found = standing_asked(world, one, head, day)
    sent(head, f"/ledger/standing/{found['standing_id']}/agree", seen=found["seen"])
    return found


def seen_of(head: Program, standing_id: str) -> str:
    return str(head.get(f"/ledger/standing/{standing_id}").json["plan"]["seen"])


def begun(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """One of today, agreed to, that can be recorded."""
    return agreed(world, one, head, 10)


def recorded(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """A recorded one of today."""
    found = agreed(world, one, head, 10)
    sent(one, f"/ledger/requests/{found['request_id']}/record", minutes=40)
    return found


def longer(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """A recorded one of today with minutes beyond its OK, that wait for the head."""
    ctx = world.ctx_for("it@koriyama")
    with transaction(ctx):
        save_settings(ctx, "ledger", "municipality", {"tolerance": 15})
    found = agreed(world, one, head, 10)
    length = int(one.get(f"/ledger/requests/{found['request_id']}").json["agreed_minutes"])
    sent(one, f"/ledger/requests/{found['request_id']}/record", minutes=length + 5)
    held = one.get(f"/ledger/requests/{found['request_id']}/records").json
    return {**found, "supplement_id": str(held["supplement"]["id"])}


def correction_asked(world: World, one: Program, head: Program, day: int) -> dict[str, str]:
    """A correction that waits for HR, as once the month is closed."""
    found = recorded(world, one, head, day)
    address = f"/ledger/requests/{found['request_id']}/correct"
    made = sent(one, address, minutes=20, reason="見違えました。")["id"]
    Correction.update(state="asked", after_closing=True).where(Correction.id == made).execute()
    return {"correction_id": str(made)}


PREPARED: Mapping[str, Prepare] = {
    "ledger_records": recorded,
    "correct": recorded,
    "withdraw_correction": correction_asked,
    "record": begun,
    "cancel": begun,
    "standing_list": standing_asked,
    "standing": standing_asked,
    "waiting_standing": standing_asked,
    "withdraw_standing": standing_asked,
    "agree_standing": standing_asked,
    "return_standing": standing_asked,
    "decline_standing": standing_asked,
    "revoke_standing": standing_agreed,
    "bring_home": recorded,
    "waiting_supplements": longer,
    "accept_supplement": longer,
    "refuse_supplement": longer,
    "waiting_oral": oral,
    "confirm_oral": oral,
    "deny_oral": oral,
    "revoke": agreed,
    "shorten": agreed,
    "agree": requested,
    "return_": requested,
    "decline": requested,
}


def test_every_answer_has_just_the_fields_of_the_document(
    world: World,
    document: dict[str, Any],
    filled: tuple[Program, dict[str, str]],
    program: MakeProgram,
) -> None:
    (one, found), head = filled, program(HEAD)
    for number, (method, path, operation) in enumerate(described(document)):
        name = operation["operationId"]
        asks = head if operations.all[name].permission == "ledger.decide" else one
        options: dict[str, Any] = {}
        values = dict(found)
        if name in PREPARED:
            values |= PREPARED[name](world, one, head, 24 + number % 4)
        if method == "POST":
            options = {"headers": {"Idempotency-Key": str(uuid4())}}
        if "requestBody" in operation:
            options["json"] = {**BODIES[name]}
            if "seen" in BODIES[name]:
                options["json"]["seen"] = values["seen"]
        address = path.removeprefix(API).format_map(values)
        answer = (asks.get if method == "GET" else asks.post)(address, **options)
        (status,) = (code for code in operation["responses"] if code[0] == "2")
        assert str(answer.status_code) == status, (address, answer.text)
        assert answer.json, address
        schema = operation["responses"][status]["content"]["application/json"]["schema"]
        root = {**schema, "components": document["components"]}
        validator_for(root).validate(answer.json)
        assert_nothing_undocumented(document, schema, answer.json)


def assert_nothing_undocumented(
    document: dict[str, Any], schema: dict[str, Any], said: Any
) -> None:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if isinstance(said, list):
        for item in said:
            assert_nothing_undocumented(document, schema["items"], item)
    elif isinstance(said, dict):
        assert set(said) == set(schema["properties"])
        for name, value in said.items():
            inner = schema["properties"][name]
            options = inner.get("anyOf", [inner])
            if value is not None:
                assert_nothing_undocumented(document, options[0], value)
