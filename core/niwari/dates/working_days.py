"""Days on which municipal offices are open: neither weekend nor holiday nor the turn of the year.

What a single person or site works on is the ledger's (`worktime.WorkConditions`); here is what holds
for a town's offices in general, for terms and for what recurs.
"""

from datetime import date

from niwari.clock import ONE_DAY
from niwari.dates.calendar_jp import holiday_on

_SATURDAY = 5


def is_closed(day: date) -> bool:
    """Tell whether a Tokyo date is a national holiday or lies from 29 December to 3 January.

    These close offices (地方自治法 art. 4-2) beside the weekends, which are not asked here. Raises
    `ValueError` outside 1949 to 2099.
    """
    return (
        (day.month == 12 and day.day >= 29)
        or (day.month == 1 and day.day <= 3)
        or holiday_on(day) is not None
    )


def is_weekend(day: date) -> bool:
    """Tell whether a day is a Saturday or Sunday."""
    return day.weekday() >= _SATURDAY


def is_working_day(day: date) -> bool:
    """Tell whether offices are open on a Tokyo date. Raises `ValueError` outside 1949 to 2099."""
    return not is_weekend(day) and not is_closed(day)


def first_day_within(today: date, number: int) -> date:
    """Return the first day of which `today` is at most `number` working days after it.

    Raises as `working_days_after` does.
    """
    day = today
    while working_days_after(day - ONE_DAY, number) >= today:
        day -= ONE_DAY
    return day


def working_days_after(day: date, number: int) -> date:
    """Return the working day that is `number` working days after `day`, which counts as day 0.

    Whether `day` itself is one makes no difference: one working day after a Friday, Saturday or
    Sunday is the Monday. Raises `ValueError` for a `number` below 1, and outside 1949 to 2099.
    """
    if number < 1:
        raise ValueError(f"{number} working days after: give 1 or more")
    while number:
        day += ONE_DAY
        number -= is_working_day(day)
    return day
