"""From a person's rules to the hours scheduled on each day, before leave."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Self

from niwari.dates.calendar_jp import holiday_on
from niwari.ledger.worktime.dated import check_starts, latest_first, stretches, valid_on
from niwari.ledger.worktime.errors import WorkTimeError
from niwari.ledger.worktime.intervals import Hours, minutes_of
from niwari.ledger.worktime.leave import Leave, LeavePolicy
from niwari.ledger.worktime.patterns import (
    DEFAULT_PATTERN,
    NEW_YEAR,
    Closure,
    Employment,
    RosterDay,
    WorkPattern,
)
from niwari.ledger.worktime.rates import RateLevels
from niwari.ledger.worktime.reasons import Reason, Why


@dataclass(frozen=True, slots=True)
class WorkConditions:
    """All that the base and the cap of one person in one municipality depend on.

    - `employment`: times of appointment; several when a person left and came back.
    - `patterns`: on a day the one that started last applies; on days without any, `default`.
    - `closures`: those of the person's site; a site that stays open at new year has none.
    - `leaves` may overlap each other.

    Raises `WorkTimeError` when two patterns start together or a day is on the roster twice.
    """

    employment: tuple[Employment, ...]
    patterns: tuple[WorkPattern, ...] = ()
    roster: tuple[RosterDay, ...] = ()
    leaves: tuple[Leave, ...] = ()
    rates: RateLevels = field(default_factory=RateLevels)
    closures: tuple[Closure, ...] = (NEW_YEAR,)
    leave_policy: LeavePolicy = field(default_factory=LeavePolicy)
    default: WorkPattern = DEFAULT_PATTERN

    def __post_init__(self) -> None:
        check_starts(self.patterns, "work patterns")
        days = sorted(entry.day for entry in self.roster)
        for day, following in pairwise(days):
            if day == following:
                raise WorkTimeError(f"roster: {day} is listed twice; join the hours in one entry")


@dataclass(frozen=True, slots=True)
class WorkDay:
    """The hours scheduled on one Tokyo date, their `minutes`, and why.

    The minutes are the sum of the reasons. Without hours the last reason is the one that took
    them: not appointed, rest day, holiday or closed.
    """

    day: date
    hours: Hours
    minutes: int
    why: tuple[Reason, ...]


def work_days(conditions: WorkConditions, first: date, last: date) -> Iterator[WorkDay]:
    """Yield each day from `first` to `last` with its scheduled hours (L10, L21).

    Public holidays (where the pattern observes them) and closures have no hours; a roster entry
    overrules both. Leave is not looked at. Raises `HolidaysUnknown`.
    """
    patterns = latest_first(conditions.patterns)
    roster = {entry.day: entry for entry in conditions.roster}
    for begin, end in stretches(first, last, conditions.employment, patterns):
        days = map(date.fromordinal, range(begin.toordinal(), end.toordinal() + 1))
        if valid_on(conditions.employment, begin) is None:
            yield from (WorkDay(day, (), 0, (Reason(Why.NOT_APPOINTED),)) for day in days)
            continue
        plan = _Plan.of(valid_on(patterns, begin) or conditions.default, conditions.closures)
        for day in days:
            yield _by_roster(roster[day]) if day in roster else plan.on(day)


def _by_roster(entry: RosterDay) -> WorkDay:
    if not entry.hours:
        return WorkDay(entry.day, (), 0, (Reason(Why.REST_DAY, 0, "roster"),))
    minutes = minutes_of(entry.hours)
    return WorkDay(entry.day, entry.hours, minutes, (Reason(Why.ROSTER, minutes),))


@dataclass(frozen=True, slots=True)
class _Plan:
    """A pattern made ready for many days: hours, minutes and reason of each day of the week."""

    week: tuple[tuple[Hours, int, tuple[Reason, ...]], ...]
    observes_holidays: bool
    closures: tuple[Closure, ...]

    @classmethod
    def of(cls, pattern: WorkPattern, closures: tuple[Closure, ...]) -> Self:
        week = []
        for hours in pattern.week:
            minutes = minutes_of(hours)
            reason = Reason(Why.SCHEDULED, minutes) if hours else Reason(Why.REST_DAY)
            week.append((hours, minutes, (reason,)))
        return cls(tuple(week), pattern.observes_holidays, closures)

    def on(self, day: date) -> WorkDay:
        hours, minutes, why = self.week[day.weekday()]
        if hours and self.observes_holidays and (holiday := holiday_on(day)):
            return WorkDay(day, (), 0, (*why, Reason(Why.HOLIDAY, -minutes, holiday.name)))
        if hours:
            for closure in self.closures:
                if closure.covers(day):
                    return WorkDay(day, (), 0, (*why, Reason(Why.CLOSED, -minutes, closure.code)))
        return WorkDay(day, hours, minutes, why)
