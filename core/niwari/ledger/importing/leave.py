"""Importing leave.csv: spans of leave in Tokyo wall time."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from niwari.clock import TOKYO
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
from niwari.ledger.models import LEAVE_KINDS, LeaveSpan
from niwari.tabular import (
    BadCell,
    Reader,
    Refusals,
    Row,
    choice_of,
    day_of,
    normalised,
    read_table,
    shown,
)

COLUMNS = ("login", "kind", "start", "end")

_MOMENT = re.compile(r"([^T ]+)[T ]+([0-9]{1,2}):([0-5][0-9])(?::00)?")


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """One good line; ``start`` and ``end`` are instants."""

    number: int
    login: str
    kind: str
    start: datetime
    end: datetime


@dataclass(slots=True)
class Span:
    """A leave while it is being planned. ``line`` is 0 where no line names it."""

    kind: str
    start: datetime
    end: datetime
    line: int = 0
    id: int | None = None
    outcome: str = "unchanged"


def import_leave(ctx: Context, data: bytes) -> ImportReport:
    """Import the bytes of leave.csv as a whole; times are Tokyo wall time, the end not included.

    Importing the same file again changes nothing. Another end of a leave of the same person, kind
    and start replaces the stored one. Base and cap follow at the next look at an account; what is
    agreed already stays (ledger rule L8).

    Raises ``ImportRefused`` with all bad lines, and has then written nothing: somebody who is not
    in the directory, an unknown kind, an end that is not later than the start, leave of a person
    that overlaps.
    """
    refusals = Refusals()
    rows = read_table(data, COLUMNS, refusals)
    lines = [line for row in rows if (line := _line(row, refusals)) is not None]
    with transaction(ctx):
        staff = load_staff(line.login for line in lines)
        refuse_unknown({line.number: line.login for line in lines}, staff, refusals)
        spans = _load_spans(staff)
        for line in lines:
            _plan(line, spans[line.login])
        for own in spans.values():
            _refuse_overlaps(own, refusals)
        refusals.raise_if_any()
        _write(spans, staff)
        outcomes = [
            (staff[login], span.outcome) for login in spans for span in spans[login] if span.line
        ]
        return record_import(ctx, "ledger.import_leave", data, outcomes)


def _line(row: Row, refusals: Refusals) -> LeaveLine | None:
    values = row.read(_READERS, refusals)
    if values is None:
        return None
    line = LeaveLine(row.line, **values)
    if line.end <= line.start:
        refusals.add(row.line, "end", N_("終わりが始まりより後ではありません。"))
        return None
    return line


def _moment_of(cell: str) -> datetime:
    match = _MOMENT.fullmatch(normalised(cell))
    if match is None:
        raise BadCell(
            N_("日時は 2026-11-04T08:30 のように書いてください（%(given)s）。"), given=shown(cell)
        )
    midnight = datetime.combine(day_of(match[1]), time(), TOKYO)
    passed = timedelta(hours=int(match[2]), minutes=int(match[3]))
    if passed > timedelta(hours=24):
        raise BadCell(N_("%(given)s という時刻はありません。"), given=shown(cell))
    return (midnight + passed).astimezone(UTC)


def _load_spans(staff: dict[str, Staff]) -> dict[str, list[Span]]:
    logins = {person.person_id: login for login, person in staff.items()}
    spans: dict[str, list[Span]] = defaultdict(list)
    for chunk in chunks(sorted(logins)):
        rows: Any = LeaveSpan.select().where(LeaveSpan.person.in_(chunk)).order_by(LeaveSpan.id)
        for row in rows:
            spans[logins[row.person_id]].append(
                Span(row.kind, row.starts_at, row.ends_at, id=row.id)
            )
    return spans


def _plan(line: LeaveLine, spans: list[Span]) -> None:
    """Let the line name a stored leave, with its new end, or add one."""
    for span in spans:
        if not span.line and (span.kind, span.start) == (line.kind, line.start):
            span.line = line.number
            if span.end != line.end:
                span.end, span.outcome = line.end, "changed"
            return
    spans.append(Span(line.kind, line.start, line.end, line.number, outcome="added"))


def _refuse_overlaps(spans: Sequence[Span], refusals: Refusals) -> None:
    in_order = sorted(spans, key=lambda span: (span.start, span.end, span.line))
    longest = None
    for span in in_order:
        if longest is not None and span.start < longest.end:
            first, second = sorted((longest, span), key=lambda one: one.line)
            _refuse_overlap(first, second, refusals)
        if longest is None or span.end > longest.end:
            longest = span


def _refuse_overlap(one: Span, other: Span, refusals: Refusals) -> None:
    """Refuse the later of two lines, or the one line that overlaps what is stored."""
    if one.line:
        refusals.add(
            other.line,
            "start",
            N_("同じ人の%(line)s行目の休暇と時間が重なっています。"),
            line=one.line,
        )
    elif other.line:
        refusals.add(
            other.line,
            "start",
            N_("登録されている%(since)sからの休暇と時間が重なっています。"),
            since=f"{one.start.astimezone(TOKYO):%Y-%m-%d %H:%M}",
        )


def _write(spans: dict[str, list[Span]], staff: dict[str, Staff]) -> None:
    fields = [LeaveSpan.person, LeaveSpan.kind, LeaveSpan.starts_at, LeaveSpan.ends_at]
    new, changed = [], []
    for login, own in spans.items():
        for span in own:
            row = (staff[login].person_id, span.kind, span.start, span.end)
            if span.outcome == "added":
                new.append(row)
            elif span.outcome == "changed":
                changed.append((span.id, *row))
    for rows in chunks(new):
        LeaveSpan.insert_many(rows, fields).execute()
    for replacing in chunks(changed):
        LeaveSpan.insert_many(replacing, [LeaveSpan.id, *fields]).on_conflict(
            conflict_target=[LeaveSpan.id], preserve=[LeaveSpan.ends_at]
        ).execute()


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "kind": choice_of(LEAVE_KINDS),
    "start": _moment_of,
    "end": _moment_of,
}
