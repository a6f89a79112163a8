"""Importing roster.csv: single days off the pattern."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.context import Context, MunicipalityRef
from niwari.directory.cells import plain_login
from niwari.directory.importing.planned import Change, Plan, Values, carry_out
from niwari.directory.importing.stored import chunks
from niwari.errors import N_
from niwari.ledger.importing.hours import hours_of
from niwari.ledger.importing.people import (
    ImportReport,
    Staff,
    load_staff,
    planned,
    refuse_unknown,
    report_of,
)
from niwari.ledger.models import RosterRow
from niwari.ledger.worktime import format_hours
from niwari.tabular import Reader, Refusals, Row, choice_of, day_of, read_table

COLUMNS = ("login", "date", "intervals", "kind")
WORK, OFF = "work", "off"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One good line; ``hours`` is the text that is stored, empty for a day off."""

    number: int
    login: str
    day: date
    hours: str


def import_roster(ctx: Context, data: bytes) -> ImportReport:
    """Import the bytes of roster.csv as a whole: days that somebody works otherwise (週休日の振替).

    A line replaces the pattern on its Tokyo day, and with it holidays and closures. Importing the
    same file again changes nothing; other times of the same person and day replace the stored ones.
    Base and cap follow at the next look at an account (ledger rule L8).

    Raises ``ImportRefused`` with all bad lines, and has then written nothing: somebody who is not
    in the directory, times that cannot be read, a day of work without times or a day off with some,
    two lines of a person for one day.
    """
    return report_of(carry_out(ctx, plan_roster, data))


def plan_roster(ctx: Context, data: bytes, town: MunicipalityRef | None) -> Plan:
    """Plan what ``import_roster`` does, for the people of ``town`` alone if it is given."""
    refusals = Refusals()
    rows = read_table(data, COLUMNS, refusals)
    lines = [line for row in rows if (line := _line(row, refusals)) is not None]
    _refuse_repeated(lines, refusals)
    staff = load_staff((line.login for line in lines), town)
    refuse_unknown({line.number: line.login for line in lines}, staff, refusals)
    refusals.raise_if_any()
    stored = _stored(lines, staff)
    differing, outcomes = [], []
    for line in lines:
        person = staff[line.login]
        former = stored.get((person.person_id, line.day))
        change = None
        if former != line.hours:
            differing.append((person.person_id, line.day, line.hours))
            change = _change(line, person, former)
        outcomes.append((person, change))
    return planned(ctx, "ledger.import_roster", data, outcomes, lambda: _write(differing))


def _line(row: Row, refusals: Refusals) -> RosterLine | None:
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
    return RosterLine(row.line, values["login"], values["date"], hours)


def _refuse_repeated(lines: Sequence[RosterLine], refusals: Refusals) -> None:
    seen: dict[tuple[str, date], int] = {}
    for line in lines:
        first = seen.setdefault((line.login, line.day), line.number)
        if first != line.number:
            refusals.add(
                line.number, "date", N_("%(line)s行目と同じ人の、同じ日の行です。"), line=first
            )


def _stored(lines: Sequence[RosterLine], staff: dict[str, Staff]) -> dict[tuple[int, date], str]:
    stored: dict[tuple[int, date], str] = {}
    if not lines:
        return stored
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    for chunk in chunks(sorted(person.person_id for person in staff.values())):
        rows: Any = RosterRow.select().where(
            RosterRow.person.in_(chunk) & RosterRow.day.between(first, last)
        )
        stored |= {(row.person_id, row.day): row.hours for row in rows}
    return stored


def _change(line: RosterLine, person: Staff, former: str | None) -> Change:
    after = _values(line.day, line.hours)
    if former is None:
        return Change(line.number, "added", person.subject, (), after)
    return Change(line.number, "changed", person.subject, _values(line.day, former), after)


def _values(day: date, hours: str) -> Values:
    return (("date", day.isoformat()), ("intervals", hours), ("kind", WORK if hours else OFF))


def _write(differing: Sequence[tuple[int, date, str]]) -> None:
    fields = [RosterRow.person, RosterRow.day, RosterRow.hours]
    for part in chunks(differing):
        RosterRow.insert_many(part, fields).on_conflict(
            conflict_target=fields[:2], preserve=fields[2:]
        ).execute()


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "date": day_of,
    "intervals": hours_of,
    "kind": choice_of((WORK, OFF)),
}
