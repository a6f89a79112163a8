"""The days of each scheme, each with the source of how it is counted."""

from dataclasses import replace
from datetime import date

import pytest

from niwari_leave_cafe.dates import schemes
from niwari_leave_cafe.dates.arithmetic import (
    Span,
    after_birth,
    before_due,
    eve_of_school,
    reaches,
    within,
)
from niwari_leave_cafe.dates.planning import Parent, Rules
from niwari_leave_cafe.dates.schemes import BEARING, PARTNER, REGULAR
from tests.leave_cafe.conftest import entry_of, planned, rules_of

AGE = "年齢計算ニ関スル法律; Civil Code art. 143 (2)"
LABOUR_1, LABOUR_2 = "Labor Standards Act art. 65 (1)", "Labor Standards Act art. 65 (2)"
CHILDCARE = "Act on Childcare Leave of Local Public Officers art. 2 (1)"
SCHOOL = "School Education Act art. 17; Act on Childcare Leave of Local Public Officers art. 19"
DUE = date(2026, 12, 10)


@pytest.mark.parametrize(
    ("source", "weeks", "counted", "first"),
    [
        ("town rules, due date counted", 8, True, date(2026, 10, 16)),
        ("town rules, due date not counted", 8, False, date(2026, 10, 15)),
        (LABOUR_1, 6, True, date(2026, 10, 30)),
        (LABOUR_1 + ", due date not counted", 6, False, date(2026, 10, 29)),
        (LABOUR_1 + ", multiple", 14, True, date(2026, 9, 4)),
        (LABOUR_1 + ", multiple, due date not counted", 14, False, date(2026, 9, 3)),
    ],
)
def test_weeks_before_a_due_date(source: str, weeks: int, counted: bool, first: date) -> None:
    assert before_due(DUE, weeks, counts_due_date=counted) == first, source


@pytest.mark.parametrize(
    ("source", "born", "last", "compulsory"),
    [
        (LABOUR_2, date(2026, 12, 3), date(2027, 1, 28), date(2027, 1, 14)),
        (LABOUR_2, date(2026, 12, 10), date(2027, 2, 4), date(2027, 1, 21)),
        (LABOUR_2, date(2026, 12, 17), date(2027, 2, 11), date(2027, 1, 28)),
        (LABOUR_2 + ", across 29 February", date(2028, 2, 1), date(2028, 3, 28), date(2028, 3, 14)),
        (LABOUR_2 + ", no 29 February", date(2027, 2, 1), date(2027, 3, 29), date(2027, 3, 15)),
        (LABOUR_2 + ", end of a year", date(2026, 12, 31), date(2027, 2, 25), date(2027, 2, 11)),
    ],
)
def test_eight_weeks_after_a_birth_begin_on_the_next_day(
    source: str, born: date, last: date, compulsory: date
) -> None:
    whole = after_birth(born, 8, starts_after_days=1)
    assert (whole.last, whole.days) == (last, 56), source
    assert after_birth(born, 6, starts_after_days=1).last == compulsory


def test_day_57_with_the_day_of_birth_is_the_last_of_eight_weeks_after_it() -> None:
    early = within(date(2026, 12, 17), 57, counts_birth_date=True)
    assert early == Span(date(2026, 12, 17), date(2027, 2, 11))
    assert early.last == after_birth(date(2026, 12, 17), 8, starts_after_days=1).last
    assert early.days == 57


@pytest.mark.parametrize(
    ("source", "born", "months", "day"),
    [
        (CHILDCARE, date(2026, 12, 10), 36, date(2029, 12, 9)),
        (AGE + ", 29 February", date(2028, 2, 29), 36, date(2031, 2, 28)),
        (AGE + ", 29 February in a leap year", date(2028, 2, 29), 48, date(2032, 2, 28)),
        (AGE + ", 1 March", date(2027, 3, 1), 12, date(2028, 2, 29)),
        (AGE + ", 1 January", date(2027, 1, 1), 12, date(2027, 12, 31)),
        (AGE + ", 1 April", date(2027, 4, 1), 72, date(2033, 3, 31)),
        (CHILDCARE + ", fiscal-year appointees", date(2026, 12, 10), 12, date(2027, 12, 9)),
        (CHILDCARE + ", extended", date(2026, 12, 10), 18, date(2028, 6, 9)),
        (AGE + ", a month without that day", date(2027, 8, 31), 18, date(2029, 2, 28)),
        (AGE + ", a month without that day", date(2026, 8, 30), 18, date(2028, 2, 29)),
    ],
)
def test_the_day_on_which_a_child_reaches_an_age(
    source: str, born: date, months: int, day: date
) -> None:
    assert reaches(born, months) == day, source


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2027, 4, 1), date(2033, 3, 31)),
        (date(2027, 4, 2), date(2034, 3, 31)),
        (date(2027, 3, 31), date(2033, 3, 31)),
        (date(2027, 12, 31), date(2034, 3, 31)),
        (date(2028, 1, 1), date(2034, 3, 31)),
        (date(2028, 2, 29), date(2034, 3, 31)),
    ],
)
def test_partial_leave_ends_before_school_starts(born: date, last: date) -> None:
    assert eve_of_school(born) == last, SCHOOL
    plan = planned(born=born)
    for scheme in (schemes.PARTIAL_1, schemes.PARTIAL_2, schemes.SHORT_HOURS):
        span = entry_of(plan, scheme).span
        assert span is not None
        assert span.last == last


def test_the_sample_counts_eight_weeks_and_the_law_six() -> None:
    sample = entry_of(planned(due=DUE), schemes.BEFORE_BIRTH)
    floor = entry_of(planned(due=DUE, rules=rules_of("law")), schemes.BEFORE_BIRTH)
    assert (sample.span, sample.span and sample.span.days) == (Span(date(2026, 10, 16), DUE), 56)
    assert (floor.span, floor.span and floor.span.days) == (Span(date(2026, 10, 30), DUE), 42)


