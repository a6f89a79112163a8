"""What holds for every person, period and meeting."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from niwari.clock import TOKYO
from niwari.ledger.worktime import (
    DEFAULT_WEEK,
    NEW_YEAR,
    DayBase,
    Employment,
    Hours,
    Interval,
    Leave,
    LeavePolicy,
    PeriodKind,
    Rate,
    RateLevels,
    RosterDay,
    WorkConditions,
    WorkPattern,
    base,
    cap,
    counting_minutes,
    counting_parts,
    day_bases,
    format_hours,
    parse_hours,
    parse_period,
    period_of,
    periods_between,
)

pytestmark = pytest.mark.slow

FIRST, LAST = date(2026, 4, 1), date(2028, 3, 31)
days = st.dates(FIRST, LAST)
moments = st.datetimes(datetime(2026, 4, 1), datetime(2028, 3, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


@st.composite
def hours(draw: st.DrawFn) -> Hours:
    edges = sorted(draw(st.sets(st.integers(0, 1440), max_size=6)))
    return tuple(Interval(start, end) for start, end in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def leaves(draw: st.DrawFn) -> Leave:
    start = draw(moments)
    length = timedelta(minutes=draw(st.integers(1, 20 * 1440)))
    return Leave(
        draw(st.sampled_from(["annual", "special", "sick", "care"])), start, start + length
    )


@st.composite
def patterns(draw: st.DrawFn, starts_on: date) -> WorkPattern:
    week = draw(st.just(DEFAULT_WEEK) | st.tuples(*[hours()] * 7))
    ends_on = draw(st.none() | st.dates(starts_on, LAST))
    return WorkPattern(starts_on, ends_on, week, draw(st.booleans()))


def rates() -> st.SearchStrategy[tuple[Rate, ...]]:
    return st.lists(
        st.builds(Rate, days, st.none(), st.integers(0, 2000)),
        unique_by=lambda rate: rate.starts_on,
        max_size=2,
    ).map(tuple)


@st.composite
def conditions(draw: st.DrawFn) -> WorkConditions:
    appointed = draw(days)
    starts = draw(st.sets(days, max_size=2))
    rostered = draw(st.sets(days, max_size=4))
    return WorkConditions(
        (Employment(appointed, draw(st.none() | st.dates(appointed, LAST))),),
        patterns=tuple(draw(patterns(day)) for day in starts),
        roster=tuple(RosterDay(day, draw(hours())) for day in rostered),
        leaves=tuple(draw(st.lists(leaves(), max_size=3))),
        rates=RateLevels(*(draw(rates()) for _ in range(4))),
        closures=draw(st.sampled_from([(), (NEW_YEAR,)])),
        leave_policy=LeavePolicy(draw(st.sampled_from(["all", "long"]))),
    )


def month_of(person: WorkConditions, day: date) -> tuple[DayBase, ...]:
    month = period_of(PeriodKind.MONTH, day)
    return day_bases(person, month.starts_on, month.ends_on)


few = settings(max_examples=60, deadline=None)


@few
@given(conditions(), days)
def test_a_base_is_never_negative_and_is_the_sum_of_its_reasons(
    person: WorkConditions, day: date
) -> None:
    for computed in month_of(person, day):
        assert 0 <= computed.base <= 1440
        assert 0 <= computed.rate <= 2000
        assert computed.base == sum(reason.minutes for reason in computed.why)
        assert computed.why


@few
@given(conditions(), days)
def test_a_cap_is_the_greatest_whole_minute_within_base_times_rate(
    person: WorkConditions, day: date
) -> None:
    month = month_of(person, day)
    allowed = sum(one.base * one.rate for one in month)
    assert cap(month) * 10_000 <= allowed < (cap(month) + 1) * 10_000
    assert 5 * cap(month) <= base(month)


@few
@given(conditions(), leaves())
def test_leave_never_raises_the_base(person: WorkConditions, leave: Leave) -> None:
    more = replace(person, leaves=(*person.leaves, leave))
    day = leave.start.astimezone(TOKYO).date()
    for before, after in zip(month_of(person, day), month_of(more, day), strict=True):
        assert after.base <= before.base


@few
@given(conditions(), days, st.lists(st.integers(0, 3), min_size=1, max_size=3))
def test_the_order_of_what_is_known_does_not_matter(
    person: WorkConditions, day: date, turns: list[int]
) -> None:
    turned = person
    for turn in turns:
        turned = replace(
            turned,
            leaves=turned.leaves[turn:] + turned.leaves[:turn],
            patterns=turned.patterns[::-1],
            roster=turned.roster[::-1],
        )
    assert month_of(turned, day) == month_of(person, day)


@few
@given(
    conditions(),
    st.sampled_from([PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.QUARTER]),
    st.sampled_from([2026, 2027]),
)
def test_the_bases_of_the_periods_add_up_to_the_fiscal_year(
    person: WorkConditions, kind: PeriodKind, year: int
) -> None:
    whole = parse_period(f"FY{year}")
    computed = day_bases(person, whole.starts_on, whole.ends_on)
    pieces = [
        day_bases(person, piece.starts_on, piece.ends_on)
        for piece in periods_between(kind, whole.starts_on, whole.ends_on)
    ]
    assert [day for piece in pieces for day in piece] == list(computed)
    assert sum(map(base, pieces)) == base(computed)
    assert sum(map(cap, pieces)) <= cap(computed)


@few
@given(conditions(), days, st.integers(0, 31))
def test_more_days_never_lower_the_cap(person: WorkConditions, day: date, count: int) -> None:
    month = month_of(person, day)
    assert cap(month[:count]) <= cap(month)
    assert base(month[:count]) <= base(month)


@few
@given(conditions(), days, st.sampled_from(["municipality", "section", "person"]), rates())
def test_a_lower_level_can_only_lower(
    person: WorkConditions, day: date, level: str, values: tuple[Rate, ...]
) -> None:
    without = replace(person, rates=replace(person.rates, **{level: ()}))
    with_values = replace(person, rates=replace(person.rates, **{level: values}))
    for before, after in zip(month_of(without, day), month_of(with_values, day), strict=True):
        assert after.rate <= before.rate


@few
@given(conditions(), moments, st.integers(1, 4 * 1440))
def test_parts_partition_the_time_exactly(
    person: WorkConditions, start: datetime, length: int
) -> None:
    end = start + timedelta(minutes=length)
    parts = counting_parts(person, start, end)
    assert sum(part.minutes for part in parts) == length
    spans = [
        (
            midnight + timedelta(minutes=part.interval.start),
            midnight + timedelta(minutes=part.interval.end),
        )
        for part in parts
        for midnight in [datetime(part.day.year, part.day.month, part.day.day, tzinfo=TOKYO)]
    ]
    assert (spans[0][0], spans[-1][1]) == (start, end)
    assert all(before[1] == after[0] for before, after in pairwise(spans))


@few
@given(conditions(), days)
def test_a_whole_day_counts_its_base_where_all_leave_is_taken_off(
    person: WorkConditions, day: date
) -> None:
    strict = replace(person, leave_policy=LeavePolicy("all"))
    midnight = datetime(day.year, day.month, day.day, tzinfo=TOKYO)
    parts = counting_parts(strict, midnight, midnight + timedelta(days=1))
    assert counting_minutes(parts) == base(day_bases(strict, day, day))


@few
@given(st.sampled_from(PeriodKind), days)
def test_a_period_contains_its_day_and_is_read_back_by_its_key(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)
    assert day in period
    assert parse_period(period.key) == period
    assert period_of(kind, period.starts_on) == period_of(kind, period.ends_on) == period
    year = period_of(PeriodKind.FISCAL_YEAR, day)
    assert period.starts_on in year
    assert period.ends_on in year


@few
@given(hours())
def test_hours_are_read_back_as_written(times: Hours) -> None:
    assert parse_hours(format_hours(times)) == times
