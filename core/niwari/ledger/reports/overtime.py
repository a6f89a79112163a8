"""20% time and overtime side by side, by groups of sections (R-108)."""

from niwari.context import Context
from niwari.ledger.reports.description import Cell, Column, Report, Table
from niwari.ledger.reports.groups import Groups, groups_of
from niwari.ledger.reports.sums import Sums, summed
from niwari.ledger.reports.suppression import Key
from niwari.ledger.reports.used import BY_GROUP, lines_by_group, used_in
from niwari.ledger.reports.words import ALL, dated_label, months_of
from niwari.ledger.worktime import Period, PeriodKind, period_of
from niwari.specs.contributions import Label

NAME = "overtime"
TITLE = Label("20%の時間と時間外勤務", "20% time and overtime")

TWENTY = Label("20%の時間", "20% time")
OVERTIME = Label("時間外勤務", "Overtime")

# Overtime is of the section of the main post on the month's first day, else of the first after it.
_OVER = """
WITH grouped(section_id, grp) AS ({values}), placed AS (
  SELECT o.person_id, o.month, o.minutes,
         (SELECT p.section_id FROM directory_appointment p
           WHERE p.person_id = o.person_id AND p.municipality_id = o.municipality_id
             AND p.is_main AND (p.ends_on IS NULL OR p.ends_on >= o.month)
           ORDER BY p.starts_on, p.id LIMIT 1) AS section_id
    FROM ledger_overtime o
   WHERE o.municipality_id = ? AND o.month BETWEEN ? AND ? AND o.minutes <> 0
), work AS (
  SELECT placed.person_id, COALESCE(g.grp, 0) AS grp,
         substr(CAST(placed.month AS TEXT), 1, 7) AS month, placed.minutes
    FROM placed LEFT JOIN grouped g ON g.section_id = placed.section_id
)
"""


def overtime(ctx: Context, period: Period) -> Report:
    """Return 20% time and overtime of a month or a fiscal year, side by side: nobody is listed (L14).

    By groups of sections, and by months of the fiscal year. What is hidden (L15) is found for the
    whole year, so that a month taken off a year tells nothing. Four queries.
    """
    year = period_of(PeriodKind.FISCAL_YEAR, period.starts_on)
    groups = groups_of(ctx)
    both = (used_in(ctx, groups, year), _overtime_in(ctx, groups, year))
    return Report(
        NAME,
        TITLE,
        Label(
            "20%の時間が増えた月に時間外勤務も増えていないかを、部局ごとに確かめられます。",
            "Whether overtime grows where 20% time does, by groups of sections.",
        ),
        period.key,
        (_by_group(groups, both, period), _by_month(both, year)),
        (
            Label(
                "時間外勤務は、取り込んだファイルの数字です。取り込んでいない月は0になります。",
                "Overtime is what was imported; months without a file are 0.",
            ),
        ),
    )


def _overtime_in(ctx: Context, groups: Groups, year: Period) -> Sums:
    span = [ctx.municipality.id, year.starts_on, year.ends_on]
    sums = summed(_OVER.format(values=groups.values) + BY_GROUP, span)
    return sums.hiding(lines_by_group(sums))


_Both = tuple[Sums, Sums]


def _columns(first: Label) -> tuple[Column, ...]:
    return (
        Column(first),
        Column(Label("20%を使った人数", "People with 20% time"), "number"),
        Column(TWENTY, "minutes"),
        Column(Label("時間外勤務のあった人数", "People with overtime"), "number"),
        Column(OVERTIME, "minutes"),
    )


def _amounts(both: _Both, key: Key) -> tuple[Cell, ...]:
    return tuple(cell for sums in both for cell in (sums.people(key), sums.amount(key)))


def _by_group(groups: Groups, both: _Both, period: Period) -> Table:
    month = period.key if period.kind is PeriodKind.MONTH else None

    def key(group: str) -> Key:
        return ("group_month", group, month) if month else ("grp", group)

    return Table(
        "groups",
        Label("部局ごと", "By groups of sections"),
        _columns(Label("部局", "Group")),
        tuple(
            (name, *_amounts(both, key(group)))
            for group, name in groups.labelled()
            if any(("grp", group) in sums.cells for sums in both)
        ),
        (ALL, *_amounts(both, ("month", month) if month else ("all",))),
        drawn=(2, 4),
    )


def _by_month(both: _Both, year: Period) -> Table:
    return Table(
        "months",
        Label("月ごと", "By month"),
        _columns(Label("月", "Month")),
        tuple((dated_label(one), *_amounts(both, ("month", one.key))) for one in months_of(year)),
        (ALL, *_amounts(both, ("all",))),
        drawn=(2, 4),
    )
