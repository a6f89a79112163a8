"""On which days something takes place that recurs, closed days heeded (R-014, J-DESK)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from niwari.clock import TOKYO
from niwari.dates.recurrence import NeverOpen, occurrences
from niwari.specs.contributions import Repeats, When

YEARS = date(2026, 1, 1), date(2031, 12, 31)


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO)


def _days(rule: str, start: date, until: date, on_holiday: str = "skip") -> list[date]:
    when = When(start, repeats=Repeats(rule, until, on_holiday))  # type: ignore[arg-type]
    return [each.day for each in occurrences(when, *YEARS)]


def test_the_third_wednesday_of_each_month_at_its_time() -> None:
    start = _at(date(2026, 11, 18), 13, 30)
    when = When(
        start,
        start + timedelta(hours=1),
        "相談室2",
        Repeats("FREQ=MONTHLY;BYDAY=3WE", date(2027, 1, 31)),
    )

    found = occurrences(when, *YEARS)

    assert [each.day for each in found] == [
        date(2026, 11, 18),
        date(2026, 12, 16),
        date(2027, 1, 20),
    ]
    assert [(each.starts_at, each.ends_at) for each in found] == [
        (_at(each.day, 13, 30), _at(each.day, 14, 30)) for each in found
    ]


@pytest.mark.parametrize(
    ("on_holiday", "november"),
    [
        ("keep", [date(2026, 11, 3)]),
        ("skip", []),
        ("before", [date(2026, 11, 2)]),
        ("after", [date(2026, 11, 4)]),
        ("next_week", [date(2026, 11, 10)]),
    ],
)
def test_the_first_tuesday_is_culture_day_and_goes_by_the_rule(
    on_holiday: str, november: list[date]
) -> None:
    found = _days("FREQ=MONTHLY;BYDAY=1TU", date(2026, 10, 6), date(2026, 12, 31), on_holiday)

    assert found == [date(2026, 10, 6), *november, date(2026, 12, 1)]


@pytest.mark.parametrize(
    ("on_holiday", "moved"),
    [("before", date(2026, 12, 28)), ("after", date(2027, 1, 4)), ("next_week", date(2027, 1, 5))],
)
def test_a_time_at_the_turn_of_the_year_moves_past_the_closure(
    on_holiday: str, moved: date
) -> None:
    assert _days("FREQ=MONTHLY;BYDAY=5TU", date(2026, 12, 1), date(2026, 12, 31), on_holiday) == [
        moved
    ]


def test_a_time_moves_past_holidays_and_weekend_that_follow_each_other() -> None:
    # 2026-05-03 is a Sunday, the holidays last to Wednesday, 6 May.
    assert _days("FREQ=MONTHLY;BYMONTHDAY=3", date(2026, 5, 1), date(2026, 5, 31), "after") == [
        date(2026, 5, 7)
    ]


def test_two_times_never_fall_on_one_day() -> None:
    # Golden Week: Monday to Wednesday are holidays, all move to the Thursday that has its own.
    days = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"

    found = _days(days, date(2026, 5, 1), date(2026, 5, 8), "after")

    assert found == [date(2026, 5, 1), date(2026, 5, 7), date(2026, 5, 8)]


def test_whoever_names_saturday_means_saturday() -> None:
    # 2026-08-15 is no holiday; 2026-05-02 is an ordinary Saturday.
    assert _days("FREQ=WEEKLY;BYDAY=SA", date(2026, 8, 8), date(2026, 8, 22)) == [
        date(2026, 8, 8),
        date(2026, 8, 15),
        date(2026, 8, 22),
    ]
    assert _days("FREQ=WEEKLY", date(2026, 8, 8), date(2026, 8, 15)) == [
        date(2026, 8, 8),
        date(2026, 8, 15),
    ]


def test_a_saturday_on_a_holiday_moves_by_a_week_to_a_saturday() -> None:
    # 2027-01-02 is within the closure, so is no other Saturday around it.
    assert _days("FREQ=MONTHLY;BYDAY=1SA", date(2027, 1, 1), date(2027, 1, 31), "next_week") == [
        date(2027, 1, 9)
    ]


@pytest.mark.parametrize(("on_holiday", "day"), [("after", 17), ("before", 14), ("next_week", 17)])
def test_a_day_of_the_month_on_a_weekend_moves_as_on_a_holiday(on_holiday: str, day: int) -> None:
    # 2026-08-15 is a Saturday.
    assert _days("FREQ=MONTHLY;BYMONTHDAY=15", date(2026, 8, 1), date(2026, 8, 31), on_holiday) == [
        date(2026, 8, day)
    ]


def test_the_31st_is_in_seven_months_of_the_year() -> None:
    found = _days("FREQ=MONTHLY;BYMONTHDAY=31", date(2026, 1, 31), date(2026, 12, 31), "keep")

    assert [day.month for day in found] == [1, 3, 5, 7, 8, 10, 12]


def test_the_last_day_of_a_month_is_one_of_each_month() -> None:
    found = _days("FREQ=MONTHLY;BYMONTHDAY=-1", date(2028, 1, 1), date(2028, 4, 30), "keep")

    assert [day.day for day in found] == [31, 29, 31, 30]


def test_29_february_recurs_in_leap_years() -> None:
    found = _days(
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", date(2024, 2, 29), date(2029, 2, 28), "keep"
    )

    assert found == [date(2028, 2, 29)]  # the one of 2024 lies before the days asked for


def test_the_fifth_friday_is_in_some_months_alone() -> None:
    assert _days("FREQ=MONTHLY;BYDAY=5FR", date(2026, 1, 1), date(2026, 7, 31)) == [
        date(2026, 1, 30),
        date(2026, 5, 29),
        date(2026, 7, 31),
    ]


def test_a_series_goes_on_over_the_year_every_other_week() -> None:
    assert _days("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", date(2026, 12, 14), date(2027, 1, 25)) == [
        date(2026, 12, 14),
        date(2026, 12, 28),
        date(2027, 1, 25),  # 11 January is 成人の日
    ]


def test_only_the_times_that_touch_the_days_asked_for_are_given() -> None:
    when = When(
        date(2026, 6, 1), date(2026, 6, 3), repeats=Repeats("FREQ=WEEKLY", date(2026, 6, 30))
    )

    found = occurrences(when, date(2026, 6, 10), date(2026, 6, 15))

    assert [(each.day, each.last_day) for each in found] == [
        (date(2026, 6, 8), date(2026, 6, 10)),
        (date(2026, 6, 15), date(2026, 6, 17)),
    ]


def test_a_time_moved_into_the_days_asked_for_is_among_them() -> None:
    when = When(
        date(2026, 11, 3),
        repeats=Repeats("FREQ=MONTHLY;BYDAY=1TU", date(2026, 11, 30), "next_week"),
    )

    assert [each.day for each in occurrences(when, date(2026, 11, 9), date(2026, 11, 15))] == [
        date(2026, 11, 10)
    ]


def test_what_happens_once_happens_also_on_a_holiday() -> None:
    assert [each.day for each in occurrences(When(date(2026, 11, 3)), *YEARS)] == [
        date(2026, 11, 3)
    ]


def test_an_instant_falls_on_its_day_in_tokyo() -> None:
    when = When(datetime(2026, 11, 17, 23, 30, tzinfo=UTC))

    (found,) = occurrences(when, *YEARS)

    assert found.day == date(2026, 11, 18)
    assert found.starts_at == _at(date(2026, 11, 18), 8, 30)
    assert found.ends_at is None


def test_what_ends_at_midnight_does_not_reach_into_the_next_day() -> None:
    (found,) = occurrences(When(_at(date(2026, 6, 1), 22), _at(date(2026, 6, 2), 0)), *YEARS)

    assert (found.day, found.last_day) == (date(2026, 6, 1), date(2026, 6, 1))


def test_a_town_can_have_closures_of_its_own() -> None:
    when = When(date(2026, 6, 1), repeats=Repeats("FREQ=WEEKLY", date(2026, 6, 15), "after"))

    found = occurrences(when, *YEARS, closed=lambda day: day == date(2026, 6, 8))

    assert [each.day for each in found] == [date(2026, 6, 1), date(2026, 6, 9), date(2026, 6, 15)]


def test_a_town_that_is_never_open_is_an_error_and_no_endless_search() -> None:
    when = When(date(2026, 6, 1), repeats=Repeats("FREQ=WEEKLY", date(2026, 6, 15), "before"))

    with pytest.raises(NeverOpen, match="2026-06-01"):
        occurrences(when, *YEARS, closed=lambda _day: True)
