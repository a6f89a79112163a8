"""The national holidays that the ledger rests on."""

from datetime import date

import pytest
from holidays.countries.japan import JP

from niwari.dates.calendar_jp import (
    FIRST_YEAR,
    LAST_YEAR,
    HolidaysUnknown,
    holiday_on,
    holidays_of,
)


def test_the_years_that_are_known_are_those_of_the_package() -> None:
    assert (JP.start_year, JP.end_year) == (FIRST_YEAR, LAST_YEAR)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 5, 3), "憲法記念日"),
        (date(2026, 5, 6), "振替休日"),
        (date(2026, 9, 21), "敬老の日"),
        (date(2026, 9, 22), "国民の休日"),
        (date(2026, 9, 23), "秋分の日"),
        (date(2026, 11, 3), "文化の日"),
        (date(2027, 3, 21), "春分の日"),
        (date(2027, 3, 22), "振替休日"),
    ],
)
def test_a_holiday_has_its_japanese_name(day: date, name: str) -> None:
    holiday = holiday_on(day)
    assert holiday is not None
    assert (holiday.day, holiday.name) == (day, name)
    assert holiday.english_name.isascii()


@pytest.mark.parametrize("day", [date(2026, 12, 29), date(2027, 1, 2), date(2028, 2, 29)])
def test_other_days_are_not_holidays(day: date) -> None:
    assert holiday_on(day) is None


@pytest.mark.parametrize(("year", "count"), [(2026, 18), (2027, 17)])
def test_a_year_has_its_holidays_in_order(year: int, count: int) -> None:
    days = list(holidays_of(year))
    assert len(days) == count
    assert days == sorted(days)
    assert {day.year for day in days} == {year}


def test_a_year_is_built_once() -> None:
    assert holidays_of(2026) is holidays_of(2026)


@pytest.mark.parametrize("year", [1948, 2100])
def test_an_unknown_year_is_an_error_and_not_a_year_without_holidays(year: int) -> None:
    with pytest.raises(HolidaysUnknown, match=str(year)):
        holiday_on(date(year, 1, 1))
