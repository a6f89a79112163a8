"""Recording parts of an allowance without dates, until it is used up (rule L12)."""

from dataclasses import dataclass
from datetime import date

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.errors import N_, Minutes
from niwari.ledger import accounts
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import fitting
from niwari.ledger.asking.requests import own_locked
from niwari.ledger.asking.slots import Slot, taken_between
from niwari.ledger.errors import (
    AlreadyDecided,
    BadMinutes,
    DayFull,
    NotAgreed,
    NotDrawable,
    OverAllowance,
)
from niwari.ledger.models import AGREED_STATES, JournalEntry, Request, State


@dataclass(frozen=True, slots=True)
class Drawn:
    """One record of an allowance: on which day, and how many minutes; negative for a reversal."""

    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What was drawn of an allowance, oldest first, and what is left of it, in minutes."""

    records: tuple[Drawn, ...]
    left: int

    @property
    def drawn(self) -> int:
        """The sum of what was drawn."""
        return sum(one.minutes for one in self.records)


def allowance_of(request: Request) -> Allowance:
    """Return what was drawn and what is left of an allowance, in one query."""
    entries = list(
        JournalEntry.select().where(JournalEntry.request == request.id).order_by(JournalEntry.id)
    )
    records = tuple(Drawn(one.work_date, one.minutes) for one in entries if one.minutes)
    if request.state not in AGREED_STATES:
        return Allowance(records, 0)
    if request.counts:
        return Allowance(records, sum(one.reserved_delta for one in entries))
    return Allowance(records, int(request.agreed_minutes) - sum(one.minutes for one in records))


def draw(ctx: Context, request_id: int, *, day: date, minutes: int, seen: int) -> Request:
    """Record ``minutes`` of work on ``day`` from an allowance: used grows, the reservation falls.

    ``seen`` is how many records the person saw: a double click is one record, and what somebody did in
    another tab meanwhile is refused as ``AlreadyDecided``. The day is a work day of the period with
    hours, from the agreement on, not in leave and not ahead, and the minutes are no more than its hours
    hold beside what else is taken. Used up, the request is recorded. Raises ``NotAgreed``,
    ``NotDrawable``, ``InsideLeave``, ``NoScheduledTime``, ``DayFull``, ``OverAllowance``, ``BadMinutes``,
    ``ClosedPeriod``.
    """
    if minutes < 1:
        raise BadMinutes
    with transaction(ctx):
        opened, request = own_locked(ctx, request_id)
        if not request.allowance:
            raise NotAgreed
        has = allowance_of(request)
        if len(has.records) == seen + 1 and has.records[-1] == Drawn(day, minutes):
            return request
        if len(has.records) != seen:
            raise AlreadyDecided
        if request.state not in AGREED_STATES:
            raise NotAgreed
        accounts.check_open(opened)
        check_day(ctx, opened, request, day, minutes)
        if minutes > has.left:
            raise OverAllowance(left=Minutes(has.left))
        accounts.post(
            ctx,
            opened.account,
            request,
            "record",
            minutes=minutes,
            reserved=-minutes,
            work_date=day,
        )
        if minutes == has.left:
            Request.update(state=State.RECORDED).where(Request.id == request.id).execute()
            request.state = State.RECORDED
        audit.record(
            ctx,
            "ledger.draw",
            "ledger_request",
            request.id,
            municipality_id=request.municipality_id,
            minutes=minutes,
        )
    return request


def check_day(
    ctx: Context,
    opened: OpenAccount,
    request: Request,
    day: date,
    minutes: int,
    *,
    besides: int = 0,
) -> None:
    """Refuse ``minutes`` of an allowance on a day that does not hold them; raises as ``draw``.

    ``besides`` are minutes of that day that these take the place of, as in a correction.
    """
    if day > ctx.today:
        raise NotDrawable(N_("まだ来ていない日は記録できません。"))
    if day < request.work_date or day > opened.period.ends_on:
        raise NotDrawable(
            N_("%(first)sから%(last)sまでの日にちを入力してください。"),
            first=request.work_date.isoformat(),
            last=opened.period.ends_on.isoformat(),
        )
    try:
        fitting.check_day(opened, day)
        whole = opened.day(day).base
        if minutes > whole:
            raise DayFull(base=Minutes(whole), taken=Minutes(0))
        taken = taken_between(opened.account.person_id, day, opened.period.ends_on)
        replaced = (Slot(day, besides), -besides)
        fitting.check_room(opened, Slot(day, minutes), [*taken, replaced])
    except (DayFull, *fitting.NOT_ON_THAT_DAY) as error:
        error.field = "minutes" if isinstance(error, DayFull) else "day"
        raise
