"""Errors of the API: problem+json whatever goes wrong, in the program's language, never a page."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from niwari.db import open_database
from niwari.host.discovery import Found
from niwari.rest.shapes import LONGEST_PAGE
from niwari.testing.world import World
from tests.core.rest.conftest import API, STAFF, Program, make_token

MakeProgram = Callable[..., Program]
EVERYTHING = {"type", "title", "status", "detail", "request_id", "rule", "field", "errors"}


def assert_is_problem(answer: Any, status: int, part: str) -> None:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert set(answer.json) == EVERYTHING
    assert answer.json["status"] == status
    assert answer.json["type"] == f"docs/api.md#{part}"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "address", "options", "status", "part"),
    [
        ("GET", "/nowhere", {}, 404, "not-found"),
        ("GET", "/ledger/requests/1", {}, 404, "not-found"),
        ("GET", "/ledger/requests/99999999999999999999", {}, 404, "not-found"),
        ("GET", "/%00", {}, 404, "not-found"),
        ("GET", "/resources/%ff%fe", {}, 404, "not-found"),
        ("DELETE", "/me", {}, 405, "method-not-allowed"),
        ("GET", "/people?limit=0", {}, 400, "wrong-parameters"),
        ("GET", "/people?limit=1&limit=2", {}, 400, "wrong-parameters"),
        ("GET", "/me?x=1", {}, 400, "wrong-parameters"),
        ("GET", "/people?municipality_code=%00", {}, 400, "wrong-parameters"),
        ("POST", "/ledger/requests", {"data": "x=1"}, 415, "unsupported-media-type"),
        ("POST", "/ledger/requests", {"data": {"purpose": "x"}}, 415, "unsupported-media-type"),
        ("POST", "/ledger/requests", {"data": "x" * 600_000}, 413, "too-large"),
        ("POST", "/ledger/requests", {"data": "{"}, 400, "wrong-parameters"),
        ("POST", "/ledger/requests", {"data": "[]"}, 400, "wrong-parameters"),
        ("POST", "/ledger/requests", {"data": b"\xff"}, 400, "wrong-parameters"),
        ("POST", "/ledger/requests", {"data": "[" * 100_000}, 400, "wrong-parameters"),
    ],
)
def test_whatever_is_wrong_is_answered_as_a_problem(
    program: MakeProgram, method: str, address: str, options: dict[str, Any], status: int, part: str
) -> None:
    kind = {} if status == 415 else {"content_type": "application/json"}
    one = program()
    headers = {
        "Authorization": f"Bearer {one.token}",
        "Idempotency-Key": "0123456789",
        "Accept": "text/html",
    }
    answer = one.client.open(API + address, method=method, headers=headers, **options, **kind)
    assert_is_problem(answer, status, part)


def test_without_a_token_it_is_a_problem_and_no_way_to_sign_in(world: World) -> None:
    answer = world.anonymous().get(f"{API}/me", headers={"Accept": "text/html"})
    assert_is_problem(answer, 401, "unauthorized")


def test_what_is_not_allowed_is_named_with_what_is(program: MakeProgram) -> None:
    assert program().post("/people").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_a_wrong_parameter_is_named_with_what_is_expected(program: MakeProgram) -> None:
    (wrong,) = program().get("/people?limit=many").json["errors"]
    assert (wrong["source"], wrong["name"]) == ("query", "limit")
    assert (wrong["expected"]["minimum"], wrong["expected"]["maximum"]) == (1, LONGEST_PAGE)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Not found"),
        ("en-GB,en;q=0.9", "Not found"),
        ("ja", "見つかりません"),
        ("", "見つかりません"),
        ("de", "見つかりません"),
    ],
)
def test_a_problem_is_in_the_programs_language(
    program: MakeProgram, language: str, title: str
) -> None:
    answer = program().get("/nowhere", headers={"Accept-Language": language})
    assert answer.json["title"] == title


def test_a_failure_is_a_problem_whose_number_is_in_the_log_and_says_nothing_of_insides(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    token = make_token(world, STAFF)
    open_database("sqlite:////no/such/folder/niwari.db")
    with caplog.at_level(logging.ERROR):
        answer = world.anonymous().get(f"{API}/me", headers={"Authorization": f"Bearer {token}"})
    assert_is_problem(answer, 500, "failure")
    assert answer.json["request_id"] in caplog.text
    assert "unable to open" in caplog.text
    assert "unable to open" not in answer.text
    assert token not in caplog.text


def test_a_part_in_quarantine_is_a_problem(
    open_world: Callable[..., World], trial_plugins: Mapping[str, Found]
) -> None:
    world = open_world([trial_plugins["dummy"]])
    (resource,) = world.host.plugins["dummy"].contributions.resources
    from niwari_dummy.plugin import _sample

    _sample(world.ctx_for(STAFF))
    object.__setattr__(resource, "title", lambda _row: 1 / 0)
    one = Program(world.anonymous(), make_token(world, STAFF))
    for _time in range(7):
        answer = one.get("/resources/dummy.note")
    assert_is_problem(answer, 503, "unavailable")


def test_pages_stay_pages(world: World) -> None:
    answer = world.client_for(STAFF).get("/apis", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html"
