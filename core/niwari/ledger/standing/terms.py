"""What a standing agreement is about: which days by which rule, or minutes of each period."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, Self, cast

from niwari.clock import TOKYO
from niwari.dates.calendar_jp import LAST_YEAR
from niwari.dates.recurrence import occurrences
from niwari.dates.working_days import is_closed
from niwari.errors import N_, Invalid
from niwari.ledger.errors import BadMinutes, TooLate, UnknownCalendar
from niwari.ledger.models import Standing
from niwari.ledger.worktime import PeriodKind, period_of
from niwari.specs.contributions.dates import OnHoliday, Repeats, When
from niwari.specs.contributions.rules import rule_days

Kind = Literal["dated", "allowance"]

_DAY = 24 * 60
_LONGEST_MONTH = 31 * _DAY
_MOVED_AT_MOST = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Terms:
    """When, and how long. ``minutes`` are those of each time, or of each period of an allowance.

    ``starts`` and ``ends`` are Tokyo wall time, where the time of the day is agreed too; ``minutes``
    are then the length between them. Both days are included. ``rule`` is an RRULE, ``on_holiday`` what
    becomes of a closed day.
    """

    kind: Kind
    first_day: date
    last_day: date
    minutes: int
    starts: time | None = None
    ends: time | None = None
    rule: str = ""
    on_holiday: OnHoliday = "skip"

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Return those of a stored agreement."""
        rule, _, on_holiday = str(standing.rule).partition(" ")
        return cls(
            kind=standing.kind,
            first_day=standing.first_day,
            last_day=standing.last_day,
            minutes=standing.minutes,
            starts=_wall_time(standing.starts),
            ends=_wall_time(standing.ends),
            rule=rule,
            on_holiday=cast("OnHoliday", on_holiday or "skip"),
        )

    def columns(self) -> dict[str, object]:
        """Return them as columns of ``Standing``: the rule and what becomes of closed days in one."""
        return {
            "kind": self.kind,
            "rule": f"{self.rule} {self.on_holiday}" if self.kind == "dated" else "",
            "starts": _minute(self.starts),
            "ends": _minute(self.ends),
            "minutes": self.minutes,
            "first_day": self.first_day,
            "last_day": self.last_day,
        }

    def interval(self, day: date) -> tuple[datetime, datetime] | None:
        """Return the instants of the time on ``day``; ``None`` where minutes alone are agreed."""
        if self.starts is None or self.ends is None:
            return None
        return datetime.combine(day, self.starts, TOKYO), datetime.combine(day, self.ends, TOKYO)


def last_possible_day(first_day: date) -> date:
    """Return until when an agreement from ``first_day`` on can run: 31 March (rule L12)."""
    return period_of(PeriodKind.FISCAL_YEAR, first_day).ends_on


def checked(terms: Terms, today: date) -> Terms:
    """Return ``terms`` made right where there is one way only: the minutes of an interval.

    Raises ``TooLate`` (L1), ``Invalid`` with the field of the form, ``BadMinutes``, and ``BadDates`` for
    a rule that is not taken or names no day.
    """
    if terms.first_day < today:
        raise TooLate(field="first_day")
    if terms.first_day.year >= LAST_YEAR:
        raise UnknownCalendar(last=LAST_YEAR - 1, field="first_day")
    if terms.last_day < terms.first_day:
        raise Invalid(N_("終わりの日を、始まりの日より後にしてください。"), field="last_day")
    if terms.last_day > last_possible_day(terms.first_day):
        raise Invalid(
            N_("包括了承は、その年度の終わり（3月31日）までです。終わりの日を早めてください。"),
            field="last_day",
        )
    if (terms.starts is None) != (terms.ends is None):
        raise Invalid(N_("始まりと終わりの時刻を、両方とも入力してください。"), field="starts")
    if terms.starts is not None and terms.ends is not None:
        if terms.ends <= terms.starts:
            raise Invalid(N_("終わりの時刻は、始まりより後にしてください。"), field="ends")
        length = (terms.ends.hour - terms.starts.hour) * 60 + terms.ends.minute
        terms = replace(terms, minutes=length - terms.starts.minute)
    if not 1 <= terms.minutes <= (_DAY if terms.kind == "dated" else _LONGEST_MONTH):
        raise BadMinutes
    if terms.kind == "dated":
        days_of(terms)
    return terms


@lru_cache(maxsize=256)
def days_of(terms: Terms) -> tuple[tuple[date, bool], ...]:
    """Return the days of a dated agreement in order, each with whether it is left out as closed.

    A time that is moved lies on the day where it goes; one that would go beyond the last day is left
    out where the rule named it. Raises ``BadDates``.
    """
    repeats = Repeats(terms.rule, terms.last_day, terms.on_holiday)  # refuses what has no end
    named = rule_days(terms.rule, terms.first_day, terms.last_day)
    when = When(terms.first_day, repeats=repeats)
    found = occurrences(when, date.min, terms.last_day + _MOVED_AT_MOST, is_closed)
    held = {one.day for one in found if terms.first_day <= one.day <= terms.last_day}
    missing = [day for day in named if day not in held]
    if terms.on_holiday == "skip":
        left_out = missing
    else:  # those that went beyond the first or the last day; the others are held where they went
        before = sum(one.day < terms.first_day for one in found)
        after = sum(one.day > terms.last_day for one in found)
        left_out = missing[:before] + missing[len(missing) - after :]
    return tuple(sorted([(day, False) for day in held] + [(day, True) for day in left_out]))


def _wall_time(minute: int | None) -> time | None:
    return None if minute is None else time(*divmod(minute, 60))


def _minute(wall_time: time | None) -> int | None:
    return None if wall_time is None else wall_time.hour * 60 + wall_time.minute
