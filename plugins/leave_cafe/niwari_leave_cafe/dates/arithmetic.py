"""Counting days as Japanese law does: ages, weeks before and after a birth, the start of school."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
_MARCH, _APRIL, _SCHOOL_AGE = 3, 4, 72
_LAST_OF_MARCH = 31


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def holds(self, other: "Span") -> bool:
        """Tell whether ``other`` lies wholly in it."""
        return self.first <= other.first and other.last <= self.last

    def meets(self, other: "Span") -> bool:
        """Tell whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last

    def until(self, last: date) -> "Span | None":
        """Return what is left of it when it ends on ``last`` at the latest."""
        return Span(self.first, min(self.last, last)) if self.first <= last else None


def reaches(born: date, months: int) -> date:
    """Return the day on which a child has lived ``months`` months: the day before that day of the month.

    Age counts from the day of birth, which is included, and the period ends on the day before the
    day that answers to it; where the last month has no such day, on the last of the month
    (年齢計算ニ関スル法律; Civil Code art. 143).
    """
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    if born.day > last:
        return date(year, month + 1, last)
    return date(year, month + 1, born.day) - ONE_DAY


def eve_of_school(born: date) -> date:
    """Return the last day before a child's first school year.

    That begins on the first 1 April that is later than the day on which the child reaches six
    (School Education Act art. 17).
    """
    next_day = reaches(born, _SCHOOL_AGE) + ONE_DAY
    is_late = (next_day.month, next_day.day) > (_APRIL, 1)
    return date(next_day.year + is_late, _MARCH, _LAST_OF_MARCH)


def before_due(due: date, weeks: int, *, counts_due_date: bool) -> date:
    """Return the first of ``weeks`` weeks before a due date, which is one of their days or is not."""
    return due - timedelta(days=weeks * 7 - counts_due_date)


def after_birth(born: date, weeks: int, *, starts_after_days: int) -> Span:
    """Return the ``weeks`` weeks that begin so many days after the day of birth."""
    first = born + timedelta(days=starts_after_days)
    return Span(first, first + timedelta(days=weeks * 7 - 1))


def within(born: date, days: int, *, counts_birth_date: bool) -> Span:
    """Return the first ``days`` days of a child's life; the day of birth is one of them or is not."""
    return Span(born, born + timedelta(days=days - counts_birth_date))
