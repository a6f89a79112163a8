"""What leave takes off the base: only scheduled time, and no minute twice."""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.ledger.worktime import (
    DayBase,
    Employment,
    Leave,
    LeavePolicy,
    Reason,
    Why,
    WorkConditions,
    WorkPattern,
    day_bases,
    parse_hours,
)

APPOINTED = (Employment(date(2020, 4, 1), None),)
SCHEDULED = Reason(Why.SCHEDULED, 465)


def conditions(**changes: Any) -> WorkConditions:
    return WorkConditions(**{"employment": APPOINTED, **changes})


def day_of(day: date, **changes: Any) -> DayBase:
    (computed,) = day_bases(conditions(**changes), day, day)
    return computed


def november(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOKYO)


def leave_minutes(*leaves: Leave, first: int, last: int) -> list[int]:
    computed = day_bases(conditions(leaves=leaves), date(2026, 11, first), date(2026, 11, last))
    return [day.base for day in computed]


def test_a_morning_off_is_210_and_an_afternoon_255() -> None:
    assert leave_minutes(Leave("annual", november(18), november(18, 12)), first=18, last=18) == [
        255
    ]
    assert leave_minutes(Leave("annual", november(18, 12), november(19)), first=18, last=18) == [
        210
    ]


def test_leave_outside_scheduled_hours_takes_nothing() -> None:
    lunch = Leave("annual", november(18, 12), november(18, 13))
    evening = Leave("annual", november(18, 17, 15), november(19, 8, 30))
    computed = day_of(date(2026, 11, 18), leaves=(lunch, evening))
    assert (computed.base, computed.why) == (465, (SCHEDULED,))


def test_overlapping_leaves_are_not_taken_twice() -> None:
    computed = day_of(
        date(2026, 11, 18),
        leaves=(
            Leave("care", november(18, 10), november(18, 14)),
            Leave("annual", november(18, 9), november(18, 11)),
            Leave("annual", november(18, 9), november(18, 11)),
        ),
    )
    assert computed.base == 465 - 120 - 120
    assert computed.why == (
        SCHEDULED,
        Reason(Why.LEAVE, -120, "annual"),
        Reason(Why.LEAVE, -120, "care"),
    )


def test_leave_over_midnight_weekend_and_holiday_takes_only_scheduled_time() -> None:
    # Friday 15:00 to Tuesday 10:00, over the weekend and 勤労感謝の日.
    away = Leave("special", november(20, 15), november(24, 10))
    assert leave_minutes(away, first=20, last=25) == [465 - 135, 0, 0, 0, 465 - 90, 465]
    holiday = day_of(date(2026, 11, 23), leaves=(away,))
    assert holiday.why == (SCHEDULED, Reason(Why.HOLIDAY, -465, "勤労感謝の日"))


def test_leave_on_a_night_shift_is_cut_at_midnight() -> None:
    night = WorkPattern(
        date(2026, 4, 1), None, (parse_hours("00:00-06:00 22:00-24:00"),) * 7, False
    )
    away = (Leave("annual", november(18, 23), november(19, 5)),)
    computed = day_bases(
        conditions(patterns=(night,), leaves=away), date(2026, 11, 18), date(2026, 11, 19)
    )
    assert [day.base for day in computed] == [480 - 60, 480 - 300]


@pytest.mark.parametrize("zone", [UTC, TOKYO, timezone(timedelta(hours=-10))])
def test_leave_may_come_in_any_zone(zone: tzinfo) -> None:
    start, end = november(18, 8, 30), november(18, 12)
    away = Leave("annual", start.astimezone(zone), end.astimezone(zone))
    assert leave_minutes(away, first=17, last=19) == [465, 255, 465]


@pytest.mark.parametrize(
    ("kind", "minutes"),
    [
        ("annual", 465),
        ("special", 465),
        ("grandchild", 465),
        ("sick", 0),
        ("maternity", 0),
        ("childcare", 0),
        ("partial", 0),
        ("care", 0),
        ("study", 0),
        ("leave_of_absence", 0),
    ],
)
def test_a_municipality_may_take_off_long_leave_only(kind: str, minutes: int) -> None:
    away = (Leave(kind, november(18), november(19)),)
    policy = LeavePolicy("long")
    assert day_of(date(2026, 11, 18), leaves=away, leave_policy=policy).base == minutes
    assert day_of(date(2026, 11, 18), leaves=away).base == 0


def test_short_leave_hides_no_long_leave_below_it() -> None:
    away = (
        Leave("annual", november(18), november(19)),
        Leave("sick", november(18, 8, 30), november(18, 12)),
    )
    computed = day_of(date(2026, 11, 18), leaves=away, leave_policy=LeavePolicy("long"))
    assert computed.why == (SCHEDULED, Reason(Why.LEAVE, -210, "sick"))


def test_a_town_may_name_its_own_long_kinds() -> None:
    away = (Leave("grandchild", november(18), november(19)),)
    policy = LeavePolicy("long", frozenset({"grandchild"}))
    assert day_of(date(2026, 11, 18), leaves=away, leave_policy=policy).base == 0


def test_leave_without_a_known_end_may_run_to_the_last_year() -> None:
    away = Leave("sick", november(18), datetime(9999, 12, 31, tzinfo=TOKYO))
    assert leave_minutes(away, first=17, last=19) == [465, 0, 0]
