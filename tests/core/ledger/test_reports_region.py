"""The region's matrix: real classes, exact minutes, and no number about fewer than five people (L15)."""

from datetime import date

import pytest

from niwari.directory.models import Municipality, RegionMembership
from niwari.ledger.models import Account
from niwari.ledger.plugin import activities
from niwari.ledger.reports.region import region_matrix

from .conftest import OFFERED
from .reporting import YEAR, Records, lines

KNOWN = {**OFFERED, **{one.code: one for one in activities()}}


@pytest.fixture
def koriyama(world):
    """What may be recorded in Koriyama."""
    return Records("072036")


@pytest.fixture
def sukagawa(world):
    """And in Sukagawa."""
    return Records("072079")


@pytest.fixture
def matrix(ledger):
    """Return a table of the matrix, as lines."""

    def of(code, *, closed=True):
        if closed:
            Account.update(closed_at=ledger.world.clock()).execute()
        return lines(region_matrix(ledger.ctx("secretariat"), YEAR, KNOWN).table(code))

    return of


def test_months_that_are_open_are_not_in_it(koriyama, matrix):
    """Else what one day has more than the day before would be one person's."""
    for post in koriyama.people(6):
        koriyama.record(post, 60)
    assert matrix("class", closed=False)["合計"]["合計"] == 0
    assert matrix("class")["合計"]["合計"] == 360


def test_real_classes_and_exact_minutes(koriyama, sukagawa, matrix):
    for post in koriyama.people(5):
        koriyama.record(post, 61, activity="consult", discreet=True)
    for post in sukagawa.people(6):
        sukagawa.record(post, 17, activity="consult", discreet=True)
    found = matrix("class")
    assert found["郡山市"]["相談"] == 305
    assert found["須賀川市"] == {"相談": 102, "合計": 102, "人数": 6}
    assert found["合計"]["合計"] == 407


def test_time_at_other_municipalities(koriyama, matrix):
    for post in koriyama.people(5):
        koriyama.record(post, 120, place="other_municipality")
        koriyama.record(post, 60, date(2026, 12, 1))
    found = matrix("place")
    assert found["郡山市"]["ほかの市町村"] == 600
    assert found["郡山市"]["合計"] == 900


def test_few_people_of_a_town_are_hidden_by_rows_columns_and_totals(koriyama, sukagawa, matrix):
    for post in sukagawa.people(2):
        sukagawa.record(post, 60, activity="consult")
    for post in sukagawa.people(9):
        sukagawa.record(post, 60)
    for post in koriyama.people(20):
        koriyama.record(post, 60, activity="consult")
        koriyama.record(post, 60)
    found = matrix("class")
    assert found["須賀川市"]["相談"] == "＊"
    for line in found.values():
        hidden = [name for name in ("相談", "学び・相談", "合計") if line[name] == "＊"]
        assert len(hidden) != 1, "the others of a row tell the one that is hidden"
    for name in ("相談", "学び・相談", "合計"):
        assert [line[name] for line in found.values()].count("＊") != 1, "and those of a column"


def test_the_same_total_in_both_tables_is_hidden_in_both(koriyama, sukagawa, matrix):
    """A town's total stands beside its classes and beside its places."""
    for post in sukagawa.people(3):
        sukagawa.record(post, 60)
    for post in koriyama.people(9):
        koriyama.record(post, 60)
    for code in ("class", "place"):
        assert matrix(code)["須賀川市"]["合計"] == "＊", code
        assert matrix(code)["郡山市"]["合計"] == "＊", code


def test_only_the_own_region(koriyama, matrix):
    RegionMembership.delete().where(
        RegionMembership.municipality == Municipality.get(code="072079")
    ).execute()
    assert "須賀川市" not in matrix("place")
