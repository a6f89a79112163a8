"""The rate: how many basis points of a day's base may be spent (ledger term "rate")."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from niwari.ledger.worktime.dated import Dated, check_starts, latest_first, valid_on
from niwari.ledger.worktime.errors import WorkTimeError

REGION_RATE = 2000
"""Basis points: a fifth, the most that any level may allow (R-001)."""


@dataclass(frozen=True, slots=True)
class Rate(Dated):
    """A dated value of one level, 0 to 2000 basis points. Raises `WorkTimeError`."""

    basis_points: int

    def __post_init__(self) -> None:
        Dated.__post_init__(self)
        if not 0 <= self.basis_points <= REGION_RATE:
            raise WorkTimeError(
                f"rate {self.basis_points}: give basis points from 0 to {REGION_RATE} (20%)"
            )

    def within(self, first: date, last: date | None) -> "Rate | None":
        """Return the part of this value from `first` to `last`, both included, or None.

        Who changes section in a period has the values of each section for the days spent there.
        """
        starts_on = max(self.starts_on, first)
        ends_on = min((day for day in (self.ends_on, last) if day is not None), default=None)
        if ends_on is not None and ends_on < starts_on:
            return None
        return Rate(starts_on, ends_on, self.basis_points)


@dataclass(frozen=True, slots=True)
class RateLevels:
    """The dated values of the four levels that concern one person.

    In each level the value that started last applies. A level without a value says nothing;
    the region then allows 2000. Raises `WorkTimeError` when two values of a level start together.
    """

    region: tuple[Rate, ...] = ()
    municipality: tuple[Rate, ...] = ()
    section: tuple[Rate, ...] = ()
    person: tuple[Rate, ...] = ()

    def __post_init__(self) -> None:
        check_starts(self.region, "rates of the region")
        check_starts(self.municipality, "rates of the municipality")
        check_starts(self.section, "rates of the section")
        check_starts(self.person, "rates of the person")

    def by_day(self) -> Callable[[date], int]:
        """Return the function from a day to the valid basis points: the smallest of all levels.

        Lower levels can only lower it.
        """
        levels = tuple(
            latest_first(level)
            for level in (self.region, self.municipality, self.section, self.person)
            if level
        )

        def basis_points(day: date) -> int:
            least = REGION_RATE
            for level in levels:
                rate = valid_on(level, day)
                if rate is not None and rate.basis_points < least:
                    least = rate.basis_points
            return least

        return basis_points
