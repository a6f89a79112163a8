"""The region's matrix: its municipalities by class and by place, for the secretariat (rule L15)."""

from collections.abc import Mapping, Sequence

from niwari.context import Context
from niwari.directory.regions import towns_of_region
from niwari.ledger.reports.description import Column, Report, Row, Table
from niwari.ledger.reports.disposed import with_disposed
from niwari.ledger.reports.sums import Sums, levels, summed
from niwari.ledger.reports.suppression import Key, Line
from niwari.ledger.reports.words import ALL, PEOPLE, class_label
from niwari.ledger.words import PLACE_LABELS
from niwari.ledger.worktime import Period
from niwari.specs.contributions import Activity, Label

NAME = "region"

_WORK = """
WITH work AS (
  SELECT a.person_id, a.municipality_id AS town, r.activity AS class, r.place,
         SUM(e.used_delta) AS minutes
    FROM ledger_account a
    JOIN ledger_journal_entry e ON e.account_id = a.id
    JOIN ledger_request r ON r.id = e.request_id
   WHERE a.municipality_id IN ({towns}) AND a.starts_on BETWEEN ? AND ? AND e.used_delta <> 0
     AND a.closed_at IS NOT NULL
   GROUP BY 1, 2, 3, 4 HAVING SUM(e.used_delta) <> 0
)
"""
_LEVELS = levels(
    ("by_class", "town", "class"),
    ("by_place", "town", "place"),
    ("town", "town"),
    ("class", "class"),
    ("place", "place"),
    ("all",),
)


def region_matrix(ctx: Context, year: Period, activities: Mapping[str, Activity]) -> Report:
    """Return the matrix of the acting person's region in a fiscal year, in two queries.

    Three of a year that a municipality may have disposed of.

    Each municipality by class, and by place, of which other municipalities are one. Real classes are
    told here alone (rule L14), and no number about fewer than 5 people (L15). Minutes are exact,
    and of closed months alone: else the difference from one day to the next would be one person's.
    """
    towns = towns_of_region(ctx)
    sums = _sums(list(towns), year)
    classes, places = sums.of("class"), list(PLACE_LABELS)
    report = Report(
        NAME,
        Label("広域圏の集計", "The region's matrix"),
        Label(
            "どの市町村の職員が、どこで、どの種類の活動をしたかを、時間でまとめています。場所には、ほかの市町村も含みます。",
            "Each municipality by class and by place, other municipalities among them.",
        ),
        year.key,
        (
            _table(
                sums,
                towns,
                "by_place",
                Label("市町村と場所", "By municipality and place"),
                [(code, PLACE_LABELS[code]) for code in places],
            ),
            _table(
                sums,
                towns,
                "by_class",
                Label("市町村と活動の種類", "By municipality and class"),
                [(code, class_label(code, activities)) for code in classes],
            ),
        ),
        (
            Label(
                "締めた月の、枠に数える活動の記録だけです。締めていない月は入っていません。",
                "Only what counts, of closed months. Months that are still open are not in it.",
            ),
        ),
    )
    return with_disposed(ctx, report, year, towns)


def _sums(towns: Sequence[int], year: Period) -> Sums:
    text = _WORK.format(towns=", ".join(["?"] * len(towns))) + _LEVELS
    sums = summed(text, [*towns, year.starts_on, year.ends_on])
    whole: Key = ("all",)
    here = sums.of("town")
    lines = [Line(whole, tuple(("town", town) for town in here))]
    for kind, by in (("class", "by_class"), ("place", "by_place")):
        codes = sums.of(kind)
        lines.append(Line(whole, tuple((kind, code) for code in codes)))
        lines += [Line((kind, code), tuple((by, town, code) for town in here)) for code in codes]
        lines += [Line(("town", town), tuple((by, town, code) for code in codes)) for town in here]
    return sums.hiding(lines)


def _table(
    sums: Sums,
    towns: Mapping[int, str],
    by: str,
    title: Label,
    across: Sequence[tuple[str, Label]],
) -> Table:
    kind = by.removeprefix("by_")

    def row(town: int, name: str) -> Row:
        key = ("town", str(town))
        return (
            name,
            *(sums.amount((by, str(town), code)) for code, _ in across),
            sums.amount(key),
            sums.people(key),
        )

    return Table(
        kind,
        title,
        (
            Column(Label("市町村", "Municipality")),
            *(Column(label, "minutes") for _, label in across),
            Column(ALL, "minutes"),
            Column(PEOPLE, "number"),
        ),
        tuple(row(town, name) for town, name in towns.items()),
        (
            ALL,
            *(sums.amount((kind, code)) for code, _ in across),
            sums.amount(("all",)),
            sums.people(("all",)),
        ),
        drawn=(len(across),) if by == "by_place" else (),
    )
