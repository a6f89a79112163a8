"""What a standing agreement would reserve, and what cannot be held and why (rules L10, L12, L19).

The same rules before and after agreeing: from accounts that are only read, for the preview, or from
those that are locked, when the head agrees (rule L2).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from niwari.context import Context
from niwari.ledger import accounts
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.arranged import freeze_of, period_for
from niwari.ledger.arranging.frozen import begins_from
from niwari.ledger.asking import fitting
from niwari.ledger.asking.slots import Slot, Taken, taken_between
from niwari.ledger.conditions import work_conditions
from niwari.ledger.errors import (
    DayFull,
    Frozen,
    InsideLeave,
    LedgerError,
    NoBase,
    NoScheduledTime,
    NotAppointed,
    NothingHeld,
    Overlap,
    TooLate,
)
from niwari.ledger.models import Account, Standing
from niwari.ledger.standing.terms import Terms, days_of
from niwari.ledger.worktime import Period, Why, base, day_bases


class NotHeld(StrEnum):
    """Why a time of a standing agreement cannot be held."""

    PAST = "past"
    HOLIDAY = "holiday"
    NOT_APPOINTED = "not_appointed"
    NO_BASE = "no_base"
    LEAVE = "leave"
    OUTSIDE_HOURS = "outside_hours"
    OVERLAP = "overlap"
    DAY_FULL = "day_full"
    OVER_FREE = "over_free"
    CLOSED = "closed"
    FROZEN = "frozen"


_REASONS: tuple[tuple[type[LedgerError], NotHeld], ...] = (
    (TooLate, NotHeld.PAST),
    (NotAppointed, NotHeld.NOT_APPOINTED),
    (NoBase, NotHeld.NO_BASE),
    (InsideLeave, NotHeld.LEAVE),
    (NoScheduledTime, NotHeld.OUTSIDE_HOURS),
    (Overlap, NotHeld.OVERLAP),
    (DayFull, NotHeld.DAY_FULL),
    (Frozen, NotHeld.FROZEN),
)


@dataclass(frozen=True, slots=True)
class Planned:
    """One time of a standing agreement, or what it has in one period; ``minutes`` are those that count.

    ``reason`` is why it cannot be held; ``None`` where it can. ``free`` is what the period had left
    before it, as far as that is known.
    """

    day: date
    minutes: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reason: NotHeld | None = None
    free: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Every time of a standing agreement, in order; ``freeze`` is why 20% time rests, where it does."""

    times: tuple[Planned, ...]
    freeze: str = ""

    @property
    def held(self) -> tuple[Planned, ...]:
        """Those that can be held."""
        return tuple(one for one in self.times if one.reason is None)

    @property
    def left_out(self) -> tuple[Planned, ...]:
        """Those that cannot, each with its reason."""
        return tuple(one for one in self.times if one.reason is not None)

    @property
    def minutes(self) -> int:
        """The sum of what can be held."""
        return sum(one.minutes for one in self.held)

    def check_held(self) -> None:
        """Raise ``NothingHeld`` where no time can be held, and ``Frozen`` where a freeze is why (L13)."""
        if self.held:
            return
        if any(one.reason is NotHeld.FROZEN for one in self.times):
            raise Frozen(reason=self.freeze)
        raise NothingHeld

    @property
    def mark(self) -> str:
        """A text that changes with whatever can be held: what somebody saw before pressing."""
        said = ";".join(f"{one.day} {one.starts_at} {one.minutes}" for one in self.held)
        return sha256(said.encode()).hexdigest()[:32]


def preview(ctx: Context, terms: Terms, who: Standing | None, *, counts: bool) -> Plan:
    """Return what ``terms`` would reserve now, for the acting person or the one of ``who``.

    Reads only, in three queries whatever the number of times; what is agreed meanwhile is not foreseen.
    """
    person = who.person_id if who is not None else ctx.person_id
    looked = _looked_at(ctx, person, terms.first_day, terms.last_day)
    return plan(ctx, terms, looked, _taken(person, looked.values()), counts=counts)


def plan_locked(ctx: Context, standing: Standing) -> tuple[Plan, Mapping[date, OpenAccount]]:
    """Lock the accounts of all periods of ``standing``, in their order, and plan under the locks."""
    terms = Terms.of(standing)
    days = [period.starts_on for period in periods_of(ctx, terms.first_day, terms.last_day)]
    opened = accounts.open_accounts(ctx, standing.person_id, standing.municipality_id, days)
    taken = _taken(standing.person_id, opened.values())
    return plan(ctx, terms, opened, taken, counts=standing.counts), opened


def periods_of(ctx: Context, first: date, last: date) -> list[Period]:
    """Return the periods whose accounts the days from ``first`` to ``last`` belong to, in order."""
    found = [period_for(ctx.municipality, first)]
    while found[-1].ends_on < last:
        found.append(
            period_for(ctx.municipality, date.fromordinal(found[-1].ends_on.toordinal() + 1))
        )
    return found


