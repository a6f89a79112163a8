"""Days on which municipal offices are open, and terms counted in them."""

from datetime import date

import pytest

from niwari.dates.working_days import is_working_day, working_days_after


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 2), True),
        (date(2026, 11, 3), False),  # 文化の日
        (date(2026, 11, 7), False),  # a Saturday
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
    ],
)
def test_offices_are_open_on_working_days(day: date, is_open: bool) -> None:
    assert is_working_day(day) is is_open


@pytest.mark.parametrize(
    ("day", "number", "falls_on"),
    [
        (date(2026, 11, 2), 1, date(2026, 11, 4)),
        (date(2026, 11, 4), 2, date(2026, 11, 6)),
        (date(2026, 11, 6), 1, date(2026, 11, 9)),
        (date(2026, 11, 7), 1, date(2026, 11, 9)),
        (date(2026, 12, 28), 2, date(2027, 1, 5)),
        (date(2026, 5, 1), 1, date(2026, 5, 7)),
    ],
)
def test_a_term_counts_working_days_alone(day: date, number: int, falls_on: date) -> None:
    assert working_days_after(day, number) == falls_on


def test_a_term_of_no_days_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        working_days_after(date(2026, 11, 2), 0)
