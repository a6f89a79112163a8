"""Spells of childcare leave that a parent wishes for, held against the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from niwari.api import N_
from niwari_leave_cafe.dates import refusals, schemes
from niwari_leave_cafe.dates.arithmetic import ONE_DAY, Span, after_birth, reaches, within
from niwari_leave_cafe.dates.packs import Rule
from niwari_leave_cafe.dates.planning import (
    WINDOW,
    WISH,
    Birth,
    Entry,
    Note,
    Parent,
    Rules,
    Wish,
    paper_day,
)

_YEAR = 12


@dataclass(frozen=True, slots=True)
class _Frame:
    """The two rules of childcare leave with the days on which a parent can take it."""

    rule: Rule
    span: Span
    latest: date
    early_rule: Rule | None
    early: Span | None
    born: date


def childcare(rules: Rules, birth: Birth, parent: Parent, locale: str) -> list[Entry]:
    """Return the lines about childcare leave: on which days it can be taken, and what is wished.

    Raises an ``Invalid`` beside the wish that the rules do not have.
    """
    frame = _frame(rules, birth, parent)
    if frame is None:
        if parent.wishes:
            raise refusals.WishWithoutRule(
                field=f"{parent.wishes[0].name}from",
                scheme=schemes.SCHEME_LABELS[schemes.CHILDCARE].text(locale),
                pack=rules.pack.label.text(locale),
            )
        return []
    early, later = _sorted_out(rules, frame, parent.wishes, locale)
    entries = []
    if frame.early_rule and frame.early:
        entries.append(_early_window(frame.early_rule, frame.early))
        entries += [_wished(schemes.EARLY_CHILDCARE, frame.early_rule, span) for span in early]
    entries.append(_window(frame, parent))
    entries += [_wished(schemes.CHILDCARE, frame.rule, span, frame.span.last) for span in later]
    return entries


def first_day_back(rules: Rules, birth: Birth, parent: Parent) -> date:
    """Return the first day on which the leave after birth no longer keeps a parent from work."""
    rule = rules.version.rule(schemes.AFTER_BIRTH, parent.role, parent.employment)
    if rule is None or rule.weeks is None or rule.starts_after_days is None:
        return birth.day
    span = after_birth(birth.day, rule.weeks, starts_after_days=rule.starts_after_days)
    return span.last + ONE_DAY


def _frame(rules: Rules, birth: Birth, parent: Parent) -> _Frame | None:
    rule = rules.version.rule(schemes.CHILDCARE, parent.role, parent.employment)
    if rule is None or rule.until_months is None:
        return None
    first, last = first_day_back(rules, birth, parent), reaches(birth.day, rule.until_months)
    latest = max([rule.until_months, *rule.extended_months])
    early_rule = rules.version.rule(schemes.EARLY_CHILDCARE, parent.role, parent.employment)
    early = None
    if early_rule is not None and early_rule.within_days is not None:
        counts = bool(early_rule.counts_birth_date)
        early = within(birth.day, early_rule.within_days, counts_birth_date=counts)
    return _Frame(rule, Span(first, last), reaches(birth.day, latest), early_rule, early, birth.day)


def _sorted_out(
    rules: Rules, frame: _Frame, wishes: Sequence[Wish], locale: str
) -> tuple[list[Span], list[Span]]:
    """Return the wishes that count as early and the others, in the order of their days.

    The first spells that lie wholly within the first days of life do not count among the others.
    Raises an ``Invalid`` beside the wish that the rules do not have.
    """
    early: list[Span] = []
    later: list[Span] = []
    source = rules.source_of(frame.rule, locale)
    previous: Span | None = None
    for name, wish in sorted(((one.name, one.span) for one in wishes), key=lambda one: one[1]):
        if wish.last < wish.first:
            raise refusals.WishBackwards(field=f"{name}to")
        if previous is not None and previous.meets(wish):
            raise refusals.WishesMeet(field=f"{name}from")
        if wish.first < frame.span.first:
            first = frame.span.first
            raise refusals.WishTooEarly(field=f"{name}from", first=first, source=source)
        if wish.last > frame.latest:
            raise refusals.WishTooLate(field=f"{name}to", last=frame.latest, source=source)
        room = frame.early_rule.times if frame.early_rule else None
        if room and frame.early and frame.early.holds(wish) and len(early) < room:
            early.append(wish)
        elif len(later) < (frame.rule.times or 0):
            later.append(wish)
        else:
            raise refusals.TooManyWishes(
                field=f"{name}from", times=frame.rule.times or 0, source=source
            )
        previous = wish
    return early, later


def _early_window(rule: Rule, span: Span) -> Entry:
    note = Note(
        N_("この期間に始まり、この期間に終わる育児休業を、%(times)d回まで取れます。"),
        {"times": rule.times},
    )
    return Entry(schemes.EARLY_CHILDCARE, WINDOW, rule, span, (note,))


def _window(frame: _Frame, parent: Parent) -> Entry:
    rule, notes = frame.rule, []
    notes.append(Note(N_("%(times)d回まで分けて取れます。"), {"times": rule.times}))
    for months in rule.extended_months:
        notes.append(_extension(frame, months))
    if parent.employment in schemes.WITH_TERM and parent.term_ends:
        if parent.term_ends < frame.span.first:
            text = N_(
                "任期の末日（%(last)s）が、始められる日より前です。任期が更新されたときに取れます。"
            )
        else:
            text = N_("任期の末日（%(last)s）より後は、任期が更新されたときに続けられます。")
        if parent.term_ends < frame.span.last:
            notes.append(Note(text, days={"last": parent.term_ends}))
    return Entry(schemes.CHILDCARE, WINDOW, rule, frame.span, tuple(notes))


def _extension(frame: _Frame, months: int) -> Note:
    years, rest = divmod(months, _YEAR)
    text = (
        N_("条件に当てはまると、%(years)d歳%(months)dか月に達する日（%(last)s）まで延ばせます。")
        if rest
        else N_("条件に当てはまると、%(years)d歳に達する日（%(last)s）まで延ばせます。")
    )
    values = {"years": years, "months": rest} if rest else {"years": years}
    return Note(text, values, {"last": reaches(frame.born, months)})


def _wished(scheme: str, rule: Rule, span: Span, usual: date | None = None) -> Entry:
    by, is_set = paper_day(rule, span.first)
    notes: tuple[Note, ...] = ()
    if usual is not None and span.last > usual:
        text = N_("%(last)sより後は、延長の条件に当てはまるときだけ取れます。")
        notes = (Note(text, days={"last": usual}),)
    return Entry(scheme, WISH, rule, span, notes, by, is_set)
