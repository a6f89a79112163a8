"""Whatever the birth: leave lies in order, without gaps, and has the days that its rule says."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from niwari.api import Invalid
from niwari_leave_cafe.dates import schemes
from niwari_leave_cafe.dates.arithmetic import ONE_DAY, Span, eve_of_school, reaches
from niwari_leave_cafe.dates.drawing import WIDTH, charts
from niwari_leave_cafe.dates.planning import Entry, Parent, Plan, Wish
from niwari_leave_cafe.dates.schemes import BEARING, EMPLOYMENTS, PARTNER, REGULAR
from tests.leave_cafe.conftest import entry_of, planned, rules_of

pytestmark = pytest.mark.slow

DAYS = st.dates(date(2025, 10, 1), date(2040, 12, 31))
LATE = st.integers(-196, 28)
KINDS = st.sampled_from([one.code for one in EMPLOYMENTS])


def span_of(plan: Plan, scheme: str, parent: int = 0) -> Span:
    entry: Entry = entry_of(plan, scheme, parent)
    assert entry.span is not None
    return entry.span


@given(due=DAYS, late=LATE, is_multiple=st.booleans(), pack=st.sampled_from(["law", "region"]))
@settings(deadline=None, max_examples=200)
def test_leave_before_and_after_birth_meet_at_the_day_of_birth(
    due: date, late: int, is_multiple: bool, pack: str
) -> None:
    born = due + timedelta(days=late)
    plan = planned(due=due, born=born, is_multiple=is_multiple, rules=rules_of(pack))
    before, after = entry_of(plan, schemes.BEFORE_BIRTH), span_of(plan, schemes.AFTER_BIRTH)
    weeks = 14 if is_multiple else {"law": 6, "region": 8}[pack]
    assert (after.first, after.days) == (born + ONE_DAY, 56)
    if before.span is None:
        assert late <= -weeks * 7
    else:
        assert before.span.last == born
        assert before.span.days == weeks * 7 + late
    assert span_of(plan, schemes.CHILDCARE).first == after.last + ONE_DAY


@given(born=DAYS, months=st.integers(1, 240))
@settings(deadline=None, max_examples=200)
def test_a_later_age_is_reached_later_and_never_in_another_month(born: date, months: int) -> None:
    day, following = reaches(born, months), reaches(born, months + 1)
    assert day < following
    assert 27 <= (following - day).days <= 32
    turned = day + ONE_DAY
    assert turned.day == born.day or day.day <= born.day


@given(born=DAYS)
@settings(deadline=None, max_examples=200)
def test_school_starts_between_the_sixth_and_the_seventh_birthday(born: date) -> None:
    last = eve_of_school(born)
    assert (last.month, last.day) == (3, 31)
    assert reaches(born, 72) <= last < reaches(born, 84)


@given(born=DAYS, kinds=st.tuples(KINDS, KINDS), is_multiple=st.booleans())
@settings(deadline=None, max_examples=100)
def test_every_line_is_in_order_and_every_chart_holds_it(
    born: date, kinds: tuple[str, str], is_multiple: bool
) -> None:
    parents = (Parent(BEARING, kinds[0]), Parent(PARTNER, kinds[1]))
    plan = planned(*parents, due=born, born=born, is_multiple=is_multiple)
    for _parent, entry in plan.entries:
        if entry.span is not None:
            assert entry.span.first <= entry.span.last <= eve_of_school(born)
    for chart in charts(plan):
        for bar in (bar for group in chart.groups for bar in group.bars):
            assert 0 <= bar.start < bar.start + bar.width <= WIDTH + 6
        assert 0 <= chart.birth <= WIDTH


@given(born=DAYS, starts=st.lists(st.integers(0, 1200), max_size=4), length=st.integers(1, 60))
@settings(deadline=None, max_examples=200)
def test_wishes_are_kept_as_they_are_or_refused_with_a_sentence(
    born: date, starts: list[int], length: int
) -> None:
    spans = [
        Span(born + timedelta(days=start), born + timedelta(days=start + length - 1))
        for start in starts
    ]
    wishes = tuple(Wish(f"wish{n}_", span) for n, span in enumerate(spans, start=1))
    refused: Invalid | None = None
    try:
        plan = planned(Parent(PARTNER, REGULAR, wishes), born=born)
    except Invalid as error:
        refused = error
    if refused is not None:
        assert refused.field.startswith("wish")
        assert "%(" not in str(refused)
        return
    kept = [entry for entry in plan.parents[0].entries if entry.kind == "wish"]
    assert sorted(entry.span for entry in kept if entry.span) == sorted(spans)
    assert len([one for one in kept if one.scheme == schemes.EARLY_CHILDCARE]) <= 2
    assert len([one for one in kept if one.scheme == schemes.CHILDCARE]) <= 2
