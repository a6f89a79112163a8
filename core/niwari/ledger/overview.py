"""What a person sees of the own ledger: one month, its fiscal year, and what is coming."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Person
from niwari.ledger.accounts import cap_of
from niwari.ledger.arranged import period_for
from niwari.ledger.attending.words import host_word
from niwari.ledger.conditions import work_conditions
from niwari.ledger.disposing.disposed import Disposed, own_disposed
from niwari.ledger.models import AGREED_STATES, Account, JournalEntry, Request, State
from niwari.ledger.recording.recording import has_begun
from niwari.ledger.worktime import DayBase, Period, PeriodKind, base, day_bases, period_of
from niwari.ledger.year_line import MonthLine, year_line

# What a line of a list shows; each further column costs time in every page.
IN_LISTS = (
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
    Request.allowance,
    Request.after_fact,
    Request.standing,
    Request.municipality,
    Request.source_kind,
    Request.attended_at,
    Request.attended_minutes,
    Request.travel_for,
    Request.travel,
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
    """One person's period: its balance, every day with its why, and the requests.

    It is a month unless HR chose another kind (L23). ``year_balance`` is that of the fiscal year,
    ``months`` are its months; ``None`` and none where they were not asked for. A period that was closed
    at ``closed_at`` has the base of then (rule L7); ``corrected_at`` marks it 修正あり (L6).
    ``recordable`` are the ids of those requests that can be recorded now, their ways with them;
    ``host_words`` by id whether a host has confirmed a record.
    ``disposed`` is the disposal of its year, of which no request and no record is left (L6).
    """

    period: Period
    balance: Balance
    year: Period
    year_balance: Balance | None
    days: tuple[DayBase, ...]
    requests: tuple[Request, ...]
    closed_at: datetime | None
    corrected_at: datetime | None
    recordable: frozenset[int]
    months: tuple[MonthLine, ...]
    host_words: Mapping[int, str]
    disposed: Disposed | None = None

    @property
    def work_days(self) -> int:
        """The number of days with scheduled time."""
        return sum(1 for day in self.days if day.base)

    @property
    def coming(self) -> tuple[Request, ...]:
        """What waits or is agreed, by day, without the ways."""
        open_states = (State.REQUESTED, *AGREED_STATES)
        return tuple(r for r in self.requests if r.state in open_states and r.travel_for_id is None)


def month_of(ctx: Context, day: date, *, with_year: bool = True) -> Month:
    """Return the acting person's period that contains ``day``; reads only, in three queries.

    Without the year, which is the sum of all its days, this costs a tenth.
    """
    period = period_for(ctx.municipality, day)
    year = period_of(PeriodKind.FISCAL_YEAR, day)
    span = year if with_year else period
    conditions = work_conditions([ctx.person_id], ctx.municipality, span.starts_on, span.ends_on)[
        ctx.person_id
    ]
    days = day_bases(conditions, span.starts_on, span.ends_on)
    here = tuple(one for one in days if one.day in period)
    accounts = _accounts_of(ctx, span)
    requests: Any = tuple(
        Request.select(*IN_LISTS, _recorded().alias("recorded"))
        .where(
            (Request.person == ctx.person_id)
            & (Request.municipality == ctx.municipality.id)
            & Request.work_date.between(period.starts_on, period.ends_on)
            & (Request.state != State.WITHDRAWN)
        )
        .order_by(Request.work_date, Request.starts_at.asc(nulls="first"), Request.id)
        .objects()
    )
    own = [one for one in accounts if one.starts_on in period]
    closed_at = own[0].closed_at if own else None
    return Month(
        period=period,
        balance=_balance(
            here,
            period.kind,
            own,
            sum(r.minutes for r in requests if r.counts and r.state == State.REQUESTED),
        ),
        year=year,
        year_balance=_balance(days, period.kind, accounts, 0) if with_year else None,
        days=here,
        requests=requests,
        months=year_line(days, accounts) if with_year else (),
        host_words={one.id: word for one in requests if (word := host_word(ctx, one))},
        disposed=own_disposed(ctx, day),
        closed_at=closed_at,
        corrected_at=own[0].corrected_at if own else None,
        recordable=frozenset(
            one.id
            for one in requests
            if closed_at is None
            and one.state in AGREED_STATES
            and not one.allowance
            and one.travel_for_id is None
            and has_begun(ctx, one)
        ),
    )


@dataclass(frozen=True, slots=True)
class Rest:
    """What one has left of a period, beside a form."""

    period: Period
    balance: Balance


def rest_of(ctx: Context, day: date) -> Rest:
    """Return the acting person's balance of the period that contains ``day``; in two queries."""
    period = period_for(ctx.municipality, day)
    conditions = work_conditions(
        [ctx.person_id], ctx.municipality, period.starts_on, period.ends_on
    )[ctx.person_id]
    asked = Request.select(fn.COALESCE(fn.SUM(Request.minutes), 0)).where(
        (Request.person == ctx.person_id)
        & (Request.municipality == ctx.municipality.id)
        & Request.work_date.between(period.starts_on, period.ends_on)
        & Request.counts
        & (Request.state == State.REQUESTED)
    )
    # Of an own row, so that it comes also where there is no account yet.
    found = rows(
        Person.select(
            asked,
            Account.starts_on,
            Account.ends_on,
            Account.base,
            Account.cap,
            Account.used,
            Account.reserved,
            Account.closed_at,
        )
        .join(
            Account,
            JOIN.LEFT_OUTER,
            on=(Account.person == Person.id)
            & (Account.municipality == ctx.municipality.id)
            & Account.starts_on.between(period.starts_on, period.ends_on),
        )
        .where(Person.id == ctx.person_id)
    )
    names = ("starts_on", "ends_on", "base", "cap", "used", "reserved", "closed_at")
    accounts = [
        Account(**dict(zip(names, one[1:], strict=True))) for one in found if one[1] is not None
    ]
    days = day_bases(conditions, period.starts_on, period.ends_on)
    return Rest(period, _balance(days, period.kind, accounts, int(found[0][0])))


def _recorded() -> Any:
    """Return the expression for the minutes recorded of a request, corrected as they are."""
    return JournalEntry.select(fn.COALESCE(fn.SUM(JournalEntry.minutes), 0)).where(
        JournalEntry.request == Request.id
    )


def _accounts_of(ctx: Context, span: Period) -> list[Account]:
    found: Any = (
        Account.select(
            Account.starts_on,
            Account.ends_on,
            Account.base,
            Account.cap,
            Account.used,
            Account.reserved,
            Account.closed_at,
            Account.corrected_at,
        )
        .where(
            (Account.person == ctx.person_id)
            & (Account.municipality == ctx.municipality.id)
            & (Account.starts_on.between(span.starts_on, span.ends_on))
        )
        .order_by(Account.starts_on)
        .objects()
    )
    return list(found)


def _balance(
    days: Sequence[DayBase], kind: PeriodKind, accounts: Sequence[Account], asked: int
) -> Balance:
    frozen = [account for account in accounts if account.closed_at is not None]
    rest = [
        day
        for day in days
        if not any(account.starts_on <= day.day <= account.ends_on for account in frozen)
    ]
    return Balance(
        base=base(rest) + sum(account.base for account in frozen),
        cap=cap_of(rest, kind) + sum(account.cap for account in frozen),
        used=sum(account.used for account in accounts),
        reserved=sum(account.reserved for account in accounts),
        asked=asked,
    )
