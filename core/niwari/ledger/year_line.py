"""The fiscal-year line beside a month: what each month allowed and what was used of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from niwari.ledger.models import Account
from niwari.ledger.worktime import DayBase, cap


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month of a fiscal year; ``starts_on`` is its first Tokyo day, the amounts are minutes."""

    starts_on: date
    cap: int
    used: int
    reserved: int

    @property
    def taken(self) -> int:
        """What is used or agreed to."""
        return self.used + self.reserved


def year_line(days: Sequence[DayBase], accounts: Iterable[Account]) -> tuple[MonthLine, ...]:
    """Return the months of ``days``, which are in order, with what ``accounts`` used of them.

    The account of a longer period stands in its first month. A month that was closed allows what it
    allowed then (rule L7).
    """
    months: dict[date, list[DayBase]] = defaultdict(list)
    for one in days:
        months[one.day.replace(day=1)].append(one)
    caps = {first: cap(those) for first, those in months.items()}
    taken: dict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for account in accounts:
        first = account.starts_on.replace(day=1)
        used, reserved = taken[first]
        taken[first] = (used + account.used, reserved + account.reserved)
        if account.closed_at is not None and account.ends_on < _following(first):
            caps[first] = account.cap
    return tuple(MonthLine(first, caps[first], *taken[first]) for first in months)


def _following(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
