"""The year book and the page beside overtime, read together, tell of nobody under five (rule L15)."""

from collections import defaultdict
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from niwari.ledger.plugin import activities
from niwari.ledger.reports.overtime import overtime
from niwari.ledger.reports.sums import Sum, Sums
from niwari.ledger.reports.suppression import LEAST, Line
from niwari.ledger.reports.used import hidden_once
from niwari.ledger.reports.year_book import year_book

from .reporting import YEAR, Records, lines
from .test_suppression import following

CLASSES = ("consult duty", "general duty", "mentoring trip")
MONTHS = ("2026-10", "2026-11", "2026-12")
WORK = st.lists(
    st.tuples(
        st.sampled_from(CLASSES),
        st.sampled_from(MONTHS),
        st.sampled_from("12"),
        st.sampled_from([1, 2, 4, 5, 6, 12]),
    ),
    min_size=1,
    max_size=9,
)


LEVELS = {
    "all": {},
    "month": {"month"},
    "class": {"class", "basis"},
    "cell": {"class", "basis", "month"},
    "basis": {"basis"},
    "employment": {"employment"},
    "grp": {"grp"},
    "group_month": {"grp", "month"},
    "after": {"class", "basis", "after"},
    "after_all": {"after"},
    "corrected": {"class", "basis", "corrected"},
    "corrected_all": {"corrected"},
}
"""By what each kind of cell sums; what everybody can add up follows from it."""


def cells_of(work):
    """Return who is behind each cell of both reports."""
    cells = defaultdict(set)
    for number, (kind, month, group, count) in enumerate(work):
        for key in (
            ("all",),
            ("month", month),
            ("class", kind),
            ("cell", kind, month),
            ("basis", kind.split(" ")[1]),
            ("employment", "full_time"),
            ("grp", group),
            ("group_month", group, month),
            *((flag, kind, "0") for flag in ("after", "corrected")),
            *((f"{flag}_all", "0") for flag in ("after", "corrected")),
        ):
            cells[key] |= {(number, one) for one in range(count)}
    return cells


def sums_of(cells):
    """Return that each cell is the sum of those of every finer kind: what a reader of both can add up."""
    return [
        Line(whole, tuple(key for key in cells if key[0] == finer and cells[key] <= cells[whole]))
        for whole in cells
        for finer, by in LEVELS.items()
        if finer != whole[0] and set(LEVELS[whole[0]]) <= set(by)
    ]


@given(WORK)
@settings(max_examples=60, deadline=None)
def test_nothing_small_follows_from_both_together(work):
    cells = cells_of(work)
    found = hidden_once(Sums({key: Sum(len(who), 60 * len(who)) for key, who in cells.items()}))
    small = {key for key, who in cells.items() if len(who) < LEAST}
    assert small <= found.hidden
    assert small.isdisjoint(following(found.hidden, sums_of(cells)))


@pytest.mark.parametrize("few", [date(2026, 10, 1), date(2026, 12, 1)])
def test_both_reports_hide_the_same_months(ledger, few):
    records = Records("072036")
    kinds = [("general", "総務部/総務課"), ("handover", "市民部/市民課")]
    for day in (date(2026, 10, 1), date(2026, 11, 4), date(2026, 12, 1)):
        for place, (kind, path) in enumerate(kinds):
            for post in records.people((1, 2)[place] if day == few else (7, 9)[place], path):
                records.record(post, 60, day, activity=kind)
    ctx = ledger.ctx("hr@koriyama")
    known = {one.code: one for one in activities()}
    book = lines(year_book(ctx, YEAR, known).table("months"))
    beside = lines(overtime(ctx, YEAR).table("months"))
    assert {month: row["時間"] for month, row in book.items()} == {
        month: row["20%の時間"] for month, row in beside.items()
    }
    assert [row["時間"] for row in book.values()].count("＊") > 1
