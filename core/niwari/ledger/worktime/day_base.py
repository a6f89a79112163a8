"""Base and cap: the two numbers from which everything else in the ledger follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from niwari.ledger.worktime.intervals import minutes_of
from niwari.ledger.worktime.leave import Absence, absences_by_day, take_absences
from niwari.ledger.worktime.reasons import Reason, Why
from niwari.ledger.worktime.schedule import WorkConditions, work_days

_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class DayBase:
    """One day: `base` in minutes, `rate` in basis points, and why the base is what it is (L21).

    The minutes of `why` add up to `base`.
    """

    day: date
    base: int
    rate: int
    why: tuple[Reason, ...]


def day_bases(conditions: WorkConditions, first: date, last: date) -> tuple[DayBase, ...]:
    """Compute the days from `first` to `last`, both included; those of a period, say.

    Leave is taken off only where it overlaps scheduled hours, and no minute twice. The result
    depends on the arguments alone, so equal conditions may share it. Raises `HolidaysUnknown`.
    """
    rate_on = conditions.rates.by_day()
    absences = absences_by_day(conditions.leaves, first, last, conditions.leave_policy.subtracts)
    days = []
    for work_day in work_days(conditions, first, last):
        day, minutes, why = work_day.day, work_day.minutes, work_day.why
        if minutes and day in absences:
            hours, taken = take_absences(work_day.hours, absences[day])
            minutes = minutes_of(hours)
            why += _leave_reasons(taken)
        days.append(DayBase(day, minutes, rate_on(day), why))
    return tuple(days)


def base(days: Iterable[DayBase]) -> int:
    """Return the base of these days in minutes, never below 0."""
    return sum(day.base for day in days)


def cap(days: Iterable[DayBase]) -> int:
    """Return the minutes that may be spent: floor(sum of base x rate / 10000), in integers.

    Rounded once over all days, never day by day.
    """
    return sum(day.base * day.rate for day in days) // _WHOLE


def _leave_reasons(taken: tuple[Absence, ...]) -> tuple[Reason, ...]:
    minutes: dict[str, int] = {}
    for absence in taken:
        minutes[absence.kind] = minutes.get(absence.kind, 0) + absence.interval.minutes
    return tuple(Reason(Why.LEAVE, -amount, kind) for kind, amount in minutes.items())
