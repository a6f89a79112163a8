"""Work time that a file gives by person and day: weekly patterns and single days, planned and written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.context import Context, MunicipalityRef
from niwari.db.sets import chunks
from niwari.directory.importing.planned import Change, Outcome, Plan, Values
from niwari.ledger.closing.late import follow
from niwari.ledger.importing.disposed import GONE, refuse_disposed
from niwari.ledger.importing.people import Staff, planned, staff_of
from niwari.tabular import Refusals, Row, good_lines


@dataclass(frozen=True, slots=True)
class DatedLine:
    """One good line: what is stored of the person ``login`` for or from the Tokyo day ``day``."""

    number: int
    login: str
    day: date
    content: str


@dataclass(frozen=True, slots=True)
class DatedRows:
    """A kind of such rows: the columns of their table, and how they read.

    A person has one row of a day. ``action`` is what the audit calls the import, ``columns`` are the
    file's, ``line`` reads one of them or refuses it, ``column`` is that of the day, ``repeated``
    refuses a second line for one, ``disposed`` one of a year that is gone; ``values`` give the columns
    of a row as a list of changes shows them.
    """

    action: str
    columns: Sequence[str]
    line: Callable[[Row, Refusals], DatedLine | None]
    model: Any
    day: Any
    content: Any
    column: str
    repeated: str
    values: Callable[[date, str], Values]
    disposed: str = GONE


def plan_dated(ctx: Context, data: bytes, town: MunicipalityRef | None, kind: DatedRows) -> Plan:
    """Plan that the content of each line is stored; raises ``ImportRefused`` where any was refused.

    For the people of ``town`` alone if it is given.
    """
    refusals = Refusals()
    lines = good_lines(data, kind.columns, kind.line, refusals)
    _refuse_repeated(lines, kind, refusals)
    staff = staff_of(lines, ctx.today, town, refusals)
    refusals.raise_if_any()
    stored = _stored(kind, lines, staff)
    differing: list[tuple[int, date, str]] = []
    outcomes: list[tuple[Staff, Change | None]] = []
    new: list[tuple[int, Staff, date]] = []
    for line in lines:
        person = staff[line.login]
        former = stored.get((person.person_id, line.day))
        change = None
        if former != line.content:
            differing.append((person.person_id, line.day, line.content))
            change = _change(kind, line, person, former)
            new.append((line.number, person, line.day))
        outcomes.append((person, change))
    refuse_disposed(ctx, new, kind.column, refusals, kind.disposed)
    refusals.raise_if_any()
    return planned(ctx, kind.action, data, outcomes, lambda: _write(ctx, kind, differing))


def _refuse_repeated(lines: Sequence[DatedLine], kind: DatedRows, refusals: Refusals) -> None:
    seen: dict[tuple[str, date], int] = {}
    for line in lines:
        first = seen.setdefault((line.login, line.day), line.number)
        if first != line.number:
            refusals.add(line.number, kind.column, kind.repeated, line=first)


def _stored(
    kind: DatedRows, lines: Sequence[DatedLine], staff: Mapping[str, Staff]
) -> dict[tuple[int, date], str]:
    stored: dict[tuple[int, date], str] = {}
    if not lines:
        return stored
    first, last = min(line.day for line in lines), max(line.day for line in lines)
    for chunk in chunks(sorted(person.person_id for person in staff.values())):
        found = kind.model.select(kind.model.person, kind.day, kind.content).where(
            kind.model.person.in_(chunk) & kind.day.between(first, last)
        )
        stored |= {(person, day): content for person, day, content in found.tuples()}
    return stored


def _change(kind: DatedRows, line: DatedLine, person: Staff, former: str | None) -> Change:
    outcome: Outcome = "added" if former is None else "changed"
    before = () if former is None else kind.values(line.day, former)
    return Change(line.number, outcome, person.subject, before, kind.values(line.day, line.content))


def _write(ctx: Context, kind: DatedRows, differing: Sequence[tuple[int, date, str]]) -> None:
    key = [kind.model.person, kind.day]
    for part in chunks(differing):
        kind.model.insert_many(part, [*key, kind.content]).on_conflict(
            conflict_target=key, preserve=[kind.content]
        ).execute()
    if differing:
        follow(ctx, {person for person, _, _ in differing}, min(day for _, day, _ in differing))
