"""Importing patterns.csv: weekly hours from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.context import Context, MunicipalityRef
from niwari.directory.cells import plain_login
from niwari.directory.importing.planned import Change, Outcome, Plan, Values, carry_out
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
from niwari.ledger.models import WorkPattern, read_week, week_text
from niwari.ledger.worktime import format_hours
from niwari.tabular import Reader, Refusals, Row, day_of, read_table

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COLUMNS = ("login", "from", *_DAYS)

Stored = tuple[int, date, str]
"""A row: person, first day, week."""


@dataclass(frozen=True, slots=True)
class PatternLine:
    """One good line; ``week`` is the text that is stored."""

    number: int
    login: str
    start: date
    week: str


def import_patterns(ctx: Context, data: bytes) -> ImportReport:
    """Import the bytes of patterns.csv as a whole.

    A pattern is valid from its Tokyo day ``from`` until the person's next one. Importing the same
    file again changes nothing; other hours from the same day replace the stored ones, and whether
    the pattern observes holidays stays. Base and cap follow at the next look at an account.

    Raises ``ImportRefused`` with all bad lines, and has then written nothing: somebody who is not
    in the directory, times that cannot be read or overlap, two lines of a person from one day.
    """
    return report_of(carry_out(ctx, plan_patterns, data))


def plan_patterns(ctx: Context, data: bytes, town: MunicipalityRef | None) -> Plan:
    """Plan what ``import_patterns`` does, for the people of ``town`` alone if it is given."""
    refusals = Refusals()
    rows = read_table(data, COLUMNS, refusals)
    lines = [line for row in rows if (line := _line(row, refusals)) is not None]
    _refuse_repeated(lines, refusals)
    staff = load_staff((line.login for line in lines), town)
    refuse_unknown({line.number: line.login for line in lines}, staff, refusals)
    refusals.raise_if_any()
    differing, outcomes = _compare(lines, staff)
    return planned(ctx, "ledger.import_patterns", data, outcomes, lambda: _write(differing))


def _line(row: Row, refusals: Refusals) -> PatternLine | None:
    values = row.read(_READERS, refusals)
    if values is None:
        return None
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (values[d] for d in _DAYS)
    week = week_text((monday, tuesday, wednesday, thursday, friday, saturday, sunday))
    return PatternLine(row.line, values["login"], values["from"], week)


def _refuse_repeated(lines: Sequence[PatternLine], refusals: Refusals) -> None:
    seen: dict[tuple[str, date], int] = {}
    for line in lines:
        first = seen.setdefault((line.login, line.start), line.number)
        if first != line.number:
            refusals.add(
                line.number, "from", N_("%(line)s行目と同じ人の、同じ日からの行です。"), line=first
            )


def _compare(
    lines: Sequence[PatternLine], staff: dict[str, Staff]
) -> tuple[list[Stored], list[tuple[Staff, Change | None]]]:
    """Return what differs from the stored patterns, and what each line changes."""
    stored: dict[tuple[int, date], str] = {}
    for chunk in chunks(sorted(person.person_id for person in staff.values())):
        rows: Any = WorkPattern.select().where(WorkPattern.person.in_(chunk))
        stored |= {(row.person_id, row.starts_on): row.week for row in rows}
    outcomes: list[tuple[Staff, Change | None]] = []
    differing = []
    for line in lines:
        person = staff[line.login]
        key = (person.person_id, line.start)
        former = stored.get(key)
        change = None
        if former != line.week:
            differing.append((*key, line.week))
            change = _change(line, person, former)
        outcomes.append((person, change))
    return differing, outcomes


def _change(line: PatternLine, person: Staff, former: str | None) -> Change:
    since = ("from", line.start.isoformat())
    before = (since, *_cells(former)) if former else ()
    outcome: Outcome = "changed" if former else "added"
    return Change(line.number, outcome, person.subject, before, (since, *_cells(line.week)))


def _cells(week: str) -> Values:
    return tuple(
        (day, format_hours(hours)) for day, hours in zip(_DAYS, read_week(week), strict=True)
    )


def _write(differing: Sequence[Stored]) -> None:
    for part in chunks(differing):
        WorkPattern.insert_many(
            part, [WorkPattern.person, WorkPattern.starts_on, WorkPattern.week]
        ).on_conflict(
            conflict_target=[WorkPattern.person, WorkPattern.starts_on], preserve=[WorkPattern.week]
        ).execute()


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "from": day_of,
    **dict.fromkeys(_DAYS, hours_of),
}
