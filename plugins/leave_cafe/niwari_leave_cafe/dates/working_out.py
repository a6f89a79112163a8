"""Working a plan out: every scheme that a parent has, in the order of the list of schemes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from niwari.api import N_
from niwari_leave_cafe.dates import refusals, schemes
from niwari_leave_cafe.dates.arithmetic import (
    ONE_DAY,
    Span,
    after_birth,
    before_due,
    eve_of_school,
    reaches,
)
from niwari_leave_cafe.dates.packs import BEFORE, Pack, Rule
from niwari_leave_cafe.dates.planning import (
    FIXED,
    NO_DUE_DATE,
    UNDATED,
    WINDOW,
    Birth,
    Entry,
    Note,
    Parent,
    ParentPlan,
    Plan,
    Rules,
    paper_day,
)
from niwari_leave_cafe.dates.wishing import childcare, first_day_back

_ANYBODY: Final = frozenset({schemes.BEARING, schemes.PARTNER})
_FOR: Final[Mapping[str, frozenset[str]]] = {
    schemes.BEFORE_BIRTH: frozenset({schemes.BEARING}),
    schemes.AFTER_BIRTH: frozenset({schemes.BEARING}),
    schemes.SPOUSE_BIRTH: frozenset({schemes.PARTNER}),
    schemes.SPOUSE_CHILDCARE: frozenset({schemes.PARTNER}),
    schemes.EARLY_CHILDCARE: frozenset({schemes.PARTNER}),
}


def work_out(
    rules: Rules,
    birth: Birth,
    parents: Sequence[Parent],
    *,
    today: date,
    locale: str,
    with_grandchild: bool = False,
) -> Plan:
    """Return the plan of one or two parents; reads and writes nothing.

    Raises an ``Invalid`` that names the field, and the rule where one says no.
    """
    birth.check(today)
    plans = tuple(_of_parent(rules, birth, parent, locale, with_grandchild) for parent in parents)
    following = rules.pack.version_after(rules.version)
    return Plan(
        birth=birth,
        pack=rules.pack,
        version=rules.version,
        parents=plans,
        is_confirmed=rules.is_confirmed,
        changes_on=following.first if following else None,
    )


def _of_parent(
    rules: Rules, birth: Birth, parent: Parent, locale: str, with_grandchild: bool
) -> ParentPlan:
    entries: list[Entry] = []
    lacking: list[Note] = []
    for scheme in schemes.SCHEME_LABELS:
        if parent.role not in _FOR.get(scheme, _ANYBODY):
            continue
        if scheme == schemes.CHILDCARE:
            entries += childcare(rules, birth, parent, locale)
        rule = rules.version.rule(scheme, parent.role, parent.employment)
        if rule is None:
            if scheme != schemes.GRANDCHILD or with_grandchild:
                lacking.append(_lack(rules, scheme, parent, locale))
        elif scheme in _LINES and (scheme != schemes.GRANDCHILD or with_grandchild):
            entries.append(_LINES[scheme](rules, birth, parent, rule))
    return ParentPlan(parent, tuple(entries), tuple(lacking))


def _lack(rules: Rules, scheme: str, parent: Parent, locale: str) -> Note:
    names = {
        "scheme": schemes.SCHEME_LABELS[scheme].text(locale),
        "pack": rules.pack.label.text(locale),
        "version": rules.version.number,
    }
    if not rules.version.has(scheme):
        return Note(N_("%(scheme)sは、「%(pack)s」%(version)s版の規程にありません。"), names)
    employment = schemes.EMPLOYMENT_LABELS[parent.employment].text(locale)
    text = N_("%(scheme)sは、「%(pack)s」%(version)s版の規程では、%(employment)sの人は使えません。")
    return Note(text, {**names, "employment": employment})


def _before_birth(rules: Rules, birth: Birth, parent: Parent, rule: Rule) -> Entry:
    if birth.due is None:
        return Entry(rule.scheme, UNDATED, rule, notes=(NO_DUE_DATE,))
    weeks = (rule.weeks_multiple if birth.is_multiple else rule.weeks) or 0
    first = before_due(birth.due, weeks, counts_due_date=bool(rule.counts_due_date))
    last = birth.day if rule.birth_day == BEFORE else birth.day - ONE_DAY
    notes = [_counting(rule, weeks, birth)]
    if last < first:
        text = N_("出産が早かったため、産前休暇の日はありません。")
        return Entry(rule.scheme, UNDATED, rule, notes=(*notes, Note(text)))
    if birth.born and birth.born > birth.due:
        notes.append(Note(N_("予定日より後に生まれたので、産前休暇は出産の日まで延びます。")))
    elif birth.born and birth.born < birth.due:
        notes.append(Note(N_("予定日より早く生まれたので、産前休暇は出産の日で終わります。")))
    by, is_set = paper_day(rule, first)
    return Entry(rule.scheme, FIXED, rule, Span(first, last), tuple(notes), by, is_set)


def _counting(rule: Rule, weeks: int, birth: Birth) -> Note:
    values = {"weeks": weeks}
    if birth.is_multiple:
        if rule.counts_due_date:
            return Note(N_("多胎のときの%(weeks)d週間です。出産予定日を期間に含めます。"), values)
        return Note(N_("多胎のときの%(weeks)d週間です。出産予定日を期間に含めません。"), values)
    if rule.counts_due_date:
        return Note(N_("%(weeks)d週間です。出産予定日を期間に含めます。"), values)
    return Note(N_("%(weeks)d週間です。出産予定日を期間に含めません。"), values)


def _after_birth(rules: Rules, birth: Birth, parent: Parent, rule: Rule) -> Entry:
    starts = rule.starts_after_days or 0
    span = after_birth(birth.day, rule.weeks or 0, starts_after_days=starts)
    compulsory = after_birth(birth.day, rule.compulsory_weeks or 0, starts_after_days=starts)
    text = N_("最初の%(weeks)d週間（%(last)sまで）は、希望しても働けません。")
    note = Note(text, {"weeks": rule.compulsory_weeks}, {"last": compulsory.last})
    return Entry(rule.scheme, FIXED, rule, span, (note,))


def _days_in_window(rules: Rules, birth: Birth, parent: Parent, rule: Rule) -> Entry:
    notes = []
    if rule.days is not None:
        notes.append(Note(N_("%(days)d日まで取れます。"), {"days": rule.days}))
    last = _window_end(rule, birth.day)
    if last is None:
        return Entry(rule.scheme, UNDATED, rule, notes=tuple(notes))
    first = birth.day
    weeks = rule.opens_weeks_before
    if birth.is_multiple and rule.opens_weeks_before_multiple is not None:
        weeks = rule.opens_weeks_before_multiple
    if weeks is not None and birth.due is not None:
        first = min(first, before_due(birth.due, weeks, counts_due_date=False))
    return Entry(rule.scheme, WINDOW, rule, Span(first, last), tuple(notes))


def _window_end(rule: Rule, born: date) -> date | None:
    if rule.until_school:
        return eve_of_school(born)
    return reaches(born, rule.until_months) if rule.until_months is not None else None


def _until_school(rules: Rules, birth: Birth, parent: Parent, rule: Rule) -> Entry:
    span = Span(first_day_back(rules, birth, parent), eve_of_school(birth.day))
    return Entry(rule.scheme, WINDOW, rule, span, _amounts(rule, parent))


def _amounts(rule: Rule, parent: Parent) -> tuple[Note, ...]:
    if rule.minutes_a_day is not None:
        return (Note(N_("1日に%(most)sまで使えます。"), amounts={"most": rule.minutes_a_day}),)
    if rule.minutes_a_year is not None:
        text = N_("年度に%(most)sまで、1時間単位で使えます。")
        return (Note(text, amounts={"most": rule.minutes_a_year}),)
    if rule.daily_times is None:
        return ()
    if parent.daily_minutes is None:
        text = N_("年度に、1日の勤務時間の%(times)d倍まで、1時間単位で使えます。")
        return (Note(text, {"times": rule.daily_times}),)
    text = N_("年度に%(most)sまで（1日の勤務時間の%(times)d倍）、1時間単位で使えます。")
    most = parent.daily_minutes * rule.daily_times
    return (Note(text, {"times": rule.daily_times}, amounts={"most": most}),)


_Line = Callable[[Rules, Birth, Parent, Rule], Entry]
_LINES: Final[Mapping[str, _Line]] = {
    schemes.BEFORE_BIRTH: _before_birth,
    schemes.AFTER_BIRTH: _after_birth,
    schemes.SPOUSE_BIRTH: _days_in_window,
    schemes.SPOUSE_CHILDCARE: _days_in_window,
    schemes.SHORT_HOURS: _until_school,
    schemes.PARTIAL_1: _until_school,
    schemes.PARTIAL_2: _until_school,
    schemes.NURSING: _days_in_window,
    schemes.GRANDCHILD: _days_in_window,
}


def rules_on(pack: Pack, day: date, *, is_confirmed: bool) -> Rules:
    """Return what a pack says on a day; raises ``NoPack`` where it has no version for it."""
    version = pack.version_on(day)
    if version is None:
        raise refusals.NoPack
    return Rules(pack, version, is_confirmed)
