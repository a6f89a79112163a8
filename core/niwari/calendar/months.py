"""Months and weeks of a calendar page: which one an address asks for, and its days with what is on them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Self

from niwari.calendar.events import CalendarEvent
from niwari.clock import ONE_DAY
from niwari.dates.calendar_jp import holiday_on
from niwari.dates.working_days import is_working_day
from niwari.specs.contributions.rules import FIRST_YEAR, LAST_YEAR

_WEEK = timedelta(days=7)
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A month or a week: ``first`` to ``last`` are its Tokyo days, ``key`` names it in an address.

    ``before`` and ``after`` are the keys of its neighbours, empty at the ends of the calendar.
    """

    key: str
    first: date
    last: date
    before: str
    after: str

    @classmethod
    def month(cls, day: date) -> Self:
        """Return the month of ``day``."""
        first = day.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return cls(
            f"{first:%Y-%m}",
            first,
            following - ONE_DAY,
            _key("%Y-%m", first - ONE_DAY),
            _key("%Y-%m", following),
        )

    @classmethod
    def week(cls, day: date) -> Self:
        """Return the week of ``day``, from Monday to Sunday."""
        first = day - timedelta(days=day.weekday())
        return cls(
            f"{first:%Y-%m-%d}",
            first,
            first + _WEEK - ONE_DAY,
            _key("%Y-%m-%d", first - _WEEK),
            _key("%Y-%m-%d", first + _WEEK),
        )

    @property
    def grid(self) -> tuple[date, date]:
        """The days from the Monday of its first week to the Sunday of its last."""
        return (
            self.first - timedelta(days=self.first.weekday()),
            self.last + timedelta(days=6 - self.last.weekday()),
        )


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what is on it, in the order of the day."""

    day: date
    is_inside: bool
    is_closed: bool
    holiday: str
    holiday_english: str
    events: list[CalendarEvent] = field(default_factory=list)


def wanted_month(text: str, today: date) -> Stretch:
    """Return the month that ``text`` (``2026-11``) names, else the one of ``today``."""
    found = _MONTH.fullmatch(text)
    return Stretch.month(_day(found.groups() if found else (), today))


def wanted_week(text: str, today: date) -> Stretch:
    """Return the week of the day that ``text`` (``2026-11-18``) names, else the one of ``today``."""
    found = _DAY.fullmatch(text)
    return Stretch.week(_day(found.groups() if found else (), today))


def days_with(events: Iterable[CalendarEvent], stretch: Stretch) -> list[Day]:
    """Return each day of the stretch's whole weeks, with those of ``events`` that touch it."""
    first, last = stretch.grid
    days = {day: _made(day, stretch) for day in _each(first, last)}
    for event in sorted(events, key=lambda event: event.order):
        for day in _each(max(event.at.day, first), min(event.at.last_day, last)):
            days[day].events.append(event)
    return list(days.values())


def weeks_of(days: Sequence[Day]) -> list[Sequence[Day]]:
    """Return the days cut into weeks."""
    return [days[start : start + 7] for start in range(0, len(days), 7)]


def _made(day: date, stretch: Stretch) -> Day:
    holiday = holiday_on(day)
    return Day(
        day,
        stretch.first <= day <= stretch.last,
        not is_working_day(day),
        holiday.name if holiday else "",
        holiday.english_name if holiday else "",
    )


def _each(first: date, last: date) -> Iterator[date]:
    return map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _day(parts: Sequence[str], today: date) -> date:
    try:
        day = date(*(int(part) for part in (*parts, "01")[:3]))
    except (TypeError, ValueError):  # nothing, or the 13th month
        return today
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else today


def _key(form: str, day: date) -> str:
    return day.strftime(form) if FIRST_YEAR <= day.year <= LAST_YEAR else ""
