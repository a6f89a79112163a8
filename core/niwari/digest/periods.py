"""When issues are made, and which days each is about: weekly on Mondays, monthly on the 1st, at 8:00."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from niwari.clock import ONE_DAY, TOKYO, tokyo_day
from niwari.digest.models import MONTH

MORNING = time(8, 0)
"""When an issue is made, in Tokyo."""

_WEEK = timedelta(days=7)
_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Period:
    """Tokyo days, all included: what was shared from ``first`` to ``last``, what comes until ``until``."""

    first: date
    last: date
    until: date

    @property
    def next_day(self) -> date:
        """The first day of what comes."""
        return self.last + ONE_DAY

    @property
    def due_at(self) -> datetime:
        """The instant at which an issue about it is made."""
        return datetime.combine(self.next_day, MORNING, TOKYO)


def last_due(every: str, now: datetime) -> Period:
    """Return the period of the issue that was due last at the instant ``now``."""
    day = _issue_day(every, tokyo_day(now))
    if datetime.combine(day, MORNING, TOKYO) > now:
        day = _issue_day(every, day - ONE_DAY)
    before = _issue_day(every, day - ONE_DAY)
    return Period(before, day - ONE_DAY, _next_issue_day(every, day) - ONE_DAY)


def up_to_now(every: str, today: date) -> Period:
    """Return the days that an issue would be about if it were made on ``today``."""
    length = _MONTH if every == MONTH else _WEEK
    return Period(today - length, today - ONE_DAY, today + length - ONE_DAY)


def _issue_day(every: str, day: date) -> date:
    """Return the last day up to ``day`` on which an issue is made."""
    return day.replace(day=1) if every == MONTH else day - timedelta(days=day.weekday())


def _next_issue_day(every: str, day: date) -> date:
    return (day.replace(day=1) + _MONTH).replace(day=1) if every == MONTH else day + _WEEK
