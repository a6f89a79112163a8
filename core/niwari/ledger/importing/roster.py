"""Importing roster.csv: single days off the pattern."""

from datetime import date

from niwari.context import Context, MunicipalityRef
from niwari.directory.cells import plain_login
from niwari.directory.importing.columns import needed
from niwari.directory.importing.planned import Plan, Values, carry_out
from niwari.errors import N_
from niwari.ledger.importing.columns import ROSTER
from niwari.ledger.importing.dated import DatedLine, DatedRows, plan_dated
from niwari.ledger.importing.hours import hours_of
from niwari.ledger.importing.people import ImportReport, report_of
from niwari.ledger.models import RosterRow
from niwari.ledger.worktime import format_hours
from niwari.tabular import Reader, Refusals, Row, choice_of, day_of

COLUMNS = needed(ROSTER)
WORK, OFF = "work", "off"


def import_roster(ctx: Context, data: bytes) -> ImportReport:
    """Import the bytes of roster.csv as a whole: days that somebody works otherwise (週休日の振替).

    A line replaces the pattern on its Tokyo day, and with it holidays and closures. Importing the
    same file again changes nothing; other times of the same person and day replace the stored ones.
    Base and cap follow (ledger rule L8); a closed month keeps its base, and HR is shown what it would
    be (L7).

    Raises ``ImportRefused`` with all bad lines, and has then written nothing: somebody who is not
    in the directory, times that cannot be read, a day of work without times or a day off with some,
    two lines of a person for one day, a new one of a fiscal year that was disposed of.
    """
    return report_of(carry_out(ctx, plan_roster, data))


def plan_roster(ctx: Context, data: bytes, town: MunicipalityRef | None) -> Plan:
    """Plan what ``import_roster`` does, for the people of ``town`` alone if it is given."""
    return plan_dated(ctx, data, town, _ROSTER)


def _line(row: Row, refusals: Refusals) -> DatedLine | None:
    values = row.read(_READERS, refusals)
    if values is None:
        return None
    hours, kind = format_hours(values["intervals"]), values["kind"]
    if kind == WORK and not hours:
        refusals.add(
            row.line,
            "intervals",
            N_("勤務の時間を 08:30-12:00 13:00-17:15 のように書いてください。"),
        )
        return None
    if kind == OFF and hours:
        refusals.add(
            row.line,
            "intervals",
            N_("休み（off）の日には時間を書けません。空にするか、kind を work にしてください。"),
        )
        return None
    return DatedLine(row.line, values["login"], values["date"], hours)


def _values(day: date, hours: str) -> Values:
    return (("date", day.isoformat()), ("intervals", hours), ("kind", WORK if hours else OFF))


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "date": day_of,
    "intervals": hours_of,
    "kind": choice_of((WORK, OFF)),
}

_ROSTER = DatedRows(
    action="ledger.import_roster",
    columns=COLUMNS,
    line=_line,
    model=RosterRow,
    day=RosterRow.day,
    content=RosterRow.hours,
    column="date",
    repeated=N_("%(line)s行目と同じ人の、同じ日の行です。"),
    values=_values,
)