def test_a_pack_that_does_not_count_the_due_date_begins_a_day_earlier() -> None:
    rules = changed(rules_of(), schemes.BEFORE_BIRTH, counts_due_date=False)
    entry = entry_of(planned(due=DUE, rules=rules), schemes.BEFORE_BIRTH)
    assert entry.span == Span(date(2026, 10, 15), DUE)
    assert any("期間に含めません" in note.text for note in entry.notes)


def test_twins_have_fourteen_weeks() -> None:
    entry = entry_of(planned(due=DUE, is_multiple=True), schemes.BEFORE_BIRTH)
    assert entry.span == Span(date(2026, 9, 4), DUE)
    assert any("多胎" in note.text for note in entry.notes)


@pytest.mark.parametrize(
    ("born", "before", "after_last", "said"),
    [
        (date(2026, 12, 3), Span(date(2026, 10, 16), date(2026, 12, 3)), date(2027, 1, 28), "早く"),
        (
            date(2026, 12, 17),
            Span(date(2026, 10, 16), date(2026, 12, 17)),
            date(2027, 2, 11),
            "後に",
        ),
    ],
)
def test_a_birth_before_or_after_the_due_date_moves_what_follows(
    born: date, before: Span, after_last: date, said: str
) -> None:
    plan = planned(due=DUE, born=born)
    entry = entry_of(plan, schemes.BEFORE_BIRTH)
    assert entry.span == before
    assert any(said in note.text for note in entry.notes)
    after = entry_of(plan, schemes.AFTER_BIRTH).span
    assert after is not None
    assert after.last == after_last


def test_a_birth_before_the_leave_would_begin_leaves_no_day_of_it() -> None:
    entry = entry_of(planned(due=DUE, born=date(2026, 10, 1)), schemes.BEFORE_BIRTH)
    assert entry.span is None
    assert any("出産が早かった" in note.text for note in entry.notes)


def test_without_a_due_date_the_leave_before_birth_has_no_days() -> None:
    entry = entry_of(planned(born=date(2026, 11, 3)), schemes.BEFORE_BIRTH)
    assert entry.span is None
    assert any("出産予定日を入力" in note.text for note in entry.notes)


def test_the_parent_who_gives_birth_begins_childcare_leave_after_the_eight_weeks() -> None:
    born = date(2026, 11, 3)
    bearing = entry_of(planned(born=born), schemes.CHILDCARE).span
    partner = entry_of(planned(Parent(PARTNER, REGULAR), born=born), schemes.CHILDCARE).span
    assert bearing == Span(date(2026, 12, 30), date(2029, 11, 2))
    assert partner == Span(born, date(2029, 11, 2))


def test_the_partner_has_57_days_of_their_own_and_the_other_parent_has_not() -> None:
    plan = planned(Parent(BEARING, REGULAR), Parent(PARTNER, REGULAR), born=date(2026, 12, 17))
    early = entry_of(plan, schemes.EARLY_CHILDCARE, parent=1)
    assert early.span == Span(date(2026, 12, 17), date(2027, 2, 11))
    assert schemes.EARLY_CHILDCARE not in {one.scheme for one in plan.parents[0].entries}


def changed(rules: Rules, scheme: str, **fields: object) -> Rules:
    """Return rules in which those of a scheme have other fields."""
    made = tuple(
        replace(rule, **fields) if rule.scheme == scheme else rule  # type: ignore[arg-type]
        for rule in rules.version.rules
    )
    return replace(rules, version=replace(rules.version, rules=made))


def test_a_pack_that_gives_the_day_of_birth_to_the_leave_after_it() -> None:
    rules = changed(rules_of(), schemes.BEFORE_BIRTH, birth_day="after")
    rules = changed(rules, schemes.AFTER_BIRTH, starts_after_days=0)
    plan = planned(due=DUE, rules=rules)
    before, after = (entry_of(plan, s).span for s in (schemes.BEFORE_BIRTH, schemes.AFTER_BIRTH))
    assert before == Span(date(2026, 10, 16), date(2026, 12, 9))
    assert after == Span(DUE, date(2027, 2, 3))


def test_days_that_a_town_gives_the_spouse_lie_in_its_window() -> None:
    window = {
        "days": 5,
        "opens_weeks_before": 8,
        "opens_weeks_before_multiple": 14,
        "until_months": 12,
    }
    rules = changed(rules_of(), schemes.SPOUSE_CHILDCARE, **window)
    one = planned(Parent(PARTNER, REGULAR), due=DUE, rules=rules)
    twins = planned(Parent(PARTNER, REGULAR), due=DUE, rules=rules, is_multiple=True)
    entry = entry_of(one, schemes.SPOUSE_CHILDCARE)
    assert entry.span == Span(date(2026, 10, 15), date(2027, 12, 9))
    assert [note.values for note in entry.notes] == [{"days": 5}]
    assert entry_of(twins, schemes.SPOUSE_CHILDCARE).span == Span(
        date(2026, 9, 3), date(2027, 12, 9)
    )


def test_a_paper_is_due_as_the_rule_says_or_before_the_leave_begins() -> None:
    said = changed(rules_of(), schemes.BEFORE_BIRTH, apply_days_before=14)
    told = entry_of(planned(due=DUE, rules=said), schemes.BEFORE_BIRTH)
    left_open = entry_of(planned(due=DUE), schemes.BEFORE_BIRTH)
    assert (told.apply_by, told.is_set) == (date(2026, 10, 2), True)
    assert (left_open.apply_by, left_open.is_set) == (date(2026, 10, 15), False)
