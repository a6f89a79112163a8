"""What a person sees of the own ledger: one month, its fiscal year, and what is coming."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from niwari.context import Context
from niwari.directory.models import Appointment, Person, Section
from niwari.ledger.accounts import cap_of, period_for
from niwari.ledger.approvers import charge_of
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import STANDING, Account, Request, State
from niwari.ledger.sight import shown_to_head
from niwari.ledger.worktime import DayBase, Period, PeriodKind, base, day_bases, period_of

PAGE = 50


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
    """One person's month: its balance, the year's, every day with its why, and the requests."""

    period: Period
    balance: Balance
    year: Period
    year_balance: Balance
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


def month_of(ctx: Context, day: date) -> Month:
    """Return the acting person's month that contains ``day``; reads only, in three queries."""
    period = period_for(day)
    year = period_of(PeriodKind.FISCAL_YEAR, day)
    conditions = work_conditions([ctx.person_id], ctx.municipality, year.starts_on, year.ends_on)[
        ctx.person_id
    ]
    days = day_bases(conditions, year.starts_on, year.ends_on)
    here = tuple(one for one in days if one.day in period)
    accounts = list(
        Account.select(Account.starts_on, Account.used, Account.reserved)
        .where(
            (Account.person == ctx.person_id)
            & (Account.municipality == ctx.municipality.id)
            & (Account.starts_on.between(year.starts_on, year.ends_on))
        )
        .tuples()
    )
    requests = tuple(
        Request.select(Request, Person.name.alias("decided_by_name"))
        .left_outer_join(Appointment, on=(Request.decided_by == Appointment.id))
        .left_outer_join(Person, on=(Appointment.person == Person.id))
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
        year_balance=_balance(days, [(used, reserved) for _, used, reserved in accounts], 0),
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


def waiting_for(ctx: Context) -> list[Waiting]:
    """Return the requests that wait for the acting head, the nearest day first.

    At most ``PAGE`` of them; five queries, whatever their number.
    """
    charge = charge_of(ctx)
    requests = list(
        Request.select(
            Request,
            Person.name.alias("person_name"),
            Section.name.alias("section_name"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .where(
            (Request.municipality == ctx.municipality.id)
            & (Request.state == State.REQUESTED)
            & charge.condition()
        )
        .order_by(Request.work_date, Request.id)
        .limit(PAGE)
        .objects()
    )
    return [
        Waiting(shown_to_head(r), r.person_name, r.section_name, free)
        for r, free in zip(requests, _free_of(ctx, requests), strict=True)
    ]


def waiting_count(ctx: Context) -> int:
    """Return how many requests wait for the acting head."""
    count: int = (
        Request.select()
        .where(
            (Request.municipality == ctx.municipality.id)
            & (Request.state == State.REQUESTED)
            & charge_of(ctx).condition()
        )
        .count()
    )
    return count


def _free_of(ctx: Context, requests: Sequence[Request]) -> list[int]:
    """Return the minutes left of each request's person in its period, in two queries for all."""
    if not requests:
        return []
    periods = [period_for(r.work_date) for r in requests]
    people = sorted({r.person_id for r in requests})
    first = min(p.starts_on for p in periods)
    last = max(p.ends_on for p in periods)
    conditions = work_conditions(people, ctx.municipality, first, last)
    moved = {
        (person, start): used + reserved
        for person, start, used, reserved in Account.select(
            Account.person, Account.starts_on, Account.used, Account.reserved
        )
        .where(
            Account.person.in_(people)
            & (Account.municipality == ctx.municipality.id)
            & Account.starts_on.between(first, last)
        )
        .tuples()
    }
    caps: dict[tuple[int, date], int] = {}
    for request, period in zip(requests, periods, strict=True):
        key = (request.person_id, period.starts_on)
        if key not in caps:
            caps[key] = cap_of(
                day_bases(conditions[request.person_id], period.starts_on, period.ends_on)
            )
    return [
        caps[r.person_id, p.starts_on] - moved.get((r.person_id, p.starts_on), 0)
        for r, p in zip(requests, periods, strict=True)
    ]
