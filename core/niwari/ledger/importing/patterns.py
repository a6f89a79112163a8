"""Importing patterns.csv: weekly hours from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.context import Context
from niwari.db import transaction
from niwari.directory.cells import plain_login
from niwari.directory.importing.stored import chunks
from niwari.errors import N_
from niwari.ledger.importing.people import (
    ImportReport,
    Staff,
    load_staff,
    record_import,
    refuse_unknown,
)
from niwari.ledger.models import WorkPattern, week_text
from niwari.ledger.worktime import CellError, Hours, parse_hours
from niwari.ledger.worktime.errors import CellProblem
from niwari.tabular import BadCell, Reader, Refusals, Row, day_of, read_table, shown

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
COLUMNS = ("login", "from", *_DAYS)

_PROBLEMS = {
    CellProblem.FORMAT: N_("時間は 08:30-12:00 13:00-17:15 のように書いてください（%(part)s）。"),
    CellProblem.END_BEFORE_START: N_("%(part)s は、終わりが始まりより後ではありません。"),
    CellProblem.OVERLAP: N_("%(part)s が、同じ日のほかの時間と重なっています。"),
    CellProblem.OVER_24_HOURS: N_("%(part)s が24:00を過ぎています。残りは次の日に書いてください。"),
}


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
    refusals = Refusals()
    rows = read_table(data, COLUMNS, refusals)
    lines = [line for row in rows if (line := _line(row, refusals)) is not None]
    _refuse_repeated(lines, refusals)
    with transaction(ctx):
        staff = load_staff(line.login for line in lines)
        refuse_unknown({line.number: line.login for line in lines}, staff, refusals)
        refusals.raise_if_any()
        return record_import(ctx, "ledger.import_patterns", data, _write(lines, staff))


def _line(row: Row, refusals: Refusals) -> PatternLine | None:
    values = row.read(_READERS, refusals)
    if values is None:
        return None
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (values[d] for d in _DAYS)
    week = week_text((monday, tuesday, wednesday, thursday, friday, saturday, sunday))
    return PatternLine(row.line, values["login"], values["from"], week)


def _hours_of(cell: str) -> Hours:
    try:
        return parse_hours(cell)
    except CellError as error:
        raise BadCell(_PROBLEMS[error.problem], part=shown(error.part)) from None


def _refuse_repeated(lines: Sequence[PatternLine], refusals: Refusals) -> None:
    seen: dict[tuple[str, date], int] = {}
    for line in lines:
        first = seen.setdefault((line.login, line.start), line.number)
        if first != line.number:
            refusals.add(
                line.number, "from", N_("%(line)s行目と同じ人の、同じ日からの行です。"), line=first
            )


def _write(lines: Sequence[PatternLine], staff: dict[str, Staff]) -> list[tuple[Staff, str]]:
    """Write what differs; returns the outcome of each line."""
    stored: dict[tuple[int, date], str] = {}
    for chunk in chunks(sorted(person.person_id for person in staff.values())):
        rows: Any = WorkPattern.select().where(WorkPattern.person.in_(chunk))
        stored |= {(row.person_id, row.starts_on): row.week for row in rows}
    outcomes, differing = [], []
    for line in lines:
        key = (staff[line.login].person_id, line.start)
        if stored.get(key) == line.week:
            outcome = "unchanged"
        else:
            outcome = "changed" if key in stored else "added"
            differing.append((*key, line.week))
        outcomes.append((staff[line.login], outcome))
    for part in chunks(differing):
        WorkPattern.insert_many(
            part, [WorkPattern.person, WorkPattern.starts_on, WorkPattern.week]
        ).on_conflict(
            conflict_target=[WorkPattern.person, WorkPattern.starts_on], preserve=[WorkPattern.week]
        ).execute()
    return outcomes


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "from": day_of,
    **dict.fromkeys(_DAYS, _hours_of),
}
