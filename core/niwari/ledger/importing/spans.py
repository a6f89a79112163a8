"""Leave while it is being planned: compared with what is stored, checked for overlaps, written."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from niwari.clock import ONE_DAY, TOKYO, tokyo_day
from niwari.context import Context
from niwari.db.sets import chunks
from niwari.directory.importing.planned import Change, Plan, Values
from niwari.errors import N_
from niwari.ledger.closing.late import follow
from niwari.ledger.importing.disposed import refuse_disposed
from niwari.ledger.importing.people import LeaveLine, Staff, planned
from niwari.ledger.importing.scheduled import leave_on_days_off
from niwari.ledger.models import LeaveSpan
from niwari.tabular import Refusals

_MOMENT = timedelta(microseconds=1)


@dataclass(slots=True)
class Span:
    """A leave while it is being planned. ``line`` is 0 where no line names it.

    ``stored`` are the start and end of its row, ``None`` where there is none yet.
    """

    kind: str
    start: datetime
    end: datetime
    line: int = 0
    id: int | None = None
    stored: tuple[datetime, datetime] | None = None

    @property
    def is_changed(self) -> bool:
        """Whether its row has to be made or to change."""
        return self.stored != (self.start, self.end)


def plan_spans(
    ctx: Context,
    data: bytes,
    lines: Sequence[LeaveLine],
    staff: Mapping[str, Staff],
    refusals: Refusals,
    *,
    by_day: bool = False,
) -> Plan:
    """Plan the leave of ``lines``; raises ``ImportRefused`` where leave of a person overlaps.

    New leave that ended in a fiscal year that was disposed of is refused too.

    A line means the stored leave of the same kind and start. With ``by_day`` it may also mean one of
    the same kind that lies within the same day: then that one gets other times.
    """
    left = [line for line in lines if line.login in staff]
    spans = load_spans(left, staff)
    for line in left:
        _take(line, spans[line.login], by_day=False)
    if by_day:
        for line in left:
            if not any(span.line == line.number for span in spans[line.login]):
                _take(line, spans[line.login], by_day=True)
    for line in left:
        own = spans[line.login]
        if not any(span.line == line.number for span in own):
            own.append(Span(line.kind, line.start, line.end, line.number))
    for own in spans.values():
        _refuse_overlaps(own, refusals)
    new = {span.line for own in spans.values() for span in own if span.line and span.is_changed}
    # Leave goes with the year in which it ends; its end is not included.
    ends = [
        (line.number, staff[line.login], tokyo_day(line.end - _MOMENT))
        for line in left
        if line.number in new
    ]
    refuse_disposed(ctx, ends, "date" if by_day else "end", refusals)
    refusals.raise_if_any()
    named = sorted(
        ((span, staff[login]) for login, own in spans.items() for span in own if span.line),
        key=lambda pair: pair[0].line,
    )
    return planned(
        ctx,
        "ledger.import_leave",
        data,
        [(person, _change(span, person)) for span, person in named],
        lambda: _write_and_follow(ctx, named),
        lambda: leave_on_days_off(ctx, [line for line in left if line.number in new], staff),
    )


def load_spans(lines: Sequence[LeaveLine], staff: Mapping[str, Staff]) -> dict[str, list[Span]]:
    """Return what is stored of the people on the days of the lines: nothing else can meet them."""
    spans: dict[str, list[Span]] = defaultdict(list)
    if not lines:
        return spans
    first = min(line.start for line in lines) - ONE_DAY
    last = max(line.end for line in lines) + ONE_DAY
    near = (LeaveSpan.ends_at >= first) & (LeaveSpan.starts_at <= last)
    logins = {staff[line.login].person_id: line.login for line in lines}
    for chunk in chunks(sorted(logins)):
        rows: Any = (
            LeaveSpan.select().where(LeaveSpan.person.in_(chunk) & near).order_by(LeaveSpan.id)
        )
        for row in rows:
            times = (row.starts_at, row.ends_at)
            spans[logins[row.person_id]].append(Span(row.kind, *times, id=row.id, stored=times))
    return spans


def _take(line: LeaveLine, spans: Iterable[Span], *, by_day: bool) -> None:
    """Let the line name a stored leave, if there is one, with the line's times."""
    for span in spans:
        if span.line or span.stored is None or span.kind != line.kind:
            continue
        same_day = by_day and _day_of(span) == tokyo_day(line.start)
        if same_day or span.start == line.start:
            span.line, span.start, span.end = line.number, line.start, line.end
            return


def _day_of(span: Span) -> object:
    """Return the Tokyo day within which a leave lies; ``None`` where it is longer."""
    day = tokyo_day(span.start)
    last = span.end.astimezone(TOKYO)
    whole = (last.hour, last.minute) == (0, 0) and (last.date() - day).days == 1
    return day if whole or last.date() == day else None


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


def _change(span: Span, person: Staff) -> Change | None:
    if not span.is_changed:
        return None
    after = _values(span.kind, span.start, span.end)
    if span.stored is None:
        return Change(span.line, "added", person.subject, (), after)
    return Change(span.line, "changed", person.subject, _values(span.kind, *span.stored), after)


def _values(kind: str, start: datetime, end: datetime) -> Values:
    return (
        ("kind", kind),
        *(
            (column, f"{moment.astimezone(TOKYO):%Y-%m-%d %H:%M}")
            for column, moment in (("start", start), ("end", end))
        ),
    )


def _write_and_follow(ctx: Context, named: Sequence[tuple[Span, Staff]]) -> None:
    _write(named)
    changed = [(span, person) for span, person in named if span.is_changed]
    if changed:
        first = min(
            min(span.start, span.stored[0]) if span.stored else span.start for span, _ in changed
        )
        follow(ctx, {person.person_id for _, person in changed}, tokyo_day(first))


def _write(named: Sequence[tuple[Span, Staff]]) -> None:
    fields = [LeaveSpan.person, LeaveSpan.kind, LeaveSpan.starts_at, LeaveSpan.ends_at]
    new, changed = [], []
    for span, person in named:
        row = (person.person_id, span.kind, span.start, span.end)
        if span.id is None:
            new.append(row)
        elif span.is_changed:
            changed.append((span.id, *row))
    for rows in chunks(new):
        LeaveSpan.insert_many(rows, fields).execute()
    for replacing in chunks(changed):
        LeaveSpan.insert_many(replacing, [LeaveSpan.id, *fields]).on_conflict(
            conflict_target=[LeaveSpan.id], preserve=[LeaveSpan.starts_at, LeaveSpan.ends_at]
        ).execute()