def plan(
    ctx: Context,
    terms: Terms,
    opened: Mapping[date, OpenAccount],
    taken: Sequence[Taken],
    *,
    counts: bool,
) -> Plan:
    """Plan every time in order; of each period only what is free, and never part of a time (L12)."""
    free = {start: one.free for start, one in opened.items()}
    wished = _allowance if terms.kind == "allowance" else _dated
    times = []
    for one in wished(ctx, terms, opened, taken):
        start = period_for(ctx.municipality, one.day).starts_on
        if one.reason is None and counts and one.minutes > free[start]:
            one = _because(one, NotHeld.OVER_FREE, max(free[start], 0))
        elif one.reason is None and counts:
            free[start] -= one.minutes
        times.append(one)
    frozen = [one.freeze.reason for one in opened.values() if one.freeze is not None]
    return Plan(tuple(times), frozen[0] if frozen else "")


def _dated(
    ctx: Context, terms: Terms, opened: Mapping[date, OpenAccount], taken: Sequence[Taken]
) -> Iterable[Planned]:
    for day, closed in days_of(terms):
        account = opened[period_for(ctx.municipality, day).starts_on]
        if closed:
            starts_at, ends_at = terms.interval(day) or (None, None)
            yield Planned(day, 0, starts_at, ends_at, NotHeld.HOLIDAY)
        else:
            yield _one(ctx, terms, account, day, taken)


def _one(
    ctx: Context, terms: Terms, opened: OpenAccount, day: date, taken: Sequence[Taken]
) -> Planned:
    interval = terms.interval(day)
    wished = Planned(day, terms.minutes, *(interval or ()))
    if opened.account.closed_at is not None:
        return _because(wished, NotHeld.CLOSED)
    if any(reason.code in (Why.HOLIDAY, Why.CLOSED) for reason in opened.day(day).why):
        return _because(wished, NotHeld.HOLIDAY)
    try:
        fitting.check_day(opened, day)
        slot = fitting.interval_slot(opened, *interval) if interval else Slot(day, terms.minutes)
        if slot.minutes > opened.day(day).base:
            return _because(wished, NotHeld.OUTSIDE_HOURS)
        fitting.check_ahead(ctx, opened, slot, slot.minutes)
        fitting.check_room(opened, slot, taken)
    except LedgerError as error:
        return _because(wished, _reason_of(error))
    return Planned(day, slot.minutes, slot.starts_at, slot.ends_at)


def _allowance(
    ctx: Context, terms: Terms, opened: Mapping[date, OpenAccount], _taken_times: Sequence[Taken]
) -> Iterable[Planned]:
    for account in opened.values():
        # What is drawn later is drawn from the day of the agreement on (rule L1).
        first = max(account.period.starts_on, terms.first_day, ctx.today)
        last = min(account.period.ends_on, terms.last_day)
        wished = Planned(min(first, last), terms.minutes)
        ahead = [one for one in account.days if first <= one.day <= last]
        if first > last:
            yield _because(wished, NotHeld.PAST)
        elif account.account.closed_at is not None:
            yield _because(wished, NotHeld.CLOSED)
        elif account.freeze is not None and begins_from(account.freeze.from_at, first, None):
            yield _because(wished, NotHeld.FROZEN)
        elif base(ahead) == 0:
            yield _because(wished, NotHeld.NO_BASE)
        elif base(ahead) < terms.minutes:
            yield _because(wished, NotHeld.OUTSIDE_HOURS)
        else:
            yield wished


def _because(one: Planned, reason: NotHeld, free: int | None = None) -> Planned:
    minutes = one.minutes if reason is NotHeld.OVER_FREE else 0
    return Planned(one.day, minutes, one.starts_at, one.ends_at, reason, free)


def _reason_of(error: LedgerError) -> NotHeld:
    for kind, reason in _REASONS:
        if isinstance(error, kind):
            return reason
    raise error


def _taken(person_id: int, opened: Iterable[OpenAccount]) -> list[Taken]:
    periods = [one.period for one in opened]
    first = min(period.starts_on for period in periods)
    return taken_between(person_id, first, max(period.ends_on for period in periods))


def _looked_at(ctx: Context, person_id: int, first: date, last: date) -> dict[date, OpenAccount]:
    """Return the accounts of the periods as they stand, without a lock; what is new is not stored."""
    periods = periods_of(ctx, first, last)
    begins, ends = periods[0].starts_on, periods[-1].ends_on
    conditions = work_conditions([person_id], ctx.municipality, begins, ends)[person_id]
    days = day_bases(conditions, begins, ends)
    stored = {
        one.starts_on: one
        for one in Account.select().where(
            (Account.person == person_id)
            & (Account.municipality == ctx.municipality.id)
            & Account.starts_on.between(begins, ends)
        )
    }
    looked = {}
    for period in periods:
        here = tuple(one for one in days if one.day in period)
        account = stored.get(period.starts_on) or Account(base=0, cap=0, used=0, reserved=0)
        account.frozen = freeze_of(ctx.municipality)
        looked[period.starts_on] = accounts.computed(account, period, conditions, here)
    return looked
