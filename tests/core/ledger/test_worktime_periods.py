"""Months, weeks, quarters and fiscal years, and the texts that name them."""

from datetime import date

import pytest

from niwari.ledger.worktime import (
    Period,
    PeriodError,
    PeriodKind,
    fiscal_year_of,
    parse_period,
    period_of,
    periods_between,
)

MONTH, WEEK = PeriodKind.MONTH, PeriodKind.WEEK
QUARTER, FISCAL_YEAR = PeriodKind.QUARTER, PeriodKind.FISCAL_YEAR


@pytest.mark.parametrize(
    ("kind", "day", "starts_on", "ends_on", "key"),
    [
        (MONTH, date(2026, 11, 30), date(2026, 11, 1), date(2026, 11, 30), "2026-11"),
        (MONTH, date(2026, 12, 1), date(2026, 12, 1), date(2026, 12, 31), "2026-12"),
        (MONTH, date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        (WEEK, date(2026, 9, 27), date(2026, 9, 21), date(2026, 9, 27), "2026-09-21"),
        (WEEK, date(2026, 12, 31), date(2026, 12, 28), date(2027, 1, 3), "2026-12-28"),
        (WEEK, date(2027, 3, 31), date(2027, 3, 29), date(2027, 3, 31), "2027-03-29"),
        (WEEK, date(2027, 4, 1), date(2027, 4, 1), date(2027, 4, 4), "2027-04-01"),
        (WEEK, date(2027, 4, 5), date(2027, 4, 5), date(2027, 4, 11), "2027-04-05"),
        (QUARTER, date(2026, 4, 1), date(2026, 4, 1), date(2026, 6, 30), "FY2026-Q1"),
        (QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), "FY2026-Q3"),
        (QUARTER, date(2027, 3, 31), date(2027, 1, 1), date(2027, 3, 31), "FY2026-Q4"),
        (FISCAL_YEAR, date(2026, 4, 1), date(2026, 4, 1), date(2027, 3, 31), "FY2026"),
        (FISCAL_YEAR, date(2027, 3, 31), date(2026, 4, 1), date(2027, 3, 31), "FY2026"),
    ],
)
def test_a_day_has_its_period(
    kind: PeriodKind, day: date, starts_on: date, ends_on: date, key: str
) -> None:
    period = period_of(kind, day)
    assert period == Period(kind, starts_on, ends_on)
    assert period.key == key
    assert parse_period(key) == period
    assert day in period


def test_a_period_ends_with_its_last_day() -> None:
    november = parse_period("2026-11")
    assert date(2026, 11, 30) in november
    assert date(2026, 12, 1) not in november
    assert date(2026, 10, 31) not in november


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2027, 3, 31), 2026), (date(2027, 4, 1), 2027), (date(2028, 2, 29), 2027)],
)
def test_the_fiscal_year_begins_in_april(day: date, year: int) -> None:
    assert fiscal_year_of(day) == year


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "2026-1",
        "2026-11 ",
        "２０２６-11",
        "2026-11-18",  # a Wednesday that begins no week
        "2026-11-31",
        "FY2026-Q5",
        "fy2026",
        "FY26",
        "0000-11",
        "1948-12",
        "FY1948",
        "2100-01",
        "FY2099",
        "9999-12",
    ],
)
def test_another_text_is_refused_by_name(text: str) -> None:
    with pytest.raises(PeriodError) as refused:
        parse_period(text)
    assert repr(text) in str(refused.value)


def test_periods_between_two_days_are_those_that_touch_them() -> None:
    weeks = periods_between(WEEK, date(2027, 3, 31), date(2027, 4, 5))
    assert [week.key for week in weeks] == ["2027-03-29", "2027-04-01", "2027-04-05"]
    months = periods_between(MONTH, date(2026, 11, 18), date(2027, 3, 31))
    assert [month.key for month in months] == [
        "2026-11",
        "2026-12",
        "2027-01",
        "2027-02",
        "2027-03",
    ]
    assert list(periods_between(MONTH, date(2026, 11, 2), date(2026, 11, 1))) == []
