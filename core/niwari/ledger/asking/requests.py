"""Asking for 20% time, and taking it back: what the person does (ledger.md, "States")."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, prepared, transaction
from niwari.directory.people import appointment_ref
from niwari.errors import N_, NotFound
from niwari.identity.sessions.reach import within_reach
from niwari.ledger import accounts, events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.arranged import period_for
from niwari.ledger.asking import after_fact, oral
from niwari.ledger.asking.checking import Source, checked_columns, checked_form, same_wish
from niwari.ledger.asking.offered import check_as_offered
from niwari.ledger.asking.travelling import check_usable, checked_ways, keep_ways
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.errors import (
    AlreadyAsked,
    AlreadyDecided,
    GoesWithRequest,
    HostSaw,
    TooLate,
)
from niwari.ledger.models import AGREED_STATES, Request, State
from niwari.ledger.recording.postings import ends_as
from niwari.ledger.telling import tell_entered, tell_waiting
from niwari.ledger.ways import Posting, act, attach, belonging
from niwari.specs.contributions import Activity

WITHDRAWABLE = (State.REQUESTED, State.RETURNED, *AGREED_STATES, State.SUSPENDED)
"""What the person may take back, before the start."""
TAKEN_BACK: dict[str, object] = {"ended_by": None, "ended_for": None, "ended_reason": ""}
"""Whoever suspended it before is not who ended it: the person did."""


def ask(
    ctx: Context,
    wish: Wish,
    activities: Mapping[str, Activity],
    source: Source | None = None,
    *,
    for_person: int | None = None,
    joint_with: int | None = None,
) -> Request:
    """Write a request for 20% time and return it; the same ``wish`` again returns the first.

    It is the acting person's, or that of ``for_person``: then main post, hours and other requests
    are that person's, whom we tell; ``entered_by`` and the audit keep who acted. Whether the acting
    person may is the caller's to ask (rule L9). ``joint_with`` is the first of several that are
    asked for together (L23).
    ``activities`` are those offered here, by code. Nothing is reserved before the head agrees; with an
    oral OK in ``wish`` it is agreed to at once, within what is free.
    ``source`` is the offer that it is asked for; of a discreet class it is not kept (rule L14).
    Raises a ``LedgerError`` by rule: L1 past, or after the fact not over or not taken here, L3 over the
    whole cap or over free, L9 nobody to answer, L10 overlap, outside hours or more than a day holds,
    L11 not appointed, L19 no base, L23 leave; ``TravelNotUsed`` for ways that are not used here, or not
    with this (L16).
    """
    activity = checked_form(ctx, wish, activities)
    check_usable(ctx, wish, alone=for_person is None and source is None)
    person_id = for_person or ctx.person_id
    with transaction(ctx):
        opened = accounts.open_account(ctx, person_id, ctx.municipality.id, wish.work_date)
        sent_before = _sent({"person": person_id, "form_key": wish.form_key}).objects()
        if sent_before:
            attach(sent_before)
            return same_wish(sent_before[0], wish)
        if wish.after_fact:
            after_fact.check_allowed(ctx, wish)
        columns = checked_columns(ctx, opened, wish, activity, source, besides=None)
        ways = checked_ways(ctx, opened, wish, columns, besides=None)
        entered = person_id != ctx.person_id
        request = Request.create(
            person=person_id,
            municipality=ctx.municipality.id,
            requested_at=ctx.now,
            state=State.REQUESTED,
            entered_by=ctx.acting.id if entered else None,
            joint_with=joint_with,
            **columns,
        )
        keep_ways(request, ways)
        acting = in_place_of(ctx, request) if entered else ctx
        audit.record(
            acting,
            "ledger.enter" if entered else "ledger.ask",
            "ledger_request",
            request.id,
            minutes=request.minutes,
        )
        _put_to_head(acting, opened, request, wish)
        if entered:
            tell_entered(ctx, request)
    return request


@prepared
def _sent(of: Any) -> Any:
    return Request.select().where((Request.person == of.person) & (Request.form_key == of.form_key))


def ask_again(
    ctx: Context, request_id: int, wish: Wish, activities: Mapping[str, Activity]
) -> Request:
    """Put a returned request (相談して直す) to the head again with what is in ``wish``.

    One for an offer stays as it is offered, but for its purpose, and its day where the offer has no
    time: half of a meeting is no seat in it, and on another day there is none. The same ``form_key``
    again changes nothing. Raises what ``ask`` raises, ``AlreadyDecided``, and for an offer
    ``AsOffered`` and ``TakesMore``.
    """
    activity = checked_form(ctx, wish, activities)
    check_usable(ctx, wish)
    with transaction(ctx):
        opened = accounts.open_account(ctx, ctx.person_id, ctx.municipality.id, wish.work_date)
        request = _found(
            locked(Request.select().where((Request.id == request_id) & is_own(ctx))).first()
        )
        check_no_way(request)
        if request.form_key == wish.form_key:
            attach([request])
            return request
        if request.state != State.RETURNED:
            raise AlreadyDecided
        if wish.after_fact:
            after_fact.check_allowed(ctx, wish, request)
        source = (request.source_kind, request.source_id)
        columns = checked_columns(ctx, opened, wish, activity, source, besides=request.id)
        ways = checked_ways(ctx, opened, wish, columns, besides=request.id)
        if request.source_kind is not None:
            check_as_offered(opened, request, wish)
        used = (Request.person == ctx.person_id) & (Request.form_key == wish.form_key)
        if Request.select().where(used).exists():
            raise AlreadyAsked
        Request.update(
            municipality=ctx.municipality.id,
            state=State.REQUESTED,
            requested_at=ctx.now,
            decided_by=None,
            on_behalf_of=None,
            decided_at=None,
            entered_by=None,  # what the person has changed is the person's own
            reminded=0,
            attended_at=None,  # of another day nobody has said anything
            attended_minutes=None,
            **columns,
        ).where(Request.id == request.id).execute()
        again: Request = Request.get_by_id(request.id)
        keep_ways(again, ways)
        audit.record(ctx, "ledger.ask_again", "ledger_request", again.id, minutes=again.minutes)
        _put_to_head(ctx, opened, again, wish)
    return again


def _put_to_head(ctx: Context, opened: OpenAccount, request: Request, wish: Wish) -> None:
    if wish.oral is None:
        tell_waiting(ctx, request)
    else:
        oral.agree_at_once(ctx, opened, request, wish.oral)


def withdraw(ctx: Context, request_id: int) -> Request:
    """Take a request back before its start; agreed minutes return at once. Again changes nothing.

    Also what rests. Of an allowance what was drawn stays recorded. Raises ``AlreadyDecided`` for what
    is recorded or declined, ``TooLate`` for what was agreed and has begun, and ``HostSaw`` for what was
    agreed and where a host has confirmed the person.
    """
    with transaction(ctx):
        opened, request = own_locked(ctx, request_id)
        check_no_way(request)
        if request.state == State.WITHDRAWN or _rest_taken_back(opened, request):
            return request
        if request.state not in WITHDRAWABLE:
            raise AlreadyDecided
        if request.state not in (State.REQUESTED, State.RETURNED) and has_set_out(ctx, request):
            raise TooLate(N_("始まったあとは取り下げられません。"))
        if request.state in AGREED_STATES and request.attended_at is not None:
            raise HostSaw
        posting = None
        if request.state in AGREED_STATES:
            posting = Posting(request, "release", reserved=-accounts.reserved_of(request))
        # Of an allowance what was drawn stays, and so does its row in the month.
        changes = {**ends_as(request, State.WITHDRAWN), **TAKEN_BACK, "ended_at": ctx.now}
        act(ctx, opened, request, changes, posting=posting)
        audit.record(
            ctx,
            "ledger.withdraw",
            "ledger_request",
            request.id,
            municipality_id=request.municipality_id,
        )
        events.tell_withdrawn(ctx, request)
    return request


def _rest_taken_back(opened: OpenAccount, request: Request) -> bool:
    """Tell whether the person has taken back what was left of an allowance of which something was drawn."""
    by_nobody_else = (request.ended_by_id, request.ended_reason) == (None, "")
    ended = request.allowance and request.state == State.RECORDED and request.ended_at is not None
    return ended and by_nobody_else and opened.account.closed_at is None


def in_place_of(ctx: Context, request: Request) -> Context:
    """Return ``ctx`` as the audit has it of who enters for the person of ``request`` (rule L9)."""
    return replace(ctx, on_behalf_of=appointment_ref(request.appointment_id, ctx.today))


def has_started(ctx: Context, request: Request) -> bool:
    """Tell whether the time agreed to has begun: an interval at its start.

    A date and minutes name no hour, so they count as ahead until their day is over. What is left of
    an allowance without dates is ahead until its period is over. What was asked for after the fact
    never is.
    """
    if request.after_fact:
        return True
    if request.allowance:
        return bool(period_for(ctx.municipality, request.work_date).ends_on < ctx.today)
    if request.starts_at is not None:
        return bool(request.starts_at <= ctx.now)
    return bool(request.work_date < ctx.today)


def has_set_out(ctx: Context, request: Request) -> bool:
    """Tell whether a request, or one of its ways, has begun: with a way there that is its start."""
    return any(has_started(ctx, one) for one in (request, *request.ways))


def is_own(ctx: Context) -> Any:
    """Return the condition that a ``Request`` is the acting person's, within reach of the session."""
    return (Request.person == ctx.person_id) & within_reach(ctx, Request.municipality)


