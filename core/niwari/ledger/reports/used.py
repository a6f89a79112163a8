"""What was used in a fiscal year, by class and by group of sections, and what is hidden of it (L15).

The year book and the page beside overtime show the same year and months. So what is hidden is found
once for both: found apart, one might show the month that the other hides.
"""

from niwari.context import Context
from niwari.ledger.models import DISCREET_ACTIVITY
from niwari.ledger.reports.groups import Groups
from niwari.ledger.reports.sums import Sums, levels, summed
from niwari.ledger.reports.suppression import Key, Line
from niwari.ledger.worktime import Period

FLAGS = ("after", "corrected", "travel")
_WHOLE: Key = ("all",)

BY_GROUP = levels(("group_month", "grp", "month"), ("grp", "grp"), ("month", "month"), ("all",))
"""The sums over ``work`` by group (``grp``) and month."""

_BY_GROUP_WORK = """
WITH grouped(section_id, grp) AS ({values}), work AS (
  SELECT a.person_id, COALESCE(g.grp, 0) AS grp,
         substr(CAST(e.work_date AS TEXT), 1, 7) AS month, SUM(e.used_delta) AS minutes
    FROM ledger_account a
    JOIN ledger_journal_entry e ON e.account_id = a.id
    JOIN ledger_request r ON r.id = e.request_id
    LEFT JOIN grouped g ON g.section_id = r.section_id
   WHERE a.municipality_id = ? AND a.starts_on BETWEEN ? AND ? AND e.used_delta <> 0
   GROUP BY 1, 2, 3 HAVING SUM(e.used_delta) <> 0
)
"""

# What counts of each entry, by what HR may know of it. A discreet class is the default one (L14), also
# for its legal basis. A reversal stands beside the entry that it takes back, so that both are nothing.
_BY_CLASS_WORK = """
WITH entry AS (
  SELECT a.person_id, e.work_date, e.used_delta,
         CASE WHEN r.discreet THEN ? ELSE r.activity END AS class,
         p.employment, CASE WHEN r.after_fact THEN 1 ELSE 0 END AS after_fact,
         CASE WHEN r.travel_for_id IS NULL THEN 0 ELSE 1 END AS travel,
         CASE WHEN COALESCE(o.replaces_id, e.replaces_id) IS NULL THEN 0 ELSE 1 END AS corrected
    FROM ledger_account a
    JOIN ledger_journal_entry e ON e.account_id = a.id
    JOIN ledger_request r ON r.id = e.request_id
    JOIN directory_appointment p ON p.id = r.appointment_id
    LEFT JOIN ledger_journal_entry o ON o.id = e.reverses_id
   WHERE a.municipality_id = ? AND a.starts_on BETWEEN ? AND ? AND e.used_delta <> 0
), based AS (
  SELECT entry.*, COALESCE((
           SELECT b.basis FROM ledger_basis b
            WHERE b.municipality_id = ? AND b.activity = entry.class
              AND b.starts_on <= entry.work_date
            ORDER BY b.starts_on DESC LIMIT 1), 'duty') AS basis
    FROM entry
), work AS (
  SELECT person_id, employment, after_fact, corrected, travel, basis, class || ' ' || basis AS class,
         substr(CAST(work_date AS TEXT), 1, 7) AS month, SUM(used_delta) AS minutes
    FROM based GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING SUM(used_delta) <> 0
)
"""

_BY_CLASS = _BY_CLASS_WORK + levels(
    ("cell", "class", "month"),
    ("class", "class"),
    ("month", "month"),
    ("basis", "basis"),
    ("employment", "employment"),
    ("after", "class", "after_fact"),
    ("corrected", "class", "corrected"),
    ("travel", "class", "travel"),
    ("after_all", "after_fact"),
    ("corrected_all", "corrected"),
    ("travel_all", "travel"),
    ("all",),
)
# Months in which closed numbers were corrected since.
_BY_CLASS += """
UNION ALL SELECT 'marked', substr(CAST(starts_on AS TEXT), 1, 7), NULL, 0, 0 FROM ledger_account
 WHERE municipality_id = ? AND starts_on BETWEEN ? AND ? AND corrected_at IS NOT NULL GROUP BY 2
"""


def used_in(ctx: Context, groups: Groups, year: Period) -> Sums:
    """Return what was used in a fiscal year, in the same cells for every report of it; two queries.

    ``groups`` are those of today. What is hidden depends on nothing but the year.
    """
    town = ctx.municipality.id
    span = [year.starts_on, year.ends_on]
    by_group = summed(_BY_GROUP_WORK.format(values=groups.values) + BY_GROUP, [town, *span])
    by_class = summed(_BY_CLASS, [DISCREET_ACTIVITY, town, *span, town, town, *span])
    return hidden_once(Sums({**by_group.cells, **by_class.cells}))


def hidden_once(sums: Sums) -> Sums:
    """Return ``sums`` with all hidden that must be, over the lines of both reports together."""
    classes = sums.of("class")
    # The rest beside a flagged number stands nowhere, but anybody can subtract.
    rest: list[Key] = [(flag, one, "0") for flag in FLAGS for one in classes]
    rest += [(f"{flag}_all", "0") for flag in FLAGS]
    # The months' numbers stand in both reports.
    months: list[Key] = [("month", one) for one in sums.of("month")]
    return sums.hiding(lines_of(sums), unshown=rest, kept=[_WHOLE, *months])


def lines_of(sums: Sums) -> list[Line]:
    """Return which cells are sums of others, in either report."""
    return [*lines_by_group(sums), *_lines_by_class(sums), *_lines_by_flag(sums)]


def lines_by_group(sums: Sums) -> list[Line]:
    """Return the lines of groups of sections and months."""
    here, months = sums.of("grp"), sums.of("month")
    return [
        Line(_WHOLE, tuple(("grp", one) for one in here)),
        Line(_WHOLE, tuple(("month", one) for one in months)),
        *(Line(("grp", one), tuple(("group_month", one, m) for m in months)) for one in here),
        *(Line(("month", m), tuple(("group_month", one, m) for one in here)) for m in months),
    ]


def _lines_by_class(sums: Sums) -> list[Line]:
    classes, months = sums.of("class"), sums.of("month")
    return [
        *(Line(("class", one), tuple(("cell", one, m) for m in months)) for one in classes),
        *(Line(("month", m), tuple(("cell", one, m) for one in classes)) for m in months),
        *(
            Line(_WHOLE, tuple((kind, one) for one in sums.of(kind)))
            for kind in ("class", "basis", "employment")
        ),
        *(
            Line(
                ("basis", basis),
                tuple(("class", one) for one in classes if one.split(" ")[1] == basis),
            )
            for basis in sums.of("basis")
        ),
    ]


def _lines_by_flag(sums: Sums) -> list[Line]:
    classes, lines = sums.of("class"), []
    for flag in FLAGS:
        for value in ("0", "1"):
            each: tuple[Key, ...] = tuple((flag, one, value) for one in classes)
            lines.append(Line((f"{flag}_all", value), each))
        lines.append(Line(_WHOLE, ((f"{flag}_all", "0"), (f"{flag}_all", "1"))))
        lines += [Line(("class", one), ((flag, one, "0"), (flag, one, "1"))) for one in classes]
    return lines
