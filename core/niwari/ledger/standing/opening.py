"""When a period opens: what it cannot hold any more is suspended, whole (rule L12)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.every import municipality_ids
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.errors import N_
from niwari.ledger import accounts, events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.arranged import period_for
from niwari.ledger.asking.requests import has_started
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import AGREED_STATES, Account, Request, State
from niwari.ledger.standing.telling import tell_suspended
from niwari.ledger.worktime import Period, cap, day_bases

TOO_LITTLE = N_("残りが足りないため")
"""The reason of what is suspended."""
_AT_ONCE = 200


def open_periods(now: datetime) -> int:
    """Look at the open period of everybody with standing agreements; returns how many are suspended.

    Where cap − used − reserved is below 0, as when leave came in since, times of standing agreements
    that are still ahead are suspended whole, the latest first, until it is not; the person and the head
    are told. Asked for again, it changes nothing, so it may run as often as one likes: at the
    month's beginning it finds what the new month cannot hold, and after that whatever makes the base
    fall. Requests that were agreed to one by one stay as they are (rule L8).
    """
    suspended = 0
    for municipality_id in municipality_ids():
        ctx = system_context(now, "ledger", municipality_ref(municipality_id, _day(now)))
        period = period_for(ctx.municipality, ctx.today)
        people = _people(ctx, period)
        for start in range(0, len(people), _AT_ONCE):
            for person_id in _short(ctx, period, people[start : start + _AT_ONCE]):
                suspended += _suspend(ctx, period, person_id)
    return suspended


def _day(now: datetime) -> date:
    return system_context(now, "ledger").today


def _people(ctx: Context, period: Period) -> list[int]:
    """Return who has agreed times of standing agreements in the period."""
    found = (
        Request.select(Request.person)
        .where(_reserving(ctx, period))
        .distinct()
        .order_by(Request.person)
    )
    return [one for (one,) in rows(found)]


def _reserving(ctx: Context, period: Period) -> Any:
    return (
        (Request.municipality == ctx.municipality.id)
        & Request.work_date.between(period.starts_on, period.ends_on)
        & Request.standing.is_null(False)
        & Request.state.in_(AGREED_STATES)
        & Request.counts
    )


def _short(ctx: Context, period: Period, people: Sequence[int]) -> Iterable[int]:
    """Return whose period holds less than is taken, without a lock; in two queries."""
    conditions = work_conditions(people, ctx.municipality, period.starts_on, period.ends_on)
    taken: Any = (
        Account.select(Account.person, Account.used + Account.reserved)
        .where(
            Account.person.in_(people)
            & (Account.municipality == ctx.municipality.id)
            & (Account.starts_on == period.starts_on)
            & Account.closed_at.is_null()
        )
        .tuples()
    )
    return [
        person
        for person, amount in taken
        if cap(day_bases(conditions[person], period.starts_on, period.ends_on)) < amount
    ]


def _suspend(ctx: Context, period: Period, person_id: int) -> int:
    with transaction(ctx):
        day = period.starts_on
        opened = accounts.open_account(ctx, person_id, ctx.municipality.id, day)
        wanted = _reserving(ctx, period) & (Request.person == person_id)
        latest_first = Request.select().where(wanted).order_by(Request.work_date.desc(), Request.id)
        ahead = [one for one in locked(latest_first) if not has_started(ctx, one)]
        count = 0
        for request in ahead:
            if opened.free >= 0:
                break
            _suspend_one(ctx, opened, request)
            count += 1
    return count


def _suspend_one(ctx: Context, opened: OpenAccount, request: Request) -> None:
    reserved = accounts.reserved_of(request)
    accounts.post(ctx, opened.account, request, "release", reserved=-reserved)
    Request.update(state=State.SUSPENDED, ended_at=ctx.now, ended_reason=TOO_LITTLE).where(
        Request.id == request.id
    ).execute()
    audit.record(ctx, "ledger.suspend_standing", "ledger_request", request.id, minutes=reserved)
    events.tell_suspended(ctx, [request])
    tell_suspended(ctx, request)
