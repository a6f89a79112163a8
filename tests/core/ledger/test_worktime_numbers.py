"""The worked numbers of the ledger, to the minute: 7 h 45 min a day, closed 29 Dec to 3 Jan."""

from datetime import date, datetime

import pytest

from niwari.clock import TOKYO
from niwari.ledger.worktime import (
    DEFAULT_WEEK,
    DayBase,
    Employment,
    Leave,
    PeriodKind,
    Rate,
    RateLevels,
    WorkConditions,
    WorkPattern,
    base,
    cap,
    counting_minutes,
    counting_parts,
    day_bases,
    parse_period,
    period_of,
)

APPOINTED = (Employment(date(2020, 4, 1), None),)
FULL_TIME = WorkConditions(APPOINTED)


def days_of(conditions: WorkConditions, period: str) -> tuple[DayBase, ...]:
    chosen = parse_period(period)
    return day_bases(conditions, chosen.starts_on, chosen.ends_on)


def at(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("month", "days", "minutes", "allowed"),
    [
        ("2026-04", 21, 9_765, 1_953),
        ("2026-05", 18, 8_370, 1_674),
        ("2026-06", 22, 10_230, 2_046),
        ("2026-07", 22, 10_230, 2_046),
        ("2026-08", 20, 9_300, 1_860),
        ("2026-09", 19, 8_835, 1_767),
        ("2026-10", 21, 9_765, 1_953),
        ("2026-11", 19, 8_835, 1_767),
        ("2026-12", 20, 9_300, 1_860),
        ("2027-01", 19, 8_835, 1_767),
        ("2027-02", 18, 8_370, 1_674),
        ("2027-03", 22, 10_230, 2_046),
        ("FY2026", 241, 112_065, 22_413),
    ],
)
def test_full_time_in_fiscal_2026(month: str, days: int, minutes: int, allowed: int) -> None:
    computed = days_of(FULL_TIME, month)
    assert sum(1 for day in computed if day.base) == days
    assert (base(computed), cap(computed)) == (minutes, allowed)


SHORT_TIME = WorkPattern(date(2026, 4, 1), None, (*DEFAULT_WEEK[:3], (), (), (), ()))
FIVE_PERCENT = RateLevels(section=(Rate(date(2026, 11, 1), date(2026, 11, 30), 500),))


@pytest.mark.parametrize(
    ("conditions", "minutes", "allowed"),
    [
        pytest.param(FULL_TIME, 8_835, 1_767, id="full-time"),
        pytest.param(
            WorkConditions(APPOINTED, leaves=(Leave("annual", at(11, 10), at(11, 11)),)),
            8_370,
            1_674,
            id="one day of annual leave",
        ),
        pytest.param(
            WorkConditions(APPOINTED, leaves=(Leave("annual", at(11, 10, 8, 30), at(11, 10, 12)),)),
            8_625,
            1_725,
            id="one morning off",
        ),
        pytest.param(
            WorkConditions(
                APPOINTED, leaves=(Leave("annual", at(11, 10, 12), at(11, 10, 17, 15)),)
            ),
            8_580,
            1_716,
            id="one afternoon off",
        ),
        pytest.param(
            WorkConditions(APPOINTED, patterns=(SHORT_TIME,)),
            5_115,
            1_023,
            id="short-time Mon-Wed",
        ),
        pytest.param(
            WorkConditions(APPOINTED, rates=FIVE_PERCENT),
            8_835,
            441,
            id="section at 5% all month",
        ),
        pytest.param(
            WorkConditions((Employment(date(2026, 11, 16), None),)),
            4_650,
            930,
            id="joins on 16 Nov",
        ),
        pytest.param(
            WorkConditions(APPOINTED, leaves=(Leave("childcare", at(10, 1), at(12, 31)),)),
            0,
            0,
            id="full leave",
        ),
    ],
)
def test_november_2026(conditions: WorkConditions, minutes: int, allowed: int) -> None:
    computed = days_of(conditions, "2026-11")
    assert (base(computed), cap(computed)) == (minutes, allowed)


def test_the_week_of_three_holidays_has_two_days() -> None:
    week = period_of(PeriodKind.WEEK, date(2026, 9, 25))
    assert (week.starts_on, week.key) == (date(2026, 9, 21), "2026-09-21")
    computed = days_of(FULL_TIME, week.key)
    assert (base(computed), cap(computed)) == (930, 186)
    assert [day.base for day in computed] == [0, 0, 0, 465, 465, 0, 0]


def test_a_meeting_from_17_to_18_counts_15_minutes() -> None:
    parts = counting_parts(FULL_TIME, at(11, 18, 17), at(11, 18, 18))
    assert [(part.minutes, part.counts, part.code) for part in parts] == [
        (15, True, "scheduled"),
        (45, False, "outside_hours"),
    ]


def test_the_third_wednesdays_to_31_march_are_300_minutes() -> None:
    thirds = [(2026, 11, 18), (2026, 12, 16), (2027, 1, 20), (2027, 2, 17), (2027, 3, 17)]
    total = 0
    for year, month, day in thirds:
        start = datetime(year, month, day, 13, 30, tzinfo=TOKYO)
        total += counting_minutes(
            counting_parts(FULL_TIME, start, start.replace(hour=14, minute=30))
        )
    assert total == 300
