"""Which minutes of a meeting count: an interval split at midnights, breaks and leave (L10)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from niwari.dates.calendar_jp import holidays_of
from niwari.ledger.worktime.intervals import DAY_MINUTES, Interval, overlap
from niwari.ledger.worktime.leave import (
    Absence,
    absences_by_day,
    check_span,
    split_by_day,
    take_absences,
)
from niwari.ledger.worktime.reasons import Why
from niwari.ledger.worktime.schedule import WorkConditions, WorkDay, work_days


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one Tokyo date with one answer: it counts, or `code` says why not.

    `subject` is that of `Reason`: holiday name, closure code or leave kind. Periods end at
    midnight, so each part lies in one period, that of its `day`.
    """

    day: date
    interval: Interval
    code: Why
    subject: str = ""

    @property
    def counts(self) -> bool:
        """Whether the part lies in scheduled hours that no leave covers."""
        return self.code is Why.SCHEDULED

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return self.interval.minutes


def counting_parts(conditions: WorkConditions, start: datetime, end: datetime) -> tuple[Part, ...]:
    """Split the time from `start` to before `end` (aware, whole minutes) into parts, in order.

    The parts cover it exactly, without overlap. Leave of every kind does not count, also where
    the municipality takes only long leave off the base (L19, L23). Hours by roster count like
    hours by pattern. Raises `WorkTimeError` and `HolidaysUnknown`.
    """
    check_span(start, end, "time")
    for moment in (start, end):
        holidays_of(moment.year)  # a mistyped year is refused before it is split into days
    asked = dict(split_by_day(start, end))
    first, last = min(asked), max(asked)
    absences = absences_by_day(conditions.leaves, first, last, lambda _: True)
    return tuple(
        part
        for work_day in work_days(conditions, first, last)
        for part in _parts(work_day, absences.get(work_day.day, ()), asked[work_day.day])
    )


def counting_minutes(parts: Iterable[Part]) -> int:
    """Return the minutes of the parts that count."""
    return sum(part.minutes for part in parts if part.counts)


def _parts(work_day: WorkDay, absences: Iterable[Absence], asked: Interval) -> Iterator[Part]:
    for whole in sorted(_whole_day(work_day, absences), key=lambda part: part.interval):
        inside = overlap(whole.interval, asked)
        if inside:
            yield Part(whole.day, inside, whole.code, whole.subject)


def _whole_day(work_day: WorkDay, absences: Iterable[Absence]) -> Iterator[Part]:
    """Label each of the 1440 minutes, in no order."""
    day, hours = work_day.day, work_day.hours
    if not hours:
        reason = work_day.why[-1]
        yield Part(day, Interval(0, DAY_MINUTES), reason.code, reason.subject)
        return
    left, away = take_absences(hours, absences)
    yield from (Part(day, interval, Why.SCHEDULED) for interval in left)
    yield from (Part(day, one.interval, Why.LEAVE, one.kind) for one in away)
    for before, after in pairwise(hours):
        if before.end < after.start:
            yield Part(day, Interval(before.end, after.start), Why.BREAK)
    if hours[0].start > 0:
        yield Part(day, Interval(0, hours[0].start), Why.OUTSIDE_HOURS)
    if hours[-1].end < DAY_MINUTES:
        yield Part(day, Interval(hours[-1].end, DAY_MINUTES), Why.OUTSIDE_HOURS)
