"""Asking for 20% time, and taking it back: what the person does (ledger.md, "States of a request")."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from niwari.audit import service as audit
from niwari.clock import TOKYO
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.people import answering_person, section_heads
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger import accounts
from niwari.ledger.errors import (
    AlreadyDecided,
    BadMinutes,
    NoBase,
    NoHead,
    NoScheduledTime,
    OverCap,
    Overlap,
    TooLate,
    UnknownActivity,
)
from niwari.ledger.models import PLACES, STANDING, Request, State
from niwari.ledger.worktime import (
    DayBase,
    WorkConditions,
    base,
    cap,
    counting_minutes,
    counting_parts,
    day_bases,
)

LONGEST_PURPOSE = 400
_OPEN = (State.REQUESTED, *STANDING, State.RECORDED)


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


@dataclass(frozen=True, slots=True)
class _Checked:
    minutes: int
    starts_at: datetime | None
    ends_at: datetime | None


def ask(ctx: Context, wish: Wish, activities: Collection[str]) -> Request:
    """Write a request for 20% time and return it; the same ``form_key`` again returns the first.

    Raises a ``LedgerError`` by rule: L1 past, L3 over the whole cap, L9 no head, L10 overlap or
    outside scheduled hours, L19 no base. Nothing is reserved before the head agrees.
    """
    with transaction(ctx):
        again = Request.get_or_none(Request.form_key == wish.form_key)
        if again is not None:
            return _own(ctx, again)
        checked = _check(ctx, wish, activities, besides=None)
        request = Request.create(
            appointment=ctx.acting.id,
            person=ctx.person_id,
            municipality=ctx.municipality.id,
            section=ctx.acting.section_id,
            requested_at=ctx.now,
            state=State.REQUESTED,
            form_key=wish.form_key,
            **_columns(wish, checked),
        )
        audit.record(ctx, "ledger.ask", "ledger_request", request.id, minutes=checked.minutes)
    return request


def ask_again(ctx: Context, request_id: int, wish: Wish, activities: Collection[str]) -> Request:
    """Put a returned request (相談して直す) to the head again with what is in ``wish``."""
    with transaction(ctx):
        request = _locked_own(ctx, request_id)
        if request.state != State.RETURNED:
            raise AlreadyDecided
        checked = _check(ctx, wish, activities, besides=request.id)
        Request.update(
            state=State.REQUESTED,
            requested_at=ctx.now,
            decided_by=None,
            decided_at=None,
            decision_key=None,
            **_columns(wish, checked),
        ).where(Request.id == request.id).execute()
        audit.record(ctx, "ledger.ask_again", "ledger_request", request.id, minutes=checked.minutes)
        again: Request = Request.get_by_id(request.id)
    return again


def withdraw(ctx: Context, request_id: int) -> Request:
    """Take a request back before its start; agreed minutes return at once. Again changes nothing."""
    with transaction(ctx):
        before = _own(ctx, Request.get_or_none(Request.id == request_id))
        account = None
        if before.state in STANDING:
            account = accounts.locked_account(
                ctx, ctx.person_id, before.municipality_id, before.work_date
            )
        request = _locked_own(ctx, request_id)
        if request.state == State.WITHDRAWN:
            return request
        if request.state not in (State.REQUESTED, State.RETURNED, *STANDING):
            raise AlreadyDecided
        if request.state in STANDING and account is None:
            raise AlreadyDecided
        if request.state in STANDING and has_started(ctx, request):
            raise TooLate(N_("始まったあとは取り下げられません。"), field="")
        if account is not None and request.state in STANDING:
            accounts.post(ctx, account, request, "release", reserved=-request.agreed_minutes)
        Request.update(state=State.WITHDRAWN).where(Request.id == request.id).execute()
        request.state = State.WITHDRAWN
        audit.record(ctx, "ledger.withdraw", "ledger_request", request.id)
    return request


def has_started(ctx: Context, request: Request) -> bool:
    """Tell whether the time asked for has begun: at its start, or with the day after for a whole day.

    A request of a date and minutes names no hour, so it counts as ahead until its day is over.
    """
    if request.starts_at is not None:
        return bool(request.starts_at <= ctx.now)
    return bool(request.work_date < ctx.today)


def _check(
    ctx: Context, wish: Wish, activities: Collection[str], *, besides: int | None
) -> _Checked:
    if wish.activity not in activities:
        raise UnknownActivity
    if not wish.purpose.strip():
        raise Invalid(N_("何をするのかを入力してください。"), field="purpose")
    if len(wish.purpose) > LONGEST_PURPOSE:
        raise Invalid(N_("400文字までで入力してください。"), field="purpose")
    if wish.place not in PLACES:
        raise Invalid(N_("場所を選んでください。"), field="place")
    if wish.work_date < ctx.today:
        raise TooLate
    tree = section_heads(ctx.municipality.id, ctx.today)
    if answering_person(tree, ctx.acting.section_id, ctx.person_id) is None:
        raise NoHead
    period = accounts.period_for(wish.work_date)
    conditions = accounts.conditions_of(
        ctx, ctx.person_id, ctx.municipality, period.starts_on, period.ends_on
    )
    days = day_bases(conditions, period.starts_on, period.ends_on)
    if base(days) == 0:
        raise NoBase
    checked = _interval(ctx, wish, conditions) if wish.starts or wish.ends else _minutes(wish, days)
    if checked.minutes > cap(days):
        raise OverCap(cap=cap(days))
    if checked.starts_at is not None and checked.ends_at is not None:
        _no_overlap(ctx, checked.starts_at, checked.ends_at, besides)
    return checked


def _minutes(wish: Wish, days: tuple[DayBase, ...]) -> _Checked:
    if wish.minutes is None or wish.minutes < 1:
        raise BadMinutes
    today = next(day for day in days if day.day == wish.work_date)
    if wish.minutes > today.base:
        raise NoScheduledTime(base=today.base)
    return _Checked(wish.minutes, None, None)


def _interval(ctx: Context, wish: Wish, conditions: WorkConditions) -> _Checked:
    if wish.starts is None or wish.ends is None:
        raise Invalid(N_("始まりと終わりの時刻を、両方とも入力してください。"), field="starts")
    starts_at = datetime.combine(wish.work_date, wish.starts, TOKYO)
    ends_at = datetime.combine(wish.work_date, wish.ends, TOKYO)
    if ends_at <= starts_at:
        raise Invalid(N_("終わりの時刻は、始まりより後にしてください。"), field="ends")
    if starts_at <= ctx.now:
        raise TooLate(field="starts")
    counting = counting_minutes(counting_parts(conditions, starts_at, ends_at))
    if counting == 0:
        raise NoScheduledTime(
            N_("その時間は勤務時間の外か、休暇の中です。勤務時間の中で申し込んでください。"),
            field="starts",
        )
    return _Checked(counting, starts_at, ends_at)


def _no_overlap(ctx: Context, starts_at: datetime, ends_at: datetime, besides: int | None) -> None:
    """Refuse a second interval over the same time (L10), under the account's lock.

    The lock keeps two tabs of the same person from both finding nothing.
    """
    day = starts_at.astimezone(TOKYO).date()
    accounts.locked_account(ctx, ctx.person_id, ctx.municipality.id, day)
    clash = Request.select().where(
        (Request.person == ctx.person_id)
        & Request.state.in_(_OPEN)
        & (Request.starts_at < ends_at)
        & (Request.ends_at > starts_at)
    )
    if besides is not None:
        clash = clash.where(Request.id != besides)
    if clash.exists():
        raise Overlap


def _columns(wish: Wish, checked: _Checked) -> dict[str, object]:
    return {
        "activity": wish.activity,
        "purpose": wish.purpose.strip(),
        "place": wish.place,
        "work_date": wish.work_date,
        "starts_at": checked.starts_at,
        "ends_at": checked.ends_at,
        "minutes": checked.minutes,
    }


def _own(ctx: Context, request: Request | None) -> Request:
    if request is None or request.person_id != ctx.person_id:
        raise NotFound
    return request


def _locked_own(ctx: Context, request_id: int) -> Request:
    return _own(ctx, locked(Request.select().where(Request.id == request_id)).first())
