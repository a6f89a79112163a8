"""What makes the base of a day: pattern, roster, holidays, closures, rates, and why."""

from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from niwari.clock import TOKYO
from niwari.dates.calendar_jp import HolidaysUnknown
from niwari.ledger.worktime import (
    DEFAULT_WEEK,
    Closure,
    DayBase,
    Employment,
    Leave,
    Rate,
    RateLevels,
    Reason,
    RosterDay,
    Week,
    Why,
    WorkConditions,
    WorkPattern,
    WorkTimeError,
    base,
    cap,
    day_bases,
    parse_hours,
    reason_code,
)

APPOINTED = (Employment(date(2020, 4, 1), None),)
SCHEDULED = Reason(Why.SCHEDULED, 465)
SHIFT = WorkPattern(date(2026, 4, 1), None, DEFAULT_WEEK, observes_holidays=False)


def conditions(**changes: Any) -> WorkConditions:
    return WorkConditions(**{"employment": APPOINTED, **changes})


def day_of(day: date, **changes: Any) -> DayBase:
    (computed,) = day_bases(conditions(**changes), day, day)
    return computed


def november(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("day", "minutes", "why"),
    [
        (date(2026, 11, 18), 465, (SCHEDULED,)),
        (date(2026, 11, 22), 0, (Reason(Why.REST_DAY),)),
        (date(2026, 11, 3), 0, (SCHEDULED, Reason(Why.HOLIDAY, -465, "文化の日"))),
        (date(2026, 5, 3), 0, (Reason(Why.REST_DAY),)),
        (date(2026, 5, 6), 0, (SCHEDULED, Reason(Why.HOLIDAY, -465, "振替休日"))),
        (date(2026, 9, 22), 0, (SCHEDULED, Reason(Why.HOLIDAY, -465, "国民の休日"))),
        (date(2026, 12, 28), 465, (SCHEDULED,)),
        (date(2026, 12, 29), 0, (SCHEDULED, Reason(Why.CLOSED, -465, "new_year"))),
        (date(2027, 1, 1), 0, (SCHEDULED, Reason(Why.HOLIDAY, -465, "元日"))),
        (date(2027, 1, 3), 0, (Reason(Why.REST_DAY),)),
        (date(2027, 1, 4), 465, (SCHEDULED,)),
        (date(2028, 1, 3), 0, (SCHEDULED, Reason(Why.CLOSED, -465, "new_year"))),
        (date(2028, 2, 29), 465, (SCHEDULED,)),
        (date(2020, 3, 31), 0, (Reason(Why.NOT_APPOINTED),)),
        (date(2020, 4, 1), 465, (SCHEDULED,)),
    ],
)
def test_a_day_says_why(day: date, minutes: int, why: tuple[Reason, ...]) -> None:
    assert day_of(day) == DayBase(day, minutes, 2000, why)


def test_the_last_day_of_an_appointment_counts_and_the_next_does_not() -> None:
    left_and_back = (
        Employment(date(2026, 4, 1), date(2026, 11, 10)),
        Employment(date(2026, 11, 19), None),
    )
    computed = day_bases(
        conditions(employment=left_and_back), date(2026, 11, 9), date(2026, 11, 20)
    )
    assert [day.day.day for day in computed if day.base] == [9, 10, 19, 20]


# Patterns and the roster


def test_of_dated_patterns_the_one_that_started_last_applies() -> None:
    mornings = WorkPattern(
        date(2026, 11, 10), date(2026, 11, 12), (parse_hours("08:30-12:00"),) * 7
    )
    full = WorkPattern(date(2026, 4, 1), None, DEFAULT_WEEK)
    computed = day_bases(
        conditions(patterns=(mornings, full)), date(2026, 11, 9), date(2026, 11, 13)
    )
    assert [day.base for day in computed] == [465, 210, 210, 210, 465]


