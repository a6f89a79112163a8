"""Importing leave by units: a day, a morning, an afternoon, some hours, as leave books have them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from niwari.clock import TOKYO
from niwari.context import Context, MunicipalityRef
from niwari.directory.cells import plain_login
from niwari.directory.importing.columns import needed
from niwari.directory.importing.planned import Plan, carry_out
from niwari.errors import N_
from niwari.ledger.importing.columns import LEAVE_UNITS
from niwari.ledger.importing.people import ImportReport, LeaveLine, report_of, staff_of
from niwari.ledger.importing.scheduled import scheduled_hours
from niwari.ledger.importing.spans import plan_spans
from niwari.ledger.models import LEAVE_KINDS
from niwari.ledger.worktime import Hours
from niwari.ledger.worktime.intervals import DAY_MINUTES, Interval, cut
from niwari.tabular import (
    BadCell,
    Reader,
    Refusals,
    Row,
    choice_of,
    day_of,
    good_lines,
    normalised,
    shown,
)

COLUMNS = needed(LEAVE_UNITS)

DAY, MORNING, AFTERNOON = "1日", "午前", "午後"
_NOON = 12 * 60
_HOURS = re.compile(r"([1-9][0-9]?)時間")


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One good line: ``unit`` is ``DAY``, ``MORNING``, ``AFTERNOON`` or whole hours."""

    number: int
    login: str
    kind: str
    day: date
    unit: str | int


def import_leave_units(ctx: Context, data: bytes) -> ImportReport:
    """Import leave that a file gives by day and unit (1日, 午前, 午後, 2時間), as a whole.

    A day is the whole Tokyo day. A morning ends and an afternoon begins with the longest break of
    the hours scheduled on that day, else at noon. Hours whose times nobody wrote down are taken from
    the beginning of what is scheduled and not off by another line of that day. Importing the same
    file again changes nothing; another unit of the same person, kind and day replaces the stored one.

    Raises ``ImportRefused`` as ``import_leave`` does, and for more hours than are left of the day.
    """
    return report_of(carry_out(ctx, plan_leave_units, data))


def plan_leave_units(ctx: Context, data: bytes, town: MunicipalityRef | None) -> Plan:
    """Plan what ``import_leave_units`` does, for the people of ``town`` alone if it is given."""
    refusals = Refusals()
    lines = good_lines(data, COLUMNS, _line, refusals)
    staff = staff_of(lines, ctx.today, town, refusals)
    lines = [line for line in lines if line.login in staff]
    hours = scheduled_hours(ctx, ((line.login, line.day) for line in lines), staff)
    days: dict[tuple[str, date], list[UnitLine]] = defaultdict(list)
    for line in lines:
        days[line.login, line.day].append(line)
    spans = [
        span for key, own in days.items() for span in _spans(own, hours.get(key, ()), refusals)
    ]
    return plan_spans(ctx, data, spans, staff, refusals, by_day=True)


def _line(row: Row, refusals: Refusals) -> UnitLine | None:
    values = row.read(_READERS, refusals)
    if values is None:
        return None
    return UnitLine(row.line, values["login"], values["kind"], values["date"], values["unit"])


def _unit_of(cell: str) -> str | int:
    unit = normalised(cell)
    if unit in (DAY, MORNING, AFTERNOON):
        return unit
    match = _HOURS.fullmatch(unit)
    if match is None:
        raise BadCell(
            N_("%(units)s のどれかの形で書いてください（%(given)s）。"),
            units="1日, 午前, 午後, 2時間",
            given=shown(cell),
        )
    return int(match[1])


def _spans(lines: Sequence[UnitLine], hours: Hours, refusals: Refusals) -> Iterable[LeaveLine]:
    """Give the lines of one person and day their times; those of whole parts first."""
    left = hours
    for line in sorted(lines, key=lambda line: (isinstance(line.unit, int), line.number)):
        if isinstance(line.unit, int):
            interval = _first_minutes(left, line.unit * 60)
            if interval is None:
                _refuse_hours(line, left, refusals)
                continue
        else:
            interval = _part(line.unit, hours)
        left, _ = cut(left, interval)
        midnight = datetime.combine(line.day, time(), TOKYO)
        start, end = (
            (midnight + timedelta(minutes=minute)).astimezone(UTC)
            for minute in (interval.start, interval.end)
        )
        yield LeaveLine(line.number, line.login, line.kind, start, end)


def _part(unit: str, hours: Hours) -> Interval:
    if unit == DAY:
        return Interval(0, DAY_MINUTES)
    breaks = [(after.start - before.end, -before.end) for before, after in pairwise(hours)]
    middle = -max(breaks)[1] if breaks else _NOON
    return Interval(0, middle) if unit == MORNING else Interval(middle, DAY_MINUTES)


def _first_minutes(hours: Hours, minutes: int) -> Interval | None:
    """Return from when to when the first ``minutes`` of ``hours`` pass; ``None`` if there are fewer."""
    for interval in hours:
        if interval.minutes >= minutes:
            return Interval(hours[0].start, interval.start + minutes)
        minutes -= interval.minutes
    return None


def _refuse_hours(line: UnitLine, left: Hours, refusals: Refusals) -> None:
    refusals.add(
        line.number,
        "unit",
        N_(
            "%(day)sに勤務の予定は%(left)s分しか残っていません。先に勤務の予定を取り込んでください。"
        )
        if left
        else N_("%(day)sには勤務の予定がありません。先に勤務の予定を取り込んでください。"),
        day=line.day.isoformat(),
        left=sum(interval.minutes for interval in left),
    )


_READERS: dict[str, Reader] = {
    "login": plain_login,
    "kind": choice_of(LEAVE_KINDS),
    "date": day_of,
    "unit": _unit_of,
}
