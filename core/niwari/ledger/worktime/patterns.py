"""The rules from which a person's scheduled hours follow: patterns, roster, closures."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from niwari.ledger.worktime.dated import Dated
from niwari.ledger.worktime.errors import WorkTimeError
from niwari.ledger.worktime.intervals import Hours, check_hours, parse_hours

Week = tuple[Hours, Hours, Hours, Hours, Hours, Hours, Hours]
"""Scheduled hours from Monday to Sunday, breaks excluded."""

MonthDay = tuple[int, int]


def parse_week(cells: Sequence[str]) -> Week:
    """Read the seven cells of a row of patterns.csv, Monday first. Raises `WorkTimeError`."""
    if len(cells) != 7:
        raise WorkTimeError(f"a week of {len(cells)} cells: give seven, Monday first")
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(parse_hours, cells)
    return (monday, tuesday, wednesday, thursday, friday, saturday, sunday)


DEFAULT_WEEK: Week = parse_week(["08:30-12:00 13:00-17:15"] * 5 + ["", ""])
"""Monday to Friday, 7 h 45 min = 465 minutes a day."""


@dataclass(frozen=True, slots=True)
class Employment(Dated):
    """A time of appointment in the municipality. Outside of it the base is 0."""


@dataclass(frozen=True, slots=True)
class WorkPattern(Dated):
    """Weekly hours of one person, and whether public holidays are free (shift sites: no).

    Raises `WorkTimeError` for a week that is not seven days of ordered hours.
    """

    week: Week
    observes_holidays: bool = True

    def __post_init__(self) -> None:
        Dated.__post_init__(self)
        if len(self.week) != 7:
            raise WorkTimeError(f"a week of {len(self.week)} days: give seven, Monday first")
        for hours in self.week:
            check_hours(hours)


DEFAULT_PATTERN = WorkPattern(date.min, None, DEFAULT_WEEK)


@dataclass(frozen=True, slots=True)
class RosterDay:
    """A single day off the pattern: 週休日の振替 or a shift. Without hours it is a day off.

    It replaces the pattern on that day, and with it holidays and closures: whoever puts a person
    on the roster of that very date means it. Raises `WorkTimeError`.
    """

    day: date
    hours: Hours

    def __post_init__(self) -> None:
        check_hours(self.hours)


@dataclass(frozen=True, slots=True)
class Closure:
    """Days of every year on which the office is closed, `first` and `last` included.

    (month, day) pairs; a range with `last` before `first` runs over the new year. `starts_on`
    and `ends_on` say from when to when the rule itself is in force. Raises `WorkTimeError`.
    """

    code: str
    first: MonthDay
    last: MonthDay
    starts_on: date = date.min
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if re.fullmatch(r"[a-z][a-z0-9_]*", self.code) is None:
            raise WorkTimeError(f"closure code {self.code!r}: write a code such as new_year")
        for month, day in (self.first, self.last):
            try:
                date(2000, month, day)  # a leap year: 29 February may be named
            except ValueError as error:
                raise WorkTimeError(f"closure {self.code}: no day {month}-{day}") from error

    def covers(self, day: date) -> bool:
        """Whether the office is closed on that Tokyo date by this rule."""
        here = (day.month, day.day)
        if self.first <= self.last:
            inside = self.first <= here <= self.last
        else:
            inside = here >= self.first or here <= self.last
        return inside and self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


NEW_YEAR = Closure("new_year", (12, 29), (1, 3))
"""年末年始, by ordinance 29 December to 3 January in most towns."""
