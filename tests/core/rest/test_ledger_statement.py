"""One's own statement through the API: the numbers of the page, and nobody else's."""

from collections.abc import Callable
from typing import Any

import pytest

from niwari.testing.world import World
from tests.core.rest.conftest import HEAD, IT, Program

from .test_ledger_answers import answer
from .test_ledger_records import recorded

MakeProgram = Callable[..., Program]

__all__ = ["recorded"]


def test_a_month_with_its_numbers_records_and_reasons(recorded: tuple[Program, int]) -> None:
    staff, made = recorded
    answer(staff, made, "correct", minutes=30)
    said = staff.get("/ledger/statement?period=2026-11").json
    (month,) = said["months"]
    assert month == {
        "period": "2026-11",
        "base_minutes": 8835,
        "cap_minutes": 1767,
        "used_minutes": 30,
        "reserved_minutes": 0,
        "left_minutes": 1737,
        "overtime_minutes": 0,
        "corrected": month["corrected"],
    }
    assert (said["period"], said["year"]["period"]) == ("2026-11", "FY2026")
    assert (said["year"]["base_minutes"], said["year"]["cap_minutes"]) == (112_065, 22_413)
    assert [one["recorded_minutes"] for one in said["records"]] == [40, -40, 30]
    assert {one["purpose"] for one in said["records"]} == {"学び・相談"}
    days = {one["day"]: one for one in said["days"]}
    assert len(days) == 30
    assert sum(one["base_minutes"] for one in said["days"]) == 8835
    assert days["2026-11-10"]["share"] == "20%"
    assert days["2026-11-23"] == {
        "day": "2026-11-23",
        "base_minutes": 0,
        "share": None,
        "why": "勤労感謝の日",
    }


def test_a_year_has_its_twelve_months(program: MakeProgram) -> None:
    said = program().get("/ledger/statement?period=FY2026").json
    assert [one["period"] for one in said["months"]][::11] == ["2026-04", "2027-03"]
    assert len(said["days"]) == 365
    assert program().get("/ledger/statement").json["period"] == "2026-11"


def test_it_is_in_the_language_that_is_asked_for(recorded: tuple[Program, int]) -> None:
    staff, _made = recorded
    said = staff.get("/ledger/statement", headers={"Accept-Language": "en"}).json
    assert said["records"][0]["place"] == "Head office"


@pytest.mark.parametrize("period", ["2026-13", "FY26", "2026", "2026-11-01", "FY9999", "0000-01"])
def test_a_period_that_cannot_be_is_named_as_wrong(program: MakeProgram, period: str) -> None:
    said = program().get(f"/ledger/statement?period={period}")
    assert said.status_code == 400
    assert said.json["errors"][0]["name"] == "period"


def test_others_get_their_own_and_a_municipalitys_token_none(
    program: MakeProgram, recorded: tuple[Program, int]
) -> None:
    assert program(HEAD).get("/ledger/statement").json["records"] == []
    assert program(IT, of_municipality=True).get("/ledger/statement").status_code == 403
    assert program(scopes=["ledger.read"]).get("/ledger/statement").status_code == 403


def test_it_costs_the_token_and_four_queries(
    world: World, recorded: tuple[Program, int], queries: Any
) -> None:
    staff, _made = recorded
    staff.get("/ledger/statement")
    with queries() as log:
        assert staff.get("/ledger/statement?period=FY2026").status_code == 200
    assert len(log) <= 5
