"""Which days an issue is about, and when it is due."""

from datetime import date, datetime

import pytest

from niwari.clock import TOKYO
from niwari.digest.periods import Period, last_due, up_to_now


@pytest.mark.parametrize(
    ("every", "now", "expected"),
    [
        ("week", (2026, 11, 16, 8, 0), ((11, 9), (11, 15), (11, 22))),
        ("week", (2026, 11, 16, 7, 59), ((11, 2), (11, 8), (11, 15))),
        ("week", (2026, 11, 22, 23, 59), ((11, 9), (11, 15), (11, 22))),
        ("month", (2026, 11, 1, 8, 0), ((10, 1), (10, 31), (11, 30))),
        ("month", (2026, 11, 1, 7, 59), ((9, 1), (9, 30), (10, 31))),
        ("month", (2026, 11, 30, 12, 0), ((10, 1), (10, 31), (11, 30))),
    ],
)
def test_an_issue_is_about_the_week_or_month_before_its_morning(
    every: str, now: tuple[int, ...], expected: tuple[tuple[int, int], ...]
) -> None:
    first, last, until = (date(2026, month, day) for month, day in expected)
    assert last_due(every, datetime(*now, tzinfo=TOKYO)) == Period(first, last, until)  # type: ignore[misc]


def test_a_month_goes_over_the_end_of_the_year() -> None:
    due = last_due("month", datetime(2027, 1, 1, 8, 0, tzinfo=TOKYO))
    assert due == Period(date(2026, 12, 1), date(2026, 12, 31), date(2027, 1, 31))


def test_an_issue_is_due_on_the_morning_after_its_last_day() -> None:
    due = last_due("week", datetime(2026, 11, 18, tzinfo=TOKYO))
    assert due.due_at == datetime(2026, 11, 16, 8, 0, tzinfo=TOKYO)


def test_a_preview_ends_yesterday_and_goes_on_today() -> None:
    period = up_to_now("week", date(2026, 11, 10))
    assert period == Period(date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 16))
    assert period.next_day == date(2026, 11, 10)
