"""The OpenAPI document says what the API does: every operation, every parameter, every field."""

import re
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from jsonschema_rs import validator_for

from niwari.rest.views import operations
from niwari.testing.world import World
from niwari_consult.resources import QUESTION
from tests.core.rest.conftest import API, STAFF, Program
from tests.core.rest.test_ledger_operations import WISH

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


def test_every_answer_has_just_the_fields_of_the_document(
    document: dict[str, Any], filled: tuple[Program, dict[str, str]]
) -> None:
    one, values = filled
    for method, path, operation in described(document):
        options: dict[str, Any] = {}
        if "requestBody" in operation:
            options = {
                "json": {**WISH, "work_date": "2026-11-19"},
                "headers": {"Idempotency-Key": str(uuid4())},
            }
        address = path.removeprefix(API).format_map(values)
        answer = (one.get if method == "GET" else one.post)(address, **options)
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
