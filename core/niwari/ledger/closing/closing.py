"""Closing a period: what is unfinished lapses, then the base is frozen (rule L7).

It goes by batches of people, each whole or not at all, under the locks of their accounts in the order
of their ids; so nobody's agreement or record slips between. The ``Closing`` row is written last: what
was cut off is gone on with by whoever comes next, and any number of workers may close at once.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.every import municipality_ids
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.errors import N_, Invalid
from niwari.host.enablement import hold
from niwari.ledger import events
from niwari.ledger.arranged import period_for
from niwari.ledger.closing.due import closing_of, due, over_and_open
from niwari.ledger.closing.people import not_closed, open_accounts, unfinished_in
from niwari.ledger.conditions import work_conditions
from niwari.ledger.errors import EarlierOpen, StillOpen
from niwari.ledger.models import AGREED_STATES, Account, Closing, JournalEntry, Request, State
from niwari.ledger.telling import tell_lapsed
from niwari.ledger.ways import is_no_way
from niwari.ledger.worktime import Period, base, cap, day_bases

ACTOR = "ledger.close"
BATCH = 100
"""People in one transaction: others wait for a fraction of a second at the most."""

Progress = Callable[[int, int], object]
"""Told after each batch: how many people are done, and of how many."""


def close_due(now: datetime) -> int:
    """Close what is due at the aware instant ``now``, in all municipalities; returns how many periods."""
    closed = 0
    for municipality_id in municipality_ids():
        bare = system_context(now, ACTOR)
        ctx = system_context(now, ACTOR, municipality_ref(municipality_id, bare.today))
        for period in due(ctx, over_and_open(ctx)):
            _close(ctx, period, lambda _done, _all: None)
            closed += 1
    return closed


def close(ctx: Context, period: Period, progress: Progress = lambda _done, _all: None) -> Closing:
    """Close a period of the acting municipality; returns its row. Closing again changes nothing.

    Periods close in their order: earlier ones whose day has come, which close by themselves anyway, are
    closed first. Raises ``EarlierOpen`` for one whose day has not come, ``StillOpen`` before the period
    is over, and ``Invalid`` for what ``over_and_open`` does not name: a year where accounts are kept by
    the month, and a month long past.
    """
    if period != period_for(ctx.municipality, period.starts_on):
        raise Invalid(N_("%(period)s は、枠を数える期間ではありません。"), period=period.key)
    if period.ends_on >= ctx.today:
        raise StillOpen(month=period.starts_on.month)
    if closing_of(ctx.municipality.id, period) is None:
        waiting = over_and_open(ctx)
        if period not in waiting:
            raise Invalid(N_("%(period)s には、締めるものがありません。"), period=period.key)
        _close_earlier(ctx, waiting[: waiting.index(period)], progress)
    return _close(ctx, period, progress)


def _close_earlier(ctx: Context, periods: Sequence[Period], progress: Progress) -> None:
    late = due(ctx, periods)
    early = [period for period in periods if period not in late]
    if early:
        raise EarlierOpen(earlier=early[0].key)
    for period in late:
        _close(ctx, period, progress)


def _close(ctx: Context, period: Period, progress: Progress) -> Closing:
    while (found := closing_of(ctx.municipality.id, period)) is None:
        _close_everybody(ctx, period, progress)
        _write_last(ctx, period)
    return found


def _close_everybody(ctx: Context, period: Period, progress: Progress) -> None:
    people = not_closed(ctx, period)
    for done in range(0, len(people), BATCH):
        batch = people[done : done + BATCH]
        open_accounts(ctx, period, batch)
        with transaction(ctx):
            _close_batch(ctx, period, batch)
        progress(done + len(batch), len(people))


def _close_batch(ctx: Context, period: Period, people: Sequence[int]) -> None:
    accounts: list[Account] = list(
        locked(
            Account.select()
            .where(
                Account.person.in_(people)
                & (Account.municipality == ctx.municipality.id)
                & (Account.starts_on == period.starts_on)
            )
            .order_by(Account.person)
        )
    )
    still_open = [account for account in accounts if account.closed_at is None]
    if not still_open:
        return
    released = _lapse(ctx, period, still_open)
    conditions = work_conditions(
        [account.person_id for account in still_open],
        ctx.municipality,
        period.starts_on,
        period.ends_on,
    )
    for account in still_open:
        days = day_bases(conditions[account.person_id], period.starts_on, period.ends_on)
        account.base, account.cap = base(days), cap(days)
        account.reserved -= released[account.id]
        account.closed_at = ctx.now
    _write(still_open)


def _lapse(ctx: Context, period: Period, accounts: Sequence[Account]) -> Counter[int]:
    """End what is unfinished of these people; returns the minutes released, by account."""
    by_person = {account.person_id: account for account in accounts}
    found: Any = list(
        locked(
            Request.select(
                Request.id,
                Request.person,
                Request.appointment,
                Request.state,
                Request.work_date,
                Request.source_kind,
                Request.source_id,
                Request.allowance,
                Request.travel_for,
            )
            .where(unfinished_in(ctx, period) & Request.person.in_(list(by_person)))
            .order_by(Request.id)
        )
    )
    released: Counter[int] = Counter()
    if not found:
        return released
    reserved = _reserved([request.id for request in found if request.state in AGREED_STATES])
    journal = []
    for request in found:
        if request.state not in AGREED_STATES:
            continue
        account, minutes = by_person[request.person_id], reserved.get(request.id, 0)
        released[account.id] += minutes
        journal.append(
            {
                "account": account.id,
                "request": request.id,
                "kind": "release",
                "work_date": request.work_date,
                "used_delta": 0,
                "reserved_delta": -minutes,
                "posted_at": ctx.now,
                "posted_by": ctx.appointment.id if ctx.appointment else None,
            }
        )
    if journal:
        JournalEntry.insert_many(journal).execute()
    drawn = _drawn([request.id for request in found if request.allowance])
    lapsed = [request for request in found if request.id not in drawn]
    _end(ctx, "ledger.lapse", State.LAPSED, lapsed, reserved)
    ended = [request for request in found if request.id in drawn]
    _end(ctx, "ledger.end_allowance", State.RECORDED, ended, reserved)
    events.tell_lapsed(ctx, lapsed)
    _tell(ctx, period, lapsed)
    return released


def _reserved(request_ids: Sequence[int]) -> dict[int, int]:
    """Return what each request still reserves: of an allowance what was not drawn."""
    if not request_ids:
        return {}
    sums = (
        JournalEntry.select(JournalEntry.request, fn.SUM(JournalEntry.reserved_delta))
        .where(JournalEntry.request.in_(request_ids))
        .group_by(JournalEntry.request)
    )
    return {request_id: int(minutes) for request_id, minutes in rows(sums)}


def _tell(ctx: Context, period: Period, ended: Sequence[Request]) -> None:
    post: dict[int, int] = {request.person_id: request.appointment_id for request in ended}
    # A way is no request of its own; where its request had ended before, it is told for it.
    told = {(request.person_id, request.travel_for_id or request.id) for request in ended}
    counts = Counter(person for person, _request in told)
    by_count: defaultdict[int, list[int]] = defaultdict(list)
    for person, count in counts.items():
        by_count[count].append(post[person])
    tell_lapsed(ctx, period.starts_on.month, by_count)


def _write(accounts: Sequence[Account]) -> None:
    fields = [
        Account.id,
        Account.person,
        Account.municipality,
        Account.starts_on,
        Account.ends_on,
        Account.base,
        Account.cap,
        Account.used,
        Account.reserved,
        Account.closed_at,
    ]
    Account.insert_many(
        [tuple(account.__data__[field.name] for field in fields) for account in accounts], fields
    ).on_conflict(
        conflict_target=[Account.id],
        preserve=[Account.base, Account.cap, Account.reserved, Account.closed_at],
    ).execute()


def _write_last(ctx: Context, period: Period) -> None:
    """Write the row of the period, once nobody is left; nothing where somebody came meanwhile."""
    with transaction(ctx):
        hold(ctx.municipality.id)
        if not_closed(ctx, period) or closing_of(ctx.municipality.id, period):
            return
        of_period = (Account.municipality == ctx.municipality.id) & (
            Account.starts_on == period.starts_on
        )
        people = Account.select().where(of_period).count()
        lapsed = (
            Request.select()
            .where(
                (Request.municipality == ctx.municipality.id)
                & Request.work_date.between(period.starts_on, period.ends_on)
                & (Request.state == State.LAPSED)
                & is_no_way()
            )
            .count()
        )
        made = Closing.create(
            municipality=ctx.municipality.id,
            starts_on=period.starts_on,
            ends_on=period.ends_on,
            closed_at=ctx.now,
            closed_by=ctx.appointment.id if ctx.appointment else None,
            people=people,
            lapsed=lapsed,
        )
        audit.record(
            ctx,
            "ledger.close",
            "ledger_closing",
            made.id,
            month=f"{period.starts_on:%Y-%m}",
            people=people,
            lapsed=lapsed,
        )


def _end(
    ctx: Context,
    action: str,
    state: State,
    ended: Sequence[Request],
    reserved: Mapping[int, int],
) -> None:
    if not ended:
        return
    Request.update(
        state=state,
        ended_at=ctx.now,
        ended_by=ctx.appointment.id if ctx.appointment else None,
    ).where(Request.id.in_([request.id for request in ended])).execute()
    audit.record_each(
        ctx,
        action,
        "ledger_request",
        ((one.id, None, {"minutes": reserved.get(one.id, 0)}) for one in ended),
    )


def _drawn(allowances: Sequence[int]) -> set[int]:
    """Return those of which something was drawn: these are recorded, and only their rest ends (L12)."""
    if not allowances:
        return set()
    found = (
        JournalEntry.select(JournalEntry.request)
        .where(JournalEntry.request.in_(allowances))
        .group_by(JournalEntry.request)
        .having(fn.SUM(JournalEntry.minutes) > 0)
    )
    return {request_id for (request_id,) in rows(found)}
