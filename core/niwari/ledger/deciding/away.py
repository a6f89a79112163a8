"""Who is away when: the requests of a head's people, by day and in the order of their names.

Nothing here sums or ranks what somebody uses (rule L14).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.context import Context
from niwari.directory.models import Person, Section
from niwari.directory.sections import section_name
from niwari.ledger.deciding import avoided
from niwari.ledger.deciding.approvers import Charge
from niwari.ledger.deciding.avoided import Avoided
from niwari.ledger.models import AGREED_STATES, Request, State
from niwari.ledger.shown import shown_to_head
from niwari.ledger.worktime import Period, PeriodKind, period_of

MOST = 1000
"""How many requests one page shows."""

SHOWN_STATES = (State.REQUESTED, *AGREED_STATES, State.RECORDED)

# What a line shows; no purpose, which concerns those two who talk about it.
_COLUMNS = (
    Request.id,
    Request.person,
    Request.section,
    Request.activity,
    Request.discreet,
    Request.place,
    Request.state,
    Request.work_date,
    Request.starts_at,
    Request.ends_at,
    Request.minutes,
    Request.agreed_minutes,
    Request.after_fact,
    Request.travel_for,
    Request.travel,
)


@dataclass(frozen=True, slots=True)
class Away:
    """A time at which a person does something else, or has asked for that."""

    request: Request
    person_name: str
    kana: str
    section_name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line of the month: what there is by day of the month."""

    person_name: str
    section_name: str
    by_day: dict[date, list[Request]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a head sees of some days. ``is_cut`` tells that there is more than ``MOST``."""

    first: date
    last: date
    found: tuple[Away, ...]
    avoided: tuple[Avoided, ...]
    is_cut: bool

    @property
    def by_day(self) -> list[tuple[date, list[Away]]]:
        """Return the days on which there is something, in order, with what there is."""
        days: dict[date, list[Away]] = {}
        for one in self.found:
            days.setdefault(one.request.work_date, []).append(one)
        return sorted(days.items())

    @property
    def people(self) -> list[Row]:
        """Return those who have something, by section and name."""
        rows: dict[tuple[str, str, str, int], Row] = {}
        for one in self.found:
            key = (one.section_name, one.kana, one.person_name, one.request.person_id)
            row = rows.setdefault(key, Row(one.person_name, one.section_name, {}))
            row.by_day.setdefault(one.request.work_date, []).append(one.request)
        return [row for _, row in sorted(rows.items())]

    def avoided_on(self, day: date) -> str:
        """Return why a day should be avoided, or nothing."""
        return next((one.reason for one in self.avoided if day in one), "")


def month_away(ctx: Context, charge: Charge, day: date) -> tuple[Period, Stretch]:
    """Return the month that contains ``day``, with what is asked, agreed and recorded; two queries."""
    period = period_of(PeriodKind.MONTH, day)
    return period, _stretch(ctx, charge, period.starts_on, period.ends_on, SHOWN_STATES)


def agreed_between(ctx: Context, charge: Charge, first: date, last: date) -> Stretch:
    """Return what is agreed for the days from ``first`` to ``last``, for the section's board."""
    return _stretch(ctx, charge, first, last, AGREED_STATES)


def _stretch(
    ctx: Context, charge: Charge, first: date, last: date, states: Sequence[State]
) -> Stretch:
    """Read it all: of everybody for whom the acting person answers today (rule L9).

    An allowance without dates names no day on which somebody is away, and is left out.
    """
    query: Any = (
        Request.select(
            *_COLUMNS,
            Person.name.alias("person_name"),
            Person.kana.alias("kana"),
            section_name(ctx.today).alias("section_name"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .where(
            (Request.municipality == ctx.municipality.id)
            & Request.work_date.between(first, last)
            & Request.state.in_(states)
            & ~Request.allowance
            & charge.condition()
        )
        .order_by(Request.work_date, Request.starts_at.asc(nulls="last"), Person.kana, Request.id)
        .limit(MOST + 1)
        .objects()
    )
    found = [Away(shown_to_head(one), one.person_name, one.kana, one.section_name) for one in query]
    sections = {section for share in charge.shares for section in share.sections}
    sections |= {section for share in charge.shares for section, _ in share.single}
    return Stretch(
        first,
        last,
        tuple(found[:MOST]),
        tuple(avoided.of_sections(ctx, sorted(sections), first, last)),
        len(found) > MOST,
    )
