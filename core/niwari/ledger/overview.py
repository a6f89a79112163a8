"""What a person sees of the own ledger: one month, its fiscal year, and what is coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import JOIN, fn

from niwari.context import Context
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.ledger.accounts import cap_of, period_for
from niwari.ledger.approvers import charge_of
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import STANDING, Account, Request, State
from niwari.ledger.sight import shown_to_head
from niwari.ledger.worktime import DayBase, Period, PeriodKind, base, day_bases, period_of

PAGE = 50

# What a line of a list shows; each further column costs time in every page.
_IN_LISTS = (
    Request.id,
    Request.activity,
    Request.purpose,
    Request.state,
    Request.work_date,
    Request.starts_at,
    Request.ends_at,
    Request.minutes,
    Request.agreed_minutes,
    Request.counts,
)


@dataclass(frozen=True, slots=True)
class Balance:
    """The amounts of a period in minutes. ``asked`` is what waits for an answer; it reserves nothing."""

    base: int
    cap: int
    used: int
    reserved: int
    asked: int = 0

    @property
    def free(self) -> int:
        """What is left: cap − used − reserved; negative means "over by" (rule L8)."""
        return self.cap - self.used - self.reserved


@dataclass(frozen=True, slots=True)
class Month:
    """One person's month: its balance, every day with its why, and the requests.

    ``year_balance`` is that of the fiscal year; ``None`` where it was not asked for.
    """

    period: Period
    balance: Balance
    year: Period
    year_balance: Balance | None
    days: tuple[DayBase, ...]
    requests: tuple[Request, ...]

    @property
    def work_days(self) -> int:
        """The number of days with scheduled time."""
        return sum(1 for day in self.days if day.base)

    @property
    def coming(self) -> tuple[Request, ...]:
        """What waits or is agreed, by day."""
        return tuple(r for r in self.requests if r.state in (State.REQUESTED, *STANDING))


def month_of(ctx: Context, day: date, *, with_year: bool = True) -> Month:
    """Return the acting person's month that contains ``day``; reads only, in three queries.

    Without the year, which is the sum of all its days, this costs a tenth.
    """
    period = period_for(day)
    year = period_of(PeriodKind.FISCAL_YEAR, day)
    span = year if with_year else period
    conditions = work_conditions([ctx.person_id], ctx.municipality, span.starts_on, span.ends_on)[
        ctx.person_id
    ]
    days = day_bases(conditions, span.starts_on, span.ends_on)
    here = tuple(one for one in days if one.day in period)
    accounts: Any = list(
        Account.select(Account.starts_on, Account.used, Account.reserved)
        .where(
            (Account.person == ctx.person_id)
            & (Account.municipality == ctx.municipality.id)
            & (Account.starts_on.between(span.starts_on, span.ends_on))
        )
        .tuples()
    )
    requests: Any = tuple(
        Request.select(*_IN_LISTS)
        .where(
            (Request.person == ctx.person_id)
            & (Request.municipality == ctx.municipality.id)
            & Request.work_date.between(period.starts_on, period.ends_on)
            & (Request.state != State.WITHDRAWN)
        )
        .order_by(Request.work_date, Request.starts_at.asc(nulls="first"), Request.id)
        .objects()
    )
    return Month(
        period=period,
        balance=_balance(
            here,
            [(used, reserved) for start, used, reserved in accounts if start in period],
            sum(r.minutes for r in requests if r.counts and r.state == State.REQUESTED),
        ),
        year=year,
        year_balance=(
            _balance(days, [(used, reserved) for _, used, reserved in accounts], 0)
            if with_year
            else None
        ),
        days=here,
        requests=requests,
    )


def _balance(days: Sequence[DayBase], amounts: Sequence[tuple[int, int]], asked: int) -> Balance:
    return Balance(
        base=base(days),
        cap=cap_of(days),
        used=sum(used for used, _ in amounts),
        reserved=sum(reserved for _, reserved in amounts),
        asked=asked,
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request in the head's list, with what the person has left in that period before it."""

    request: Request
    person_name: str
    section_name: str
    free: int

    @property
    def over(self) -> bool:
        """Whether it asks for more than is left."""
        return bool(self.request.counts and self.request.minutes > self.free)


def waiting_for(ctx: Context) -> list[Waiting]:
    """Return the requests that the acting person answers now, the nearest day first.

    At most ``PAGE`` of them; three queries, whatever their number.
    """
    requests: Any = list(
        Request.select(
            Request,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            fn.COALESCE(Account.used + Account.reserved, 0).alias("taken"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .join_from(
            Request,
            Account,
            JOIN.LEFT_OUTER,
            on=(Account.person == Request.person)
            & (Account.municipality == Request.municipality)
            & (Account.starts_on <= Request.work_date)
            & (Account.ends_on >= Request.work_date),
        )
        .where(_waits_for(ctx))
        .order_by(Request.work_date, Request.id)
        .limit(PAGE)
        .objects()
    )
    caps = _caps(ctx, requests)
    return [
        Waiting(
            shown_to_head(one),
            one.person_name,
            one.section_name,
            caps[one.person_id, period_for(one.work_date)] - one.taken,
        )
        for one in requests
    ]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A request that somebody answered in the acting head's place (代決), for seeing it (後閲)."""

    request: Request
    person_name: str
    section_name: str
    decided_by_name: str


def answered_in_my_place(ctx: Context) -> list[Reviewed]:
    """Return what others answered in the acting person's place, the newest first, in one query.

    At most ``PAGE`` of them, of the last 60 days.
    """
    decider, decider_person, head = Appointment.alias(), Person.alias(), Appointment.alias()
    mine = head.select(head.id).where(
        (head.person == ctx.person_id) & (head.municipality == ctx.municipality.id)
    )
    requests: Any = (
        Request.select(
            *_IN_LISTS,
            Request.discreet,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            decider_person.name.alias("decided_by_name"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .join_from(Request, decider, on=(Request.decided_by == decider.id))
        .join_from(decider, decider_person, on=(decider.person == decider_person.id))
        .where(
            Request.on_behalf_of.in_(mine) & (Request.decided_at >= ctx.now - timedelta(days=60))
        )
        .order_by(Request.decided_at.desc(), Request.id.desc())
        .limit(PAGE)
        .objects()
    )
    return [
        Reviewed(shown_to_head(one), one.person_name, one.section_name, one.decided_by_name)
        for one in requests
    ]


def waiting_count(ctx: Context) -> int:
    """Return how many requests wait for the acting head."""
    count: int = Request.select().where(_waits_for(ctx)).count()
    return count


def _waits_for(ctx: Context) -> Any:
    return (
        (Request.municipality == ctx.municipality.id)
        & (Request.state == State.REQUESTED)
        & charge_of(ctx).condition()
    )


def _caps(ctx: Context, requests: Sequence[Request]) -> dict[tuple[int, Period], int]:
    """Return the cap of each request's person in its period, in one query for all."""
    wanted = {(one.person_id, period_for(one.work_date)) for one in requests}
    if not wanted:
        return {}
    conditions = work_conditions(
        sorted({person for person, _ in wanted}),
        ctx.municipality,
        min(period.starts_on for _, period in wanted),
        max(period.ends_on for _, period in wanted),
    )
    return {
        (person, period): cap_of(day_bases(conditions[person], period.starts_on, period.ends_on))
        for person, period in wanted
    }
