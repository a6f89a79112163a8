"""Importing patterns.csv: weekly hours from a day on."""

from datetime import date

from niwari.context import Context, MunicipalityRef
from niwari.directory.cells import plain_login
from niwari.directory.importing.columns import needed
from niwari.directory.importing.planned import Plan, Values, carry_out
from niwari.errors import N_
from niwari.ledger.importing.columns import PATTERNS
from niwari.ledger.importing.dated import DatedLine, DatedRows, plan_dated
from niwari.ledger.importing.disposed import GONE_SINCE
from niwari.ledger.importing.hours import hours_of
from niwari.ledger.importing.people import ImportReport, report_of
from niwari.ledger.models import WorkPattern, read_week, week_text
from niwari.ledger.worktime import format_hours
from niwari.tabular import Reader, Refusals, Row, day_of

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COLUMNS = needed(PATTERNS)


def import_patterns(ctx: Context, data: bytes) -> ImportReport:
    """Import the bytes of patterns.csv as a whole.

    A pattern is valid from its Tokyo day ``from`` until the person's next one. Importing the same
    file again changes nothing; other hours from the same day replace the stored ones, and whether
    the pattern observes holidays stays. Base and cap follow; a closed month
    keeps its base, and HR is shown what it would be (ledger rule L7).

    Raises ``ImportRefused`` with all bad lines, and has then written nothing: somebody who is not
    in the directory, times that cannot be read or overlap, two lines of a person from one day, new
    hours from a day of a fiscal year that was disposed of.
    """
    return report_of(carry_out(ctx, plan_patterns, data))


def plan_patterns(ctx: Context, data: bytes, town: MunicipalityRef | None) -> Plan:
    """Plan what ``import_patterns`` does, for the people of ``town`` alone if it is given."""
    return plan_dated(ctx, data, town, _PATTERNS)


def _line(row: Row, refusals: Refusals) -> DatedLine | None:
    values = row.read(_READERS, refusals)
    if values is None:
        return None
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (values[d] for d in _DAYS)
    week = week_text((monday, tuesday, wednesday, thursday, friday, saturday, sunday))
    return DatedLine(row.line, values["login"], values["from"], week)


def _values(day: date, week: str) -> Values:
    hours = zip(_DAYS, map(format_hours, read_week(week)), strict=True)
    return (("from", day.isoformat()), *hours)


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "from": day_of,
    **dict.fromkeys(_DAYS, hours_of),
}

_PATTERNS = DatedRows(
    action="ledger.import_patterns",
    columns=COLUMNS,
    line=_line,
    model=WorkPattern,
    day=WorkPattern.starts_on,
    content=WorkPattern.week,
    column="from",
    repeated=N_("%(line)s行目と同じ人の、同じ日からの行です。"),
    values=_values,
    disposed=GONE_SINCE,
)
