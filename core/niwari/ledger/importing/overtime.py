"""Importing overtime.csv: what HR's own system counts, to stand beside the 20% (R-108)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from niwari.context import Context, MunicipalityRef
from niwari.db import rows
from niwari.db.sets import chunks, put_rows
from niwari.directory.cells import plain_login
from niwari.directory.importing.columns import needed
from niwari.directory.importing.planned import Change, Outcome, Plan, Values, carry_out
from niwari.errors import N_
from niwari.ledger.importing.columns import OVERTIME
from niwari.ledger.importing.disposed import refuse_disposed
from niwari.ledger.importing.people import ImportReport, Staff, planned, report_of, staff_of
from niwari.ledger.models import Overtime
from niwari.tabular import BadCell, Reader, Refusals, Row, good_lines, normalised, shown

COLUMNS = needed(OVERTIME)

MOST_MINUTES = 31 * 24 * 60
"""A month has no more."""

# A spreadsheet makes the first day of a month, with or without a time, out of what looks like a month.
_MONTH = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})(?:[-/]0?1(?: 00:00(?::00)?)?)?")
_KEY = (Overtime.person, Overtime.municipality, Overtime.month)


@dataclass(frozen=True, slots=True)
class OvertimeLine:
    """One good line: the overtime of ``login`` in ``month`` (its first day), in minutes."""

    number: int
    login: str
    month: date
    minutes: int


def import_overtime(ctx: Context, data: bytes) -> ImportReport:
    """Import the bytes of overtime.csv as a whole; it stands in reports and moves no allowance.

    Importing the same file again changes nothing; other minutes for the same person and month
    replace the stored ones. Raises ``ImportRefused`` with all bad lines, and has then written
    nothing: somebody who is not in the directory, no month, no minutes of one, two lines of a person
    for one month, a fiscal year that was disposed of.
    """
    return report_of(carry_out(ctx, plan_overtime, data))


def plan_overtime(ctx: Context, data: bytes, town: MunicipalityRef | None) -> Plan:
    """Plan what ``import_overtime`` does, for the people of ``town`` alone if it is given."""
    refusals = Refusals()
    lines = good_lines(data, COLUMNS, _line, refusals)
    _refuse_repeated(lines, refusals)
    staff = staff_of(lines, ctx.today, town, refusals)
    known = [(one.number, staff[one.login], one.month) for one in lines if one.login in staff]
    refuse_disposed(ctx, known, "month", refusals)
    refusals.raise_if_any()
    stored = _stored(lines, staff)
    outcomes: list[tuple[Staff, Change | None]] = []
    differing: list[OvertimeLine] = []
    for line in lines:
        person = staff[line.login]
        former = stored.get((person.person_id, person.municipality_id, line.month))
        change = None
        if former != line.minutes:
            differing.append(line)
            change = _change(line, person, former)
        outcomes.append((person, change))

    def write() -> None:
        at = Overtime.imported_at.db_value(ctx.now)
        put_rows(
            Overtime,
            (*_KEY, Overtime.minutes, Overtime.imported_at),
            (
                (
                    staff[line.login].person_id,
                    staff[line.login].municipality_id,
                    line.month,
                    line.minutes,
                    at,
                )
                for line in differing
            ),
            key=_KEY,
        )

    return planned(ctx, "ledger.import_overtime", data, outcomes, write)


def _line(row: Row, refusals: Refusals) -> OvertimeLine | None:
    values = row.read(_READERS, refusals)
    if values is None:
        return None
    return OvertimeLine(row.line, values["login"], values["month"], values["minutes"])


def _refuse_repeated(lines: Sequence[OvertimeLine], refusals: Refusals) -> None:
    seen: dict[tuple[str, date], int] = {}
    for line in lines:
        first = seen.setdefault((line.login, line.month), line.number)
        if first != line.number:
            refusals.add(
                line.number, "month", N_("%(line)s行目と同じ人の、同じ月の行です。"), line=first
            )


def _stored(
    lines: Sequence[OvertimeLine], staff: Mapping[str, Staff]
) -> dict[tuple[int, int, date], int]:
    stored: dict[tuple[int, int, date], int] = {}
    if not lines:
        return stored
    first, last = min(line.month for line in lines), max(line.month for line in lines)
    for chunk in chunks(sorted(person.person_id for person in staff.values())):
        query = Overtime.select(*_KEY, Overtime.minutes).where(
            Overtime.person.in_(chunk) & Overtime.month.between(first, last)
        )
        stored |= {(person, town, month): minutes for person, town, month, minutes in rows(query)}
    return stored


def _change(line: OvertimeLine, person: Staff, former: int | None) -> Change:
    outcome: Outcome = "added" if former is None else "changed"
    before = () if former is None else _values(line.month, former)
    after = _values(line.month, line.minutes)
    return Change(line.number, outcome, person.subject, before, after)


def _values(month: date, minutes: int) -> Values:
    return (("month", f"{month:%Y-%m}"), ("minutes", str(minutes)))


def _month_of(cell: str) -> date:
    """Read a month like 2026-11; 2026/11 and its first day will do, as spreadsheets write it."""
    match = _MONTH.fullmatch(normalised(cell))
    if match is None or not 1 <= int(match[2]) <= 12 or not 2000 <= int(match[1]) <= 2100:
        raise BadCell(N_("月は 2026-11 のように書いてください（%(given)s）。"), given=shown(cell))
    return date(int(match[1]), int(match[2]), 1)


def _minutes_of(cell: str) -> int:
    """Read whole minutes of a month."""
    text = normalised(cell).replace(",", "")
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) > MOST_MINUTES:
        raise BadCell(
            N_("時間外勤務は、0から%(most)sまでの整数で、分で書いてください（%(given)s）。"),
            most=f"{MOST_MINUTES:,}",
            given=shown(cell),
        )
    return int(text)


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "month": _month_of,
    "minutes": _minutes_of,
}
