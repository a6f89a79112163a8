"""L10: which parts of a meeting count, and why the others do not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from niwari.clock import TOKYO
from niwari.dates.calendar_jp import HolidaysUnknown
from niwari.ledger.worktime import (
    DEFAULT_WEEK,
    Employment,
    Leave,
    LeavePolicy,
    RosterDay,
    WorkConditions,
    WorkPattern,
    WorkTimeError,
    counting_minutes,
    counting_parts,
    parse_hours,
)


def on(day: date, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


def parts_of(start: datetime, end: datetime, **changes: Any) -> list[str]:
    conditions = WorkConditions((Employment(date(2026, 4, 1), date(2027, 3, 31)),), **changes)
    return [
        f"{part.day:%m-%d} {part.interval} {part.minutes if part.counts else 0} {part.code} "
        f"{part.subject}".strip()
        for part in counting_parts(conditions, start, end)
    ]


WEDNESDAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        ("17:00", "18:00", ["17:00-17:15 15 scheduled", "17:15-18:00 0 outside_hours"]),
        ("15:00", "16:00", ["15:00-16:00 60 scheduled"]),
        ("08:00", "09:00", ["08:00-08:30 0 outside_hours", "08:30-09:00 30 scheduled"]),
        ("12:00", "13:00", ["12:00-13:00 0 break"]),
        (
            "11:30",
            "13:30",
            ["11:30-12:00 30 scheduled", "12:00-13:00 0 break", "13:00-13:30 30 scheduled"],
        ),
        ("17:15", "18:00", ["17:15-18:00 0 outside_hours"]),
    ],
)
def test_a_day_is_split_at_breaks_and_hours(start: str, end: str, parts: list[str]) -> None:
    found = parts_of(on(WEDNESDAY, start), on(WEDNESDAY, end))
    assert found == [f"11-18 {part}" for part in parts]


@pytest.mark.parametrize(
    ("day", "part"),
    [
        (date(2026, 11, 22), "11-22 10:00-19:00 0 rest_day"),
        (date(2026, 11, 23), "11-23 10:00-19:00 0 holiday 勤労感謝の日"),
        (date(2026, 12, 29), "12-29 10:00-19:00 0 closed new_year"),
        (date(2027, 4, 1), "04-01 10:00-19:00 0 not_appointed"),
    ],
)
def test_a_day_without_hours_is_one_part(day: date, part: str) -> None:
    assert parts_of(on(day, "10:00"), on(day, "19:00")) == [part]


def test_a_night_is_split_at_midnight_and_so_at_the_end_of_every_period() -> None:
    night = WorkPattern(
        date(2026, 4, 1), None, (parse_hours("00:00-05:00 21:00-24:00"),) * 7, False
    )
    found = parts_of(
        on(date(2026, 11, 30), "20:00"), on(date(2026, 12, 1), "06:00"), patterns=(night,)
    )
    assert found == [
        "11-30 20:00-21:00 0 break",
        "11-30 21:00-24:00 180 scheduled",
        "12-01 00:00-05:00 300 scheduled",
        "12-01 05:00-06:00 0 break",
    ]


def test_an_end_at_midnight_leaves_no_empty_part() -> None:
    found = parts_of(on(WEDNESDAY, "23:00"), on(date(2026, 11, 19), "00:00"))
    assert found == ["11-18 23:00-24:00 0 outside_hours"]


def test_a_visit_of_two_days_shows_every_part() -> None:
    found = parts_of(on(WEDNESDAY, "16:00"), on(date(2026, 11, 19), "09:00"))
    assert found == [
        "11-18 16:00-17:15 75 scheduled",
        "11-18 17:15-24:00 0 outside_hours",
        "11-19 00:00-08:30 0 outside_hours",
        "11-19 08:30-09:00 30 scheduled",
    ]


@pytest.mark.parametrize("policy", [LeavePolicy("all"), LeavePolicy("long")])
def test_no_leave_counts_whatever_the_base_takes_off(policy: LeavePolicy) -> None:
    away = Leave("annual", on(WEDNESDAY, "11:00"), on(WEDNESDAY, "14:00"))
    found = parts_of(
        on(WEDNESDAY, "10:00"), on(WEDNESDAY, "15:00"), leaves=(away,), leave_policy=policy
    )
    assert found == [
        "11-18 10:00-11:00 60 scheduled",
        "11-18 11:00-12:00 0 leave annual",
        "11-18 12:00-13:00 0 break",
        "11-18 13:00-14:00 0 leave annual",
        "11-18 14:00-15:00 60 scheduled",
    ]


def test_overlapping_leaves_make_no_part_twice() -> None:
    leaves = (
        Leave("care", on(WEDNESDAY, "10:00"), on(WEDNESDAY, "11:00")),
        Leave("annual", on(WEDNESDAY, "09:00"), on(WEDNESDAY, "10:30")),
    )
    assert parts_of(on(WEDNESDAY, "10:00"), on(WEDNESDAY, "11:30"), leaves=leaves) == [
        "11-18 10:00-10:30 0 leave annual",
        "11-18 10:30-11:00 0 leave care",
        "11-18 11:00-11:30 30 scheduled",
    ]


def test_a_rostered_sunday_counts_like_any_day() -> None:
    festival = RosterDay(date(2026, 11, 8), parse_hours("09:00-12:00"))
    found = parts_of(on(festival.day, "11:00"), on(festival.day, "13:00"), roster=(festival,))
    assert found == ["11-08 11:00-12:00 60 scheduled", "11-08 12:00-13:00 0 outside_hours"]


def test_moments_in_utc_mean_tokyo_wall_time() -> None:
    start, end = datetime(2026, 11, 18, 8, tzinfo=UTC), datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert parts_of(start, end) == parts_of(on(WEDNESDAY, "17:00"), on(WEDNESDAY, "18:00"))


def test_minutes_are_those_of_the_parts_that_count() -> None:
    parts = counting_parts(
        WorkConditions((Employment(date(2026, 4, 1), None),)),
        on(WEDNESDAY, "00:00"),
        on(date(2026, 11, 21), "00:00"),
    )
    assert counting_minutes(parts) == 3 * 465


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (on(WEDNESDAY, "10:00"), on(WEDNESDAY, "10:00")),
        (on(WEDNESDAY, "11:00"), on(WEDNESDAY, "10:00")),
        (on(WEDNESDAY, "10:00").replace(tzinfo=None), on(WEDNESDAY, "11:00")),
        (on(WEDNESDAY, "10:00"), on(WEDNESDAY, "11:00").replace(second=30)),
    ],
)
def test_a_time_that_cannot_be_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(WorkTimeError, match="time: "):
        parts_of(start, end)


@pytest.mark.parametrize(("year", "end_year"), [(2026, 9999), (1, 2026)])
def test_a_mistyped_year_is_refused(year: int, end_year: int) -> None:
    with pytest.raises(HolidaysUnknown):
        parts_of(datetime(year, 11, 18, tzinfo=TOKYO), datetime(end_year, 11, 19, tzinfo=TOKYO))


def test_a_pattern_that_starts_and_ends_the_day_has_no_outside() -> None:
    always = WorkPattern(date(2026, 4, 1), None, (parse_hours("00:00-24:00"),) * 7)
    found = parts_of(on(WEDNESDAY, "00:00"), on(date(2026, 11, 19), "00:00"), patterns=(always,))
    assert found == ["11-18 00:00-24:00 1440 scheduled"]
    assert parts_of(
        on(WEDNESDAY, "08:30"),
        on(WEDNESDAY, "12:00"),
        patterns=(WorkPattern(date(2026, 4, 1), None, DEFAULT_WEEK),),
    ) == ["11-18 08:30-12:00 210 scheduled"]
