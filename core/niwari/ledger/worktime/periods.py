"""Periods of the ledger: month, week, quarter and fiscal year, in Tokyo dates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from niwari.dates.calendar_jp import FIRST_YEAR, LAST_YEAR
from niwari.ledger.worktime.errors import PeriodError

_FISCAL_START = 4


class PeriodKind(StrEnum):
    """What a municipality may choose (ledger term "period"). Month is the default."""

    MONTH = "month"
    WEEK = "week"
    QUARTER = "quarter"
    FISCAL_YEAR = "fiscal_year"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `starts_on` to `ends_on`, both included. Made by `period_of`."""

    kind: PeriodKind
    starts_on: date
    ends_on: date

    @property
    def key(self) -> str:
        """The text that `parse_period` reads: 2026-11, 2026-09-21, FY2026-Q3, FY2026.

        A week is named by its first day: 1 April where the year's boundary cut it.
        """
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.starts_on:%Y-%m}"
            case PeriodKind.WEEK:
                return self.starts_on.isoformat()
            case PeriodKind.QUARTER:
                quarter = (self.starts_on.month - _FISCAL_START) % 12 // 3 + 1
                return f"FY{fiscal_year_of(self.starts_on)}-Q{quarter}"
            case PeriodKind.FISCAL_YEAR:
                return f"FY{self.starts_on.year}"

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


def fiscal_year_of(day: date) -> int:
    """Return the year in which the fiscal year of a day began: April to March."""
    return day.year if day.month >= _FISCAL_START else day.year - 1


def period_of(kind: PeriodKind, day: date) -> Period:
    """Return the period that contains a day.

    Weeks run from Monday and never cross 31 March; quarters are April to June and so on.
    """
    match kind:
        case PeriodKind.MONTH:
            return _months(kind, day.year, day.month, 1)
        case PeriodKind.QUARTER:
            return _months(kind, day.year, (day.month - 1) // 3 * 3 + 1, 3)
        case PeriodKind.FISCAL_YEAR:
            return _months(kind, fiscal_year_of(day), _FISCAL_START, 12)
        case PeriodKind.WEEK:
            year = period_of(PeriodKind.FISCAL_YEAR, day)
            monday = day - timedelta(days=day.weekday())
            sunday = monday + timedelta(days=6)
            return Period(kind, max(monday, year.starts_on), min(sunday, year.ends_on))


def period_spanning(first: date, last: date) -> Period:
    """Return the period that has exactly the days from `first` to `last`.

    Raises `PeriodError` where they are none. No two kinds have a period in common.
    """
    for kind in PeriodKind:
        period = period_of(kind, first)
        if (period.starts_on, period.ends_on) == (first, last):
            return period
    raise PeriodError(f"{first} to {last} is no month, week, quarter or fiscal year")


def periods_between(kind: PeriodKind, first: date, last: date) -> Iterator[Period]:
    """Yield the periods that touch the days from `first` to `last`, in order.

    Accounts are locked in this order (L2).
    """
    while first <= last:
        period = period_of(kind, first)
        yield period
        first = period.ends_on + timedelta(days=1)


def parse_period(text: str) -> Period:
    """Read `2026-11` (month), `2026-09-21` (week by its first day), `FY2026-Q3` or `FY2026`.

    Raises `PeriodError` for another form, a day that does not begin a week, and years whose
    holidays are not known.
    """
    try:
        period = _parse(text)
    except ValueError as error:
        raise PeriodError(f"period {text!r}: no such day in the calendar") from error
    if period is None or period.key != text:
        raise PeriodError(
            f"period {text!r}: write 2026-11, FY2026-Q3, FY2026, or the first day of a week"
        )
    if period.starts_on.year < FIRST_YEAR or period.ends_on.year > LAST_YEAR:
        raise PeriodError(f"period {text!r}: give a year from {FIRST_YEAR} to {LAST_YEAR}")
    return period


def _parse(text: str) -> Period | None:
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})", text):
        return period_of(PeriodKind.MONTH, date(int(match[1]), int(match[2]), 1))
    if match := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", text):
        return period_of(PeriodKind.WEEK, date(int(match[1]), int(match[2]), int(match[3])))
    if match := re.fullmatch(r"FY([0-9]{4})-Q([1-4])", text):
        april = date(int(match[1]), _FISCAL_START, 1)
        return period_of(PeriodKind.QUARTER, _add_months(april, 3 * (int(match[2]) - 1)))
    if match := re.fullmatch(r"FY([0-9]{4})", text):
        return period_of(PeriodKind.FISCAL_YEAR, date(int(match[1]), _FISCAL_START, 1))
    return None


def _months(kind: PeriodKind, year: int, month: int, count: int) -> Period:
    starts_on = date(year, month, 1)
    return Period(kind, starts_on, _add_months(starts_on, count) - timedelta(days=1))


def _add_months(first: date, count: int) -> date:
    months = first.year * 12 + first.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