def own_locked(ctx: Context, request_id: int) -> tuple[OpenAccount, Request]:
    """Lock a request of the acting person, its account first; raises ``NotFound``.

    The person's own, wherever the person works now: what was agreed before a move can still be
    recorded in the municipality where it was done, as far as the session reaches.
    """
    return locked_with_account(ctx, request_id, is_own(ctx))


def locked_with_account(
    ctx: Context, request_id: Any, whose: Any, *columns: Any
) -> tuple[OpenAccount, Any]:
    """Lock the account of a request that fulfils ``whose``, and then the request itself with its ways.

    This is the one order in which they are locked. ``request_id`` may be a query for it. Returns the
    request with ``columns`` beside its own. Raises ``NotFound``, and ``AlreadyDecided`` where the request
    went to another account meanwhile.
    """
    opened = accounts.open_account_of(ctx, (Request.id == request_id) & whose)
    if opened is None:
        raise NotFound
    here = ((Request.id == request_id) | (Request.travel_for == request_id)) & whose
    query = Request.select(Request, *columns).where(here).order_by(Request.id).objects()
    found = list(locked(query, of=Request))  # the ways are younger than their request
    if not found:
        raise NotFound
    request = found[0]
    request.ways = belonging(request, found[1:])
    if (
        request.person_id != opened.account.person_id
        or request.municipality_id != opened.account.municipality_id
        or request.work_date not in opened.period
    ):
        raise AlreadyDecided
    return opened, request


def check_no_way(request: Request) -> None:
    """Raise ``GoesWithRequest`` for a way: what becomes of it is decided with its request (L16)."""
    if request.travel_for_id is not None:
        raise GoesWithRequest


def _found(request: Request | None) -> Request:
    if request is None:
        raise NotFound
    return request
