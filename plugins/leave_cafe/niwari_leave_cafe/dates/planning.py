"""What a birth means for a parent's leave, by the rules of a pack. Nothing of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from niwari.api import N_, Label
from niwari_leave_cafe.dates import refusals, schemes
from niwari_leave_cafe.dates.arithmetic import ONE_DAY, Span, eve_of_school
from niwari_leave_cafe.dates.packs import Pack, Rule, Version

FIXED, WINDOW, WISH, UNDATED = "fixed", "window", "wish", "undated"
"""Kinds of entries: days of leave, days among which one chooses, days that were wished, no days."""

LONGEST_PREGNANCY: Final = timedelta(days=300)
_LATEST_AFTER_DUE: Final = timedelta(weeks=4)
# Labour law speaks of a birth from the fifth month on: 85 days, of 40 weeks until the due date.
_EARLIEST_BEFORE_DUE: Final = timedelta(weeks=28)


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence: a msgid with its values, with days, and with amounts of minutes."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Birth:
    """A birth: the due date, the day of birth once it is known, and whether of several children."""

    due: date | None
    born: date | None
    is_multiple: bool = False

    @property
    def day(self) -> date:
        """The day of birth, or the day on which it is expected; raises ``NoDay`` without either."""
        day = self.born or self.due
        if day is None:
            raise refusals.NoDay
        return day

    def check(self, today: date) -> None:
        """Raise an ``Invalid`` where the days cannot be those of a birth, seen from ``today``."""
        if self.due and self.due > today + LONGEST_PREGNANCY:
            raise refusals.DueTooFarAhead(last=today + LONGEST_PREGNANCY)
        if self.born and self.born > today:
            raise refusals.BornLater
        if self.due and self.born:
            late = self.born - self.due
            if not -_EARLIEST_BEFORE_DUE <= late <= _LATEST_AFTER_DUE:
                raise refusals.TooFarApart
        if eve_of_school(self.day) < today:
            raise refusals.BornTooLongAgo
        if self.born is None and self.day + _LATEST_AFTER_DUE < today:
            raise refusals.DueHasPassed


@dataclass(frozen=True, slots=True)
class Wish:
    """A spell of childcare leave that is wished; the form's fields for it begin with ``name``."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Parent:
    """A parent who works for a municipality: which of the two, how employed, and what is wished.

    ``term_ends`` is the last day
    of a term, ``daily_minutes`` the working time of a day of those who work short days.
    """

    role: str
    employment: str
    wishes: tuple[Wish, ...] = ()
    term_ends: date | None = None
    daily_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a plan. ``apply_by`` is the last day for its paper; ``is_set`` where a rule says it."""

    scheme: str
    kind: str
    rule: Rule
    span: Span | None = None
    notes: tuple[Note, ...] = ()
    apply_by: date | None = None
    is_set: bool = False

    @property
    def label(self) -> Label:
        """What people call the scheme."""
        return schemes.SCHEME_LABELS[self.scheme]


@dataclass(frozen=True, slots=True)
class ParentPlan:
    """What one parent can take, and the schemes that the rules do not have for them."""

    parent: Parent
    entries: tuple[Entry, ...]
    lacking: tuple[Note, ...]

    @property
    def label(self) -> Label:
        """Which of the two parents it is."""
        return schemes.PARENT_LABELS[self.parent.role]


@dataclass(frozen=True, slots=True)
class Plan:
    """The plans of one or two parents, by one version of a pack.

    ``is_confirmed``: the municipality said that its own rules say the same. ``changes_on`` is the day
    from which other rules are known already.
    """

    birth: Birth
    pack: Pack
    version: Version
    parents: tuple[ParentPlan, ...]
    is_confirmed: bool
    changes_on: date | None

    @property
    def is_expected(self) -> bool:
        """Whether the due date stands for the day of birth."""
        return self.birth.born is None

    @property
    def entries(self) -> list[tuple[ParentPlan, Entry]]:
        """All lines with whose they are."""
        return [(parent, entry) for parent in self.parents for entry in parent.entries]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a municipality goes by today: the version in force of its pack, confirmed or not."""

    pack: Pack
    version: Version
    is_confirmed: bool

    def source_of(self, rule: Rule, locale: str) -> str:
        """Name a rule: its Act or ordinance with the article."""
        return f"{rule.source.act.text(locale)} {rule.source.article.text(locale)}"


def paper_day(rule: Rule, first: date) -> tuple[date | None, bool]:
    """Return the last day for a rule's paper, and whether the rule says so.

    What must be agreed to before it begins is due on the day before at the latest.
    """
    if rule.paper is None:
        return None, False
    if rule.apply_days_before is not None:
        return first - timedelta(days=rule.apply_days_before), True
    return first - ONE_DAY, False


NO_DUE_DATE: Final = Note(N_("出産予定日を入力すると、日付が出ます。"))
