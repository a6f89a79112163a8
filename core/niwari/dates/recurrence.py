"""On which days something takes place: rules of recurrence worked out, closed days heeded.

All is counted in Tokyo's wall time, which has no summer time.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from niwari.clock import ONE_DAY, TOKYO, tokyo_day
from niwari.dates.working_days import is_closed, is_weekend
from niwari.specs.contributions.dates import OnHoliday, Repeats, When
from niwari.specs.contributions.rules import rule_days, weekdays_named

Closed = Callable[[date], bool]

_ONE_WEEK = timedelta(days=7)
_STEPS = {"before": -ONE_DAY, "after": ONE_DAY, "next_week": _ONE_WEEK}
# The longest time without a working day is shorter: the turn of the year, ten days in May 2019.
_FARTHEST = 31


class NeverOpen(ValueError):
    """By the function that tells so, all days around one are closed."""

    def __init__(self, day: date) -> None:
        super().__init__(
            f"{day}: no open day in {_FARTHEST} steps; let `closed` tell of holidays and closures only"
        )


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time at which something takes place.

    `day` to `last_day` are Tokyo days, both included. `starts_at` and `ends_at` are aware instants,
    or `None` for whole days; `ends_at` is `None` too where the end is open.
    """

    day: date
    last_day: date
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def occurrences(
    when: When, first: date, last: date, closed: Callable[[date], bool] = is_closed
) -> Sequence[Occurrence]:
    """Return when something takes place that touches a day from `first` to `last`, in order.

    `closed` tells on which days the offices are closed, weekends aside: those count as closed by
    themselves, unless the rule names the day of the week. What happens once, happens on its day
    whatever that is. There are 500 at most.
    """
    days = _days(when, when.repeats, closed) if when.repeats else (when.first_day,)
    found = (_on(when, day) for day in days if day <= last)
    return [each for each in found if each.last_day >= first]


def _days(when: When, repeats: Repeats, closed: Closed) -> Sequence[date]:
    days = rule_days(repeats.rule, when.first_day, repeats.until)
    if repeats.on_holiday == "keep":
        return days
    named = weekdays_named(repeats.rule)
    if not named and "FREQ=WEEKLY" in repeats.rule:
        named = frozenset([when.first_day.weekday()])
    is_shut = partial(_is_shut, closed, named)
    kept = {day for day in days if not is_shut(day)}
    if repeats.on_holiday != "skip":
        shut_days = [day for day in days if day not in kept]
        kept.update(_moved(day, repeats.on_holiday, closed, named) for day in shut_days)
    return sorted(kept)


def _is_shut(closed: Closed, named: frozenset[int], day: date) -> bool:
    return closed(day) or (is_weekend(day) and day.weekday() not in named)


def _moved(day: date, rule: OnHoliday, closed: Closed, named: frozenset[int]) -> date:
    """Return where a time goes that falls on a closed day, `rule` being none that keeps or skips.

    Raises `NeverOpen` where `closed` leaves no day within reach.
    """
    step = _STEPS[rule]
    if rule == "next_week" and is_weekend(day) and day.weekday() not in named:
        step = ONE_DAY  # a week later it is the same day of the weekend
    shut = partial(_is_shut, closed, named if step == _ONE_WEEK else frozenset())
    moved = day
    for _ in range(_FARTHEST):
        moved += step
        if not shut(moved):
            return moved
    raise NeverOpen(day)


def _on(when: When, day: date) -> Occurrence:
    if not isinstance(when.start, datetime):
        return Occurrence(day, day + when.length)
    starts_at = datetime.combine(day, when.start.astimezone(TOKYO).timetz())
    if when.end is None:
        return Occurrence(day, day, starts_at)
    ends_at = starts_at + when.length
    # What ends at midnight does not reach into the next day.
    return Occurrence(day, tokyo_day(ends_at - timedelta.resolution), starts_at, ends_at)
