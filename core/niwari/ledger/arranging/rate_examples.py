"""What a rate means in minutes: the allowance of a full-time post in one month."""

from collections.abc import Mapping, Sequence
from datetime import date

from niwari.dates.calendar_jp import LAST_YEAR
from niwari.ledger.worktime import (
    Employment,
    Period,
    PeriodKind,
    Rate,
    RateLevels,
    WorkConditions,
    cap,
    day_bases,
    period_of,
)


def example_of(
    above: Mapping[str, Sequence[Rate]], level: str, rate: Rate, today: date
) -> tuple[Period, int | None]:
    """Return the first month in which a rate holds, and what a full-time post without leave may spend.

    ``above`` are the rates of region and municipality, the smallest of which holds with it: minutes.
    ``None`` is for a month so far ahead that its holidays are not known.
    """
    month = period_of(PeriodKind.MONTH, max(rate.starts_on, today))
    if month.ends_on.year > LAST_YEAR:
        return month, None
    levels = {name: tuple(rates) for name, rates in above.items()}
    if level in ("section", "person"):
        levels[level] = (rate,)
    conditions = WorkConditions((Employment(date.min, None),), rates=RateLevels(**levels))
    return month, cap(day_bases(conditions, month.starts_on, month.ends_on))
