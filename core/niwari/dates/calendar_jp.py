"""The national holidays of Japan, by name, from the `holidays` package.

Source: 国民の祝日に関する法律, with 振替休日 (art. 3, paragraph 2) and 国民の休日 (paragraph 3).
Office closure at new year is not a national holiday: see `worktime.Closure`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

# Those of the package, which is imported when a holiday is first asked for: it brings all countries.
FIRST_YEAR, LAST_YEAR = 1949, 2099
# A table is a few kB. A process meets a handful of years; the bound only keeps it from growing.
_YEARS_KEPT = 32


class HolidaysUnknown(ValueError):
    """The holidays of a year are not known, so nothing that rests on them can be computed."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"year {year}: national holidays are known from {FIRST_YEAR} to {LAST_YEAR} only; "
            "give a day in these years"
        )
        self.year = year


@dataclass(frozen=True, slots=True)
class Holiday:
    """One national holiday. `name` is Japanese (振替休日, 国民の休日 included), for screens."""

    day: date
    name: str
    english_name: str


@cache
def japan() -> Any:
    """Import what the package knows of Japan; a server does so before anybody waits for it."""
    from holidays.countries.japan import JP

    return JP


@lru_cache(maxsize=_YEARS_KEPT)
def holidays_of(year: int) -> Mapping[date, Holiday]:
    """Return the holidays of one calendar year by Tokyo date, read-only and in order.

    The table is built once per year and process. Raises `HolidaysUnknown` outside the known
    years, where the package would answer "none" and every day would look like a working day.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise HolidaysUnknown(year)
    of_japan = japan()
    if not of_japan.start_year <= year <= of_japan.end_year:  # of another release of the package
        raise HolidaysUnknown(year)
    japanese = of_japan(years=year, expand=False, language="ja")
    english = of_japan(years=year, expand=False, language="en_US")
    return MappingProxyType(
        {day: Holiday(day, japanese[day], english[day]) for day in sorted(japanese)}
    )


def holiday_on(day: date) -> Holiday | None:
    """Return the holiday on a Tokyo date, or None. Raises `HolidaysUnknown`."""
    return holidays_of(day.year).get(day)
