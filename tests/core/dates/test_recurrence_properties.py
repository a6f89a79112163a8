"""What holds for whatever recurs, tried with rules at random and against dateutil."""

from datetime import date, datetime, time, timedelta
from typing import get_args

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from niwari.dates.recurrence import occurrences
from niwari.dates.working_days import is_closed, is_weekend, is_working_day
from niwari.specs.contributions import BadDates, Repeats, When
from niwari.specs.contributions.dates import OnHoliday
from niwari.specs.contributions.rules import MOST_TIMES, weekdays_named

pytestmark = pytest.mark.slow

ALWAYS = date(1950, 1, 1), date(2099, 12, 31)
_WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
_some_weekdays = st.lists(st.sampled_from(_WEEKDAYS), min_size=1, max_size=5, unique=True)
_nth = st.builds(
    "{}{}".format, st.sampled_from([1, 2, 3, 4, 5, -1, -2]), st.sampled_from(_WEEKDAYS)
)
_days_of_month = st.lists(
    st.integers(-31, 31).filter(bool), min_size=1, max_size=3, unique=True
).map(lambda days: ",".join(map(str, days)))


def _rule(frequency: str, most: int, parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda interval, rest: f"FREQ={frequency};INTERVAL={interval}{rest}",
        st.integers(1, most),
        parts,
    )


_rules = st.one_of(
    _rule("DAILY", 31, st.just("")),
    _rule("WEEKLY", 26, _some_weekdays.map(lambda days: f";BYDAY={','.join(days)}")),
    _rule("WEEKLY", 26, st.just("")),
    _rule(
        "MONTHLY", 6, st.lists(_nth, min_size=1, max_size=3).map(lambda n: f";BYDAY={','.join(n)}")
    ),
    _rule("MONTHLY", 6, _days_of_month.map(lambda days: f";BYMONTHDAY={days}")),
    _rule(
        "MONTHLY",
        6,
        st.builds(
            lambda days, place: f";BYDAY={','.join(days)};BYSETPOS={place}",
            _some_weekdays,
            st.sampled_from([1, 2, 3, 4, -1, -4]),
        ),
    ),
    _rule("YEARLY", 1, st.just(";BYMONTH=2;BYMONTHDAY=29")),
    _rule("YEARLY", 1, _nth.map(lambda nth: f";BYMONTH=4,10;BYDAY={nth}")),
)
_starts = st.dates(date(1950, 1, 1), date(2090, 12, 31))
_lengths = st.integers(0, 5 * 365)


def _series(rule: str, start: date, days: int, on_holiday: OnHoliday) -> When:
    """Return a series; what has no day or too many is no case."""
    try:
        return When(start, repeats=Repeats(rule, start + timedelta(days), on_holiday))
    except BadDates as refused:
        assume(refused.field != "until")
        raise


def _by_dateutil(rule: str, start: date, days: int) -> list[date]:
    until = datetime.combine(start + timedelta(days), time())
    found = rrulestr(f"{rule};UNTIL={until:%Y%m%dT%H%M%S}", dtstart=datetime.combine(start, time()))
    return [each.date() for each in found]


@given(_rules, _starts, _lengths)
def test_a_series_that_heeds_nothing_is_that_of_dateutil(rule: str, start: date, days: int) -> None:
    when = _series(rule, start, days, "keep")

    assert [each.day for each in occurrences(when, *ALWAYS)] == _by_dateutil(rule, start, days)


@given(_rules, _starts, _lengths, st.sampled_from(get_args(OnHoliday)))
def test_the_days_of_a_series_are_in_order_and_none_twice(
    rule: str, start: date, days: int, on_holiday: OnHoliday
) -> None:
    found = [e.day for e in occurrences(_series(rule, start, days, on_holiday), *ALWAYS)]

    assert found == sorted(set(found))
    assert len(found) <= MOST_TIMES


@given(_rules, _starts, _lengths, st.sampled_from(["skip", "before", "after", "next_week"]))
def test_nothing_falls_on_a_closed_day_and_every_open_day_of_the_rule_stays(
    rule: str, start: date, days: int, on_holiday: OnHoliday
) -> None:
    found = {e.day for e in occurrences(_series(rule, start, days, on_holiday), *ALWAYS)}

    named = weekdays_named(rule) or ({start.weekday()} if "WEEKLY" in rule else set())
    assert not any(is_closed(day) for day in found)
    assert all(not is_weekend(day) or day.weekday() in named for day in found)
    assert found >= {day for day in _by_dateutil(rule, start, days) if is_working_day(day)}


@given(_rules, _starts, _lengths, st.integers(-400, 2400), st.integers(0, 60))
def test_a_part_of_a_series_is_what_lies_in_it(
    rule: str, start: date, days: int, offset: int, length: int
) -> None:
    when = _series(rule, start, days, "after")
    first = max(ALWAYS[0], min(start + timedelta(offset), date(2098, 1, 1)))
    last = first + timedelta(length)

    whole = occurrences(when, *ALWAYS)

    assert list(occurrences(when, first, last)) == [e for e in whole if first <= e.day <= last]