def test_days_without_a_pattern_have_the_default_of_the_municipality() -> None:
    seven_hours = WorkPattern(date.min, None, (parse_hours("09:00-16:00"),) * 5 + ((), ()))
    ended = WorkPattern(date(2026, 4, 1), date(2026, 11, 17), DEFAULT_WEEK)
    changed = {"patterns": (ended,), "default": seven_hours}
    assert day_of(date(2026, 11, 17), **changed).base == 465
    assert day_of(date(2026, 11, 18), **changed).base == 420


def test_a_shift_pattern_works_on_holidays() -> None:
    assert day_of(date(2026, 11, 3), patterns=(SHIFT,)).base == 465
    assert day_of(date(2026, 12, 30), patterns=(SHIFT,)).base == 0
    assert day_of(date(2027, 1, 1), patterns=(SHIFT,), closures=()).base == 465


def test_a_festival_sunday_is_swapped_for_a_day_off() -> None:
    swap = (
        RosterDay(date(2026, 11, 8), parse_hours("08:30-12:00 13:00-17:15")),
        RosterDay(date(2026, 11, 9), ()),
    )
    sunday, monday = day_bases(conditions(roster=swap), date(2026, 11, 8), date(2026, 11, 9))
    assert (sunday.base, sunday.why) == (465, (Reason(Why.ROSTER, 465),))
    assert (monday.base, monday.why) == (0, (Reason(Why.REST_DAY, 0, "roster"),))
    month = day_bases(conditions(roster=swap), date(2026, 11, 1), date(2026, 11, 30))
    assert (base(month), cap(month)) == (8_835, 1_767)


@pytest.mark.parametrize("day", [date(2026, 11, 3), date(2026, 12, 30)])
def test_the_roster_overrules_holidays_and_closures(day: date) -> None:
    duty = (RosterDay(day, parse_hours("08:30-12:00")),)
    assert day_of(day, roster=duty).base == 210


def test_the_roster_does_not_appoint_anyone() -> None:
    duty = (RosterDay(date(2020, 3, 31), parse_hours("08:30-12:00")),)
    assert day_of(date(2020, 3, 31), roster=duty).why == (Reason(Why.NOT_APPOINTED),)


# Closures


def test_a_closure_within_the_year_has_dates_of_validity() -> None:
    summer = Closure("summer", (8, 13), (8, 14), date(2027, 1, 1), date(2027, 12, 31))
    closed = {"closures": (summer,)}
    assert day_of(date(2026, 8, 13), **closed).base == 465
    assert [day_of(date(2027, 8, day), **closed).base for day in (12, 13, 16)] == [465, 0, 465]
    assert day_of(date(2028, 8, 14), **closed).base == 465
    assert day_of(date(2026, 12, 29), **closed).base == 465


# Rates


def rate(day: int, basis_points: int, ends: int | None = None) -> Rate:
    return Rate(date(2026, 11, day), date(2026, 11, ends) if ends else None, basis_points)


@pytest.mark.parametrize(
    ("levels", "basis_points"),
    [
        (RateLevels(), 2000),
        (RateLevels(region=(rate(1, 1500),)), 1500),
        (RateLevels(municipality=(rate(1, 1000),)), 1000),
        (RateLevels(municipality=(rate(1, 1000),), section=(rate(1, 2000),)), 1000),
        (RateLevels(region=(rate(1, 1500),), municipality=(rate(1, 2000),)), 1500),
        (RateLevels(municipality=(rate(1, 1000),), section=(rate(1, 500),)), 500),
        (RateLevels(section=(rate(1, 500),), person=(rate(1, 2000),)), 500),
        (RateLevels(section=(rate(1, 500),), person=(rate(1, 0),)), 0),
        (RateLevels(section=(rate(1, 500), rate(10, 1200))), 1200),
        (RateLevels(section=(rate(1, 500), rate(10, 1200, ends=17))), 500),
        (RateLevels(section=(rate(10, 1200, ends=18),)), 1200),
        (RateLevels(section=(rate(19, 500),)), 2000),
    ],
)
def test_the_smallest_level_is_valid(levels: RateLevels, basis_points: int) -> None:
    assert day_of(date(2026, 11, 18), rates=levels).rate == basis_points


