"""Asking for 20% time, and taking it back: what the person does (ledger.md, "States")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from niwari.audit import service as audit
from niwari.clock import TOKYO
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.errors import N_, Invalid, Minutes, NotFound
from niwari.identity.sessions.reach import within_reach
from niwari.ledger import accounts, fitting
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.approvers import asking_post
from niwari.ledger.calendar_jp import LAST_YEAR
from niwari.ledger.errors import (
    AlreadyAsked,
    AlreadyDecided,
    BadMinutes,
    OverCap,
    TooLate,
    UnknownActivity,
    UnknownCalendar,
)
from niwari.ledger.fitting import Slot
from niwari.ledger.models import PLACES, STANDING, Request, State
from niwari.specs.contributions import Activity
from niwari.texts import is_blank

LONGEST_PURPOSE = 400


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person fills in: an interval of ``work_date`` (``starts``, ``ends``) or ``minutes``.

    Times are Tokyo wall time. ``form_key`` makes a double click one request.
    """

    activity: str
    purpose: str
    place: str
    work_date: date
    minutes: int | None
    starts: time | None
    ends: time | None
    form_key: str

    @property
    def interval(self) -> tuple[datetime, datetime] | None:
        """The start and end as aware instants, where both are given."""
        if self.starts is None or self.ends is None:
            return None
        return (
            datetime.combine(self.work_date, self.starts, TOKYO),
            datetime.combine(self.work_date, self.ends, TOKYO),
        )


def ask(ctx: Context, wish: Wish, activities: Mapping[str, Activity]) -> Request:
    """Write a request for 20% time and return it; the same ``wish`` again returns the first.

    ``activities`` are those offered here, by code. Nothing is reserved before the head agrees.
    Raises a ``LedgerError`` by rule: L1 past, L3 over the whole cap, L9 nobody to answer, L10
    overlap, outside hours or more than a day holds, L11 not appointed, L19 no base, L23 leave.
    """
    activity = _checked_form(ctx, wish, activities)
    with transaction(ctx):
        opened = accounts.open_account(ctx, ctx.person_id, ctx.municipality.id, wish.work_date)
        first = Request.get_or_none(
            (Request.person == ctx.person_id) & (Request.form_key == wish.form_key)
        )
        if first is not None:
            return _same(first, wish)
        columns = _checked(ctx, opened, wish, activity, besides=None)
        request = Request.create(
            person=ctx.person_id,
            municipality=ctx.municipality.id,
            requested_at=ctx.now,
            state=State.REQUESTED,
            **columns,
        )
        audit.record(ctx, "ledger.ask", "ledger_request", request.id, minutes=request.minutes)
    return request


def ask_again(
    ctx: Context, request_id: int, wish: Wish, activities: Mapping[str, Activity]
) -> Request:
    """Put a returned request (相談して直す) to the head again with what is in ``wish``.

    The same ``form_key`` again changes nothing. Raises what ``ask`` raises, and ``AlreadyDecided``.
    """
    activity = _checked_form(ctx, wish, activities)
    with transaction(ctx):
        opened = accounts.open_account(ctx, ctx.person_id, ctx.municipality.id, wish.work_date)
        request = _found(
            locked(Request.select().where((Request.id == request_id) & is_own(ctx))).first()
        )
        if request.form_key == wish.form_key:
            return request
        if request.state != State.RETURNED:
            raise AlreadyDecided
        columns = _checked(ctx, opened, wish, activity, besides=request.id)
        used = (Request.person == ctx.person_id) & (Request.form_key == wish.form_key)
        if Request.select().where(used).exists():
            raise AlreadyAsked
        Request.update(
            municipality=ctx.municipality.id,
            state=State.REQUESTED,
            requested_at=ctx.now,
            decided_by=None,
            decided_at=None,
            **columns,
        ).where(Request.id == request.id).execute()
        again: Request = Request.get_by_id(request.id)
        audit.record(ctx, "ledger.ask_again", "ledger_request", again.id, minutes=again.minutes)
    return again


def withdraw(ctx: Context, request_id: int) -> Request:
    """Take a request back before its start; agreed minutes return at once. Again changes nothing.

    Raises ``AlreadyDecided`` for what is recorded or declined, and ``TooLate`` for what was agreed
    and has begun.
    """
    with transaction(ctx):
        opened, request = own_locked(ctx, request_id)
        if request.state == State.WITHDRAWN:
            return request
        if request.state not in (State.REQUESTED, State.RETURNED, *STANDING):
            raise AlreadyDecided
        if request.state in STANDING:
            if has_started(ctx, request):
                raise TooLate(N_("始まったあとは取り下げられません。"))
            accounts.post(ctx, opened.account, request, "release", reserved=-request.agreed_minutes)
        Request.update(state=State.WITHDRAWN).where(Request.id == request.id).execute()
        request.state = State.WITHDRAWN
        audit.record(
            ctx,
            "ledger.withdraw",
            "ledger_request",
            request.id,
            municipality_id=request.municipality_id,
        )
    return request


