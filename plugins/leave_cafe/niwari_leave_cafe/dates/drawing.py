"""A plan as a chart: where its bars and marks stand, in per mille of the width. The page draws it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from niwari_leave_cafe.dates.arithmetic import ONE_DAY, Span
from niwari_leave_cafe.dates.planning import Entry, ParentPlan, Plan

WIDTH: Final = 1000
_LEAST: Final = 6
_MOST_MARKS: Final = 8
_MONTHS_AROUND: Final = 4
_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the chart; of one that goes on beyond it ``goes_on`` is true."""

    entry: Entry
    start: int
    width: int
    goes_on: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of one parent."""

    parent: ParentPlan
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """The first day of a month, and where it stands."""

    day: date
    start: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars over a span of days, with marks of months or years and the day of birth."""

    span: Span
    groups: tuple[Group, ...]
    marks: tuple[Mark, ...]
    birth: int
    in_years: bool

    @property
    def rows(self) -> int:
        """How many lines it has, the names of the parents included."""
        return sum(len(group.bars) + 1 for group in self.groups)


def charts(plan: Plan) -> tuple[Chart, ...]:
    """Return the months around the birth, and the years until the last day of the plan."""
    spans = [entry.span for _parent, entry in plan.entries if entry.span is not None]
    if not spans:
        return ()
    first = _month(min(span.first for span in [*spans, Span(plan.birth.day, plan.birth.day)]), 0)
    near = Span(first, _month(plan.birth.day, _MONTHS_AROUND) - ONE_DAY)
    far = Span(first, _month(max(span.last for span in spans), 1) - ONE_DAY)
    around = _chart(plan, near, in_years=False)
    return (around, _chart(plan, far, in_years=True)) if far.last > near.last else (around,)


def _chart(plan: Plan, span: Span, *, in_years: bool) -> Chart:
    groups = tuple(Group(parent, tuple(_bars(parent.entries, span))) for parent in plan.parents)
    return Chart(
        span=span,
        groups=tuple(group for group in groups if group.bars),
        marks=tuple(_marks(span, in_years=in_years)),
        birth=_place(plan.birth.day, span),
        in_years=in_years,
    )


def _bars(entries: Sequence[Entry], span: Span) -> Iterator[Bar]:
    for entry in entries:
        if entry.span is None or not entry.span.meets(span):
            continue
        start = _place(max(entry.span.first, span.first), span)
        end = _place(min(entry.span.last, span.last) + ONE_DAY, span)
        start = min(start, WIDTH - _LEAST)
        yield Bar(entry, start, max(end - start, _LEAST), entry.span.last > span.last)


def _marks(span: Span, *, in_years: bool) -> Iterator[Mark]:
    months = (span.last.year - span.first.year) * _YEAR + span.last.month - span.first.month + 1
    days = [_month(span.first, number) for number in range(months)]
    if in_years:
        days = [day for day in days if day.month == 1]
    step = -(-len(days) // _MOST_MARKS) if days else 1
    for day in days[::step]:
        yield Mark(day, _place(day, span))


def _place(day: date, span: Span) -> int:
    return (day - span.first).days * WIDTH // span.days


def _month(day: date, further: int) -> date:
    """Return the first day of the month so many months after that of ``day``."""
    year, month = divmod(day.year * _YEAR + day.month - 1 + further, _YEAR)
    return date(year, month + 1, 1)