def test_a_rate_that_changes_within_the_month_is_summed_before_rounding() -> None:
    levels = RateLevels(section=(rate(1, 2000), rate(16, 501)))
    month = day_bases(conditions(rates=levels), date(2026, 11, 1), date(2026, 11, 30))
    assert [day.rate for day in month[14:16]] == [2000, 501]
    # 9 days at 2000 and 10 days at 501: 837 + 232.965; day by day it would be 837 + 230.
    assert cap(month) == 1_069


def test_a_transfer_takes_the_rate_of_each_section_for_its_days() -> None:
    before, after = rate(1, 500), rate(1, 1000)
    left = before.within(date(2026, 10, 1), date(2026, 11, 15))
    joined = after.within(date(2026, 11, 16), None)
    assert (left, joined) == (rate(1, 500, ends=15), rate(16, 1000))
    assert left is not None
    assert left.within(date(2026, 11, 16), None) is None


# What is refused


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Employment(date(2026, 4, 2), date(2026, 4, 1)), "Employment from 2026-04-02"),
        (lambda: Rate(date(2026, 4, 1), None, 2001), "rate 2001"),
        (lambda: Rate(date(2026, 4, 1), None, -1), "rate -1"),
        (lambda: RateLevels(person=(rate(1, 5), rate(1, 6))), "rates of the person: two start"),
        (lambda: conditions(patterns=(SHIFT, SHIFT)), "work patterns: two start on 2026-04-01"),
        (
            lambda: WorkPattern(date(2026, 4, 1), None, cast("Week", DEFAULT_WEEK[:6])),
            "a week of 6 days",
        ),
        (lambda: RosterDay(date(2026, 4, 1), DEFAULT_WEEK[0][::-1]), "in order"),
        (
            lambda: conditions(roster=(RosterDay(date(2026, 4, 1), ()),) * 2),
            "2026-04-01 is listed twice",
        ),
        (lambda: Closure("年末年始", (12, 29), (1, 3)), "closure code '年末年始'"),
        (lambda: Closure("odd", (2, 30), (3, 1)), "no day 2-30"),
        (lambda: Leave("年休", november(1), november(2)), "leave kind '年休'"),
        (lambda: Leave("annual", november(2), november(2)), "not after its start"),
        (lambda: Leave("annual", november(2), november(2, 12, 0).replace(second=1)), "minute"),
        (lambda: Leave("annual", november(2).replace(tzinfo=None), november(3)), "no time zone"),
        (
            lambda: Leave("sick", november(2), datetime(9999, 12, 31, 23, tzinfo=UTC)),
            "outside the calendar",
        ),
    ],
)
def test_a_rule_that_cannot_be_is_refused_by_name(make: Any, words: str) -> None:
    with pytest.raises(WorkTimeError, match=words):
        make()


def test_a_year_without_known_holidays_is_refused() -> None:
    with pytest.raises(HolidaysUnknown):
        day_of(date(2100, 1, 4))


# Codes for JSON


@pytest.mark.parametrize(
    ("reason", "own", "others"),
    [
        (SCHEDULED, "scheduled:465", "scheduled:465"),
        (Reason(Why.ROSTER, 210), "roster:210", "roster:210"),
        (Reason(Why.REST_DAY), "rest_day", "rest_day"),
        (Reason(Why.REST_DAY, 0, "roster"), "rest_day.roster", "rest_day.roster"),
        (Reason(Why.HOLIDAY, -465, "文化の日"), "holiday:-465", "holiday:-465"),
        (Reason(Why.CLOSED, -465, "new_year"), "closed.new_year:-465", "closed.new_year:-465"),
        (Reason(Why.LEAVE, -210, "annual"), "leave.annual:-210", "leave:-210"),
        (Reason(Why.NOT_APPOINTED), "not_appointed", "not_appointed"),
    ],
)
def test_reasons_have_ascii_codes_and_leave_kinds_stay_private(
    reason: Reason, own: str, others: str
) -> None:
    assert reason_code(reason, with_leave_kind=True) == own
    assert reason_code(reason, with_leave_kind=False) == others
