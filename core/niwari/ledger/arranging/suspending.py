"""What a freeze does to requests that were agreed to: in sets, in portions, by the worker (rule L13).

A portion is whole people, so each is told once; it stands or falls as one transaction, and whoever
goes on after a worker was killed finds the rest.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.db.sets import put_rows, rows_where
from niwari.ledger import events
from niwari.ledger.arranged import period_for
from niwari.ledger.arranging.frozen import rests_from
from niwari.ledger.models import AGREED_STATES, Account, Freeze, JournalEntry, Request, State
from niwari.ledger.notice_kinds import SUSPENDED
from niwari.ledger.ways import is_no_way
from niwari.notices.outbox import notify

TASK = "ledger.suspend"
PORTION = 200
"""People in one transaction."""


def to_suspend(ctx: Context, from_at: datetime) -> Any:
    """Return the condition over ``Request`` for what a freeze from ``from_at`` on suspends by now.

    In the municipality of ``ctx``; their ways that have not begun go with them (L16). The rest of an
    allowance without dates whose period has begun is suspended when the moment has come: until then it
    can be used. What was asked for after the fact is over, and stays.
    """
    reached = rests_from(from_at) & ~Request.after_fact
    if from_at <= ctx.now:
        period = period_for(ctx.municipality, tokyo_day(from_at))
        reached |= Request.allowance & (Request.work_date >= period.starts_on)
    return (
        (Request.municipality == ctx.municipality.id)
        & Request.state.in_(AGREED_STATES)
        & is_no_way()
        & reached
    )


def suspend_all(ctx: Context, freeze_id: int) -> int:
    """Suspend what a freeze of the municipality reaches; returns how many requests that were.

    Stops where the freeze is lifted meanwhile. Again, it goes on with what is left.
    """
    done = 0
    while True:
        with transaction(ctx):
            suspended = _portion(ctx, freeze_id)
        done += suspended
        if not suspended:
            return done


def _portion(ctx: Context, freeze_id: int) -> int:
    # Whoever lifts it waits for the portion, and the next portion sees that it is lifted.
    mine = (Freeze.id == freeze_id) & (Freeze.municipality == ctx.municipality.id)
    freeze = locked(Freeze.select().where(mine & Freeze.lifted_at.is_null())).first()
    if freeze is None:
        return 0
    wanted = to_suspend(ctx, freeze.from_at)
    people = [
        person
        for (person,) in rows(
            Request.select(Request.person)
            .where(wanted)
            .distinct()
            .order_by(Request.person)
            .limit(PORTION)
        )
    ]
    if not people:
        return 0
    accounts = _locked_accounts(wanted & Request.person.in_(people))
    requests = list(
        locked(Request.select().where(wanted & Request.person.in_(people)).order_by(Request.id))
    )
    ways = Request.travel_for.in_([one.id for one in requests])
    under_way = Request.starts_at.is_null(False) & (Request.starts_at <= ctx.now)
    going = locked(Request.select().where(ways & Request.state.in_(AGREED_STATES) & ~under_way))
    everything = [*requests, *going]
    released = _release(ctx, accounts, everything)
    values: dict[str, Any] = {
        "state": State.SUSPENDED,
        "ended_at": ctx.now,
        "ended_by": freeze.__data__["set_by"],
        "ended_reason": freeze.reason,
        "freeze": freeze.id,
    }
    Request.update(values).where(Request.id.in_([one.id for one in everything])).execute()
    audit.record_each(
        ctx,
        "ledger.suspend",
        "ledger_request",
        [(one.id, None, {"minutes": released[one.id]}) for one in requests],
    )
    events.tell_suspended(ctx, requests)
    notify(ctx, SUSPENDED.code, sorted({r.appointment_id for r in requests}), reason=freeze.reason)
    return len(requests)


def _locked_accounts(wanted: Any) -> Sequence[Account]:
    """Lock the accounts of the requests in the one order that there is: person, period start (L2)."""
    ids = (
        Account.select(Account.id)
        .join(
            Request,
            on=(Request.person == Account.person)
            & (Request.municipality == Account.municipality)
            & Request.work_date.between(Account.starts_on, Account.ends_on),
        )
        .where(wanted)
    )
    query = Account.select().where(Account.id.in_(ids))
    return list(locked(query.order_by(Account.person, Account.starts_on)))


def _release(
    ctx: Context, accounts: Sequence[Account], requests: Sequence[Request]
) -> dict[int, int]:
    """Post a release of what each request reserves, and move the locked accounts by them (L6).

    Returns the minutes by request: of an allowance what was not drawn, of what does not count none.
    """
    account_of = {
        request.id: account.id
        for request in requests
        for account in accounts
        if account.person_id == request.person_id
        and account.starts_on <= request.work_date <= account.ends_on
    }
    reserved: dict[int, int] = dict.fromkeys(account_of, 0)
    for request_id, delta in rows_where(
        JournalEntry,
        (JournalEntry.request, JournalEntry.reserved_delta),
        JournalEntry.request,
        list(account_of),
    ):
        reserved[request_id] += delta
    posted_at = JournalEntry.posted_at.db_value(ctx.now)
    put_rows(
        JournalEntry,
        (
            JournalEntry.account,
            JournalEntry.request,
            JournalEntry.kind,
            JournalEntry.work_date,
            JournalEntry.minutes,
            JournalEntry.used_delta,
            JournalEntry.reserved_delta,
            JournalEntry.posted_at,
        ),
        (
            (
                account_of[one.id],
                one.id,
                "release",
                JournalEntry.work_date.db_value(one.work_date),
                0,
                0,
                -reserved[one.id],
                posted_at,
            )
            for one in requests
        ),
    )
    sums = JournalEntry.select(fn.COALESCE(fn.SUM(JournalEntry.reserved_delta), 0)).where(
        JournalEntry.account == Account.id
    )
    ids = [account.id for account in accounts]
    Account.update({Account.reserved: sums}).where(Account.id.in_(ids)).execute()
    return reserved