def has_started(ctx: Context, request: Request) -> bool:
    """Tell whether the time agreed to has begun: an interval at its start.

    A date and minutes name no hour, so they count as ahead until their day is over.
    """
    if request.starts_at is not None:
        return bool(request.starts_at <= ctx.now)
    return bool(request.work_date < ctx.today)


def is_own(ctx: Context) -> Any:
    """Return the condition that a ``Request`` is the acting person's, within reach of the session."""
    return (Request.person == ctx.person_id) & within_reach(ctx, Request.municipality)


def own_locked(ctx: Context, request_id: int) -> tuple[OpenAccount, Request]:
    """Lock a request of the acting person, its account first; raises ``NotFound``.

    The person's own, wherever the person works now: what was agreed before a move can still be
    recorded in the municipality where it was done, as far as the session reaches.
    """
    seen = _found(Request.get_or_none((Request.id == request_id) & is_own(ctx)))
    return locked_with_account(ctx, seen)


def locked_with_account(ctx: Context, seen: Request) -> tuple[OpenAccount, Request]:
    """Lock the account of a request that was just read, and then the request itself.

    This is the one order in which both are locked. Raises ``AlreadyDecided`` where the request
    went to another account meanwhile.
    """
    opened = accounts.open_account(ctx, seen.person_id, seen.municipality_id, seen.work_date)
    request: Request = locked(Request.select().where(Request.id == seen.id)).get()
    if (
        request.municipality_id != opened.account.municipality_id
        or request.work_date not in opened.period
    ):
        raise AlreadyDecided
    return opened, request


def _checked_form(ctx: Context, wish: Wish, activities: Mapping[str, Activity]) -> Activity:
    activity = activities.get(wish.activity)
    if activity is None:
        raise UnknownActivity
    if is_blank(wish.purpose):
        raise Invalid(N_("何をするのかを入力してください。"), field="purpose")
    if len(wish.purpose) > LONGEST_PURPOSE:
        raise Invalid(N_("400文字以内で入力してください。"), field="purpose")
    if wish.place not in PLACES:
        raise Invalid(N_("場所を選んでください。"), field="place")
    if wish.work_date < ctx.today:
        raise TooLate
    # The fiscal year of a day in the last known year ends in the one after.
    if wish.work_date.year >= LAST_YEAR:
        raise UnknownCalendar(last=LAST_YEAR - 1)
    return activity


def _checked(
    ctx: Context, opened: OpenAccount, wish: Wish, activity: Activity, *, besides: int | None
) -> dict[str, object]:
    """Return the columns of a request, once every rule has said yes."""
    post = asking_post(ctx)
    fitting.check_day(opened, wish.work_date)
    slot = _slot(opened, wish)
    fitting.check_ahead(ctx, opened, slot, slot.minutes)
    if activity.counts and slot.minutes > opened.account.cap:
        raise OverCap(
            cap=Minutes(opened.account.cap), field="starts" if slot.starts_at else "minutes"
        )
    fitting.check_free_time(opened, slot, besides)
    return {
        "appointment": post.id,
        "section": post.section_id,
        "activity": activity.code,
        "counts": activity.counts,
        "discreet": activity.discreet,
        "purpose": wish.purpose.strip(),
        "place": wish.place,
        "work_date": slot.work_date,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "minutes": slot.minutes,
        "form_key": wish.form_key,
    }


def _slot(opened: OpenAccount, wish: Wish) -> Slot:
    if wish.interval is not None:
        starts_at, ends_at = wish.interval
        if ends_at <= starts_at:
            raise Invalid(N_("終わりの時刻は、始まりより後にしてください。"), field="ends")
        return fitting.interval_slot(opened, starts_at, ends_at)
    if wish.starts is not None or wish.ends is not None:
        raise Invalid(N_("始まりと終わりの時刻を、両方とも入力してください。"), field="starts")
    if wish.minutes is None or wish.minutes < 1:
        raise BadMinutes
    return Slot(wish.work_date, wish.minutes)


def _same(first: Request, wish: Wish) -> Request:
    """Return the request that a form made before; raises ``AlreadyAsked`` for another wish."""
    interval = wish.interval or (None, None)
    same = (
        (first.activity, first.purpose, first.place, first.work_date)
        == (wish.activity, wish.purpose.strip(), wish.place, wish.work_date)
        and (first.starts_at, first.ends_at) == interval
        and (first.starts_at is not None or first.minutes == wish.minutes)
    )
    if not same:
        raise AlreadyAsked
    return first


def _found(request: Request | None) -> Request:
    if request is None:
        raise NotFound
    return request
