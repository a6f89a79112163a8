"""Municipalities, sections and people: those of the region, a page at a time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from niwari.directory.models import Appointment, Municipality, RegionMembership
from niwari.testing.world import MIHARU, World
from tests.core.rest.conftest import API, IT, STAFF, Program

MakeProgram = Callable[..., Program]
LISTS = ("/municipalities", "/sections", "/people", "/ledger/requests")


def leave_region(code: str) -> None:
    """Let a town's membership of the region end yesterday."""
    town = Municipality.get(Municipality.code == code)
    RegionMembership.update(ends_on=date(2026, 11, 9)).where(
        RegionMembership.municipality == town.id
    ).execute()


def everything(program: Program, address: str, limit: int) -> list[Any]:
    """All items of a list, read along its links."""
    found: list[Any] = []
    here: str | None = f"{address}{'&' if '?' in address else '?'}limit={limit}"
    while here is not None:
        answer = program.get(here)
        assert answer.status_code == 200
        assert len(answer.json["items"]) <= limit
        found += answer.json["items"]
        link = answer.headers.get("Link")
        assert (link is None) == (answer.json["next_cursor"] is None)
        here = link.removeprefix(f"<{API}").partition(">")[0] if link else None
    return found


@pytest.mark.parametrize("address", ["/municipalities", "/sections", "/people"])
def test_page_by_page_a_list_gives_each_item_once(program: MakeProgram, address: str) -> None:
    one = program()
    whole = everything(one, address, 100)
    assert len(whole) > 3
    assert everything(one, address, 3) == whole


def test_people_of_the_region_are_there_with_no_account_and_no_address(
    program: MakeProgram,
) -> None:
    found = everything(program(), "/people", 100)
    assert {one["municipality_code"] for one in found} > {"072036", MIHARU}
    assert "koriyama" not in str(found)
    assert "@" not in str(found)


def test_a_concurrent_post_is_an_item_of_its_own(world: World, program: MakeProgram) -> None:
    person = world.ctx_for("staff5@koriyama").person_id
    found = [one for one in everything(program(), "/people", 100) if one["person_id"] == person]
    assert len({one["post_id"] for one in found}) == 2


def test_who_has_left_and_who_has_yet_to_come_is_not_there(
    world: World, program: MakeProgram
) -> None:
    gone, coming = (world.ctx_for(f"staff{n}@koriyama").acting.id for n in ("2", "3"))
    Appointment.update(ends_on=date(2026, 11, 9)).where(Appointment.id == gone).execute()
    Appointment.update(starts_on=date(2026, 11, 11)).where(Appointment.id == coming).execute()
    posts = {one["post_id"] for one in everything(program(), "/people", 100)}
    assert not posts & {gone, coming}


def test_a_municipality_that_left_the_region_is_not_there(program: MakeProgram) -> None:
    leave_region(MIHARU)
    one = program()
    assert MIHARU not in {item["code"] for item in everything(one, "/municipalities", 100)}
    assert MIHARU not in {item["municipality_code"] for item in everything(one, "/people", 100)}
    for address in ("/people", "/sections"):
        answer = one.get(f"{address}?municipality_code={MIHARU}")
        assert answer.status_code == 404
        assert answer.json["field"] == "municipality_code"


def test_a_municipality_without_a_region_is_alone(program: MakeProgram) -> None:
    leave_region(MIHARU)
    one = program("staff@miharu")
    assert [item["code"] for item in everything(one, "/municipalities", 100)] == [MIHARU]
    people = everything(one, "/people", 100)
    assert {item["municipality_code"] for item in people} == {MIHARU}


def test_people_and_sections_of_one_municipality(program: MakeProgram) -> None:
    one = program()
    for address in ("/people", "/sections"):
        found = everything(one, f"{address}?municipality_code={MIHARU}", 100)
        assert {item["municipality_code"] for item in found} == {MIHARU}


def test_the_municipality_itself_reads_the_directory_too(program: MakeProgram) -> None:
    assert len(everything(program(IT, of_municipality=True), "/people", 100)) > 10


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "",
        "%00",
        "é",
        "WyJhIl0",
        "W10",
        "bnVsbA",
        "Wzk5OTk5OTk5OTk5OSwxXQ",
        "WyIAIl0",
        "WyJcdTAwMDAiXQ",
    ],
)
def test_a_cursor_that_was_not_given_is_refused_or_an_empty_page(
    program: MakeProgram, address: str, cursor: str
) -> None:
    answer = program().get(f"{address}?after={cursor}")
    if answer.status_code == 400:
        assert answer.json["errors"][0]["name"] == "after"
    else:
        assert answer.status_code == 200


@pytest.mark.parametrize("address", ["/municipalities", "/sections", "/people"])
def test_a_page_costs_the_token_and_no_more_than_two_queries(
    program: MakeProgram, queries: Any, address: str
) -> None:
    one = program()
    one.get(address)  # the first writes that the token was used, and learns what is on
    with queries() as few:
        assert one.get(f"{address}?limit=1").status_code == 200
    with queries() as many:
        assert one.get(f"{address}?limit=100").status_code == 200
    assert len(few) == len(many) <= 3


def test_nobody_needs_more_than_the_scope(program: MakeProgram) -> None:
    one = program(STAFF, scopes=["ledger.read"])
    assert one.get("/people").status_code == 403
