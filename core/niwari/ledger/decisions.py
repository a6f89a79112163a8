"""Answering a request: what the head does, and the record that follows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.directory.people import appointment_ref
from niwari.errors import N_, Invalid, Minutes, NotFound
from niwari.ledger import accounts, fitting
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.approvers import OWN_PLACE, charge_of
from niwari.ledger.errors import (
    AlreadyDecided,
    BadMinutes,
    NotAgreed,
    NotTheApprover,
    OverAgreement,
    OverFree,
    OwnRequest,
    TooEarlyToRecord,
    TooLate,
)
from niwari.ledger.fitting import Slot
from niwari.ledger.models import STANDING, Request, State
from niwari.ledger.requests import has_started, locked_with_account, own_locked

LONGEST_NOTE = 400


@dataclass(frozen=True, slots=True)
class _Answer:
    """One of the answers: how it is found again, and what it does."""

    action: str
    given_before: Callable[[Request], bool]
    give: Callable[[OpenAccount, Request], dict[str, object]]


def agree(
    ctx: Context, request_id: int, *, key: str, minutes: int | None = None, note: str = ""
) -> Request:
    """Agree to a request (了承する), or to fewer ``minutes`` of it (短くして了承).

    One transaction that locks the account and reads free again (rule L2). Raises ``OverFree`` (L3),
    ``TooLate`` (L1), ``OwnRequest`` and ``NotTheApprover`` (L9), ``AlreadyDecided`` (L2). The same
    ``key`` again, as after a double click, returns the request as decided.
    """

    def wanted(request: Request) -> int:
        return request.minutes if minutes is None else minutes

    def give(opened: OpenAccount, request: Request) -> dict[str, object]:
        if has_started(ctx, request):
            raise TooLate(N_("始まる前に了承が必要です。この申込みの時間は過ぎています。"))
        agreed = wanted(request)
        if not 0 < agreed <= request.minutes:
            raise BadMinutes(
                N_("1分以上、申し込まれた%(asked)s以内で入力してください。"),
                asked=Minutes(request.minutes),
            )
        fitting.check_ahead(ctx, opened, Slot.of(request), agreed)
        if request.counts and agreed > opened.free:
            raise OverFree(free=Minutes(max(opened.free, 0)))
        accounts.post(ctx, opened.account, request, "agreement", reserved=agreed)
        state = State.AGREED if agreed == request.minutes else State.PARTLY_AGREED
        return {"state": state, "agreed_minutes": agreed}

    def given_before(request: Request) -> bool:
        return bool(request.agreed_minutes == wanted(request))

    return _answered(ctx, request_id, key, note, _Answer("ledger.agree", given_before, give))


def return_(ctx: Context, request_id: int, *, key: str, note: str) -> Request:
    """Give a request back to talk about it (相談して直す); ``note`` says what about.

    Raises as ``agree`` does, and ``Invalid`` without a note.
    """
    if not note.strip():
        raise Invalid(N_("相談したいことを一言入力してください。"), field="note")
    answer = _Answer(
        "ledger.return",
        lambda request: request.state != State.DECLINED and request.agreed_minutes is None,
        lambda _opened, _request: {"state": State.RETURNED},
    )
    return _answered(ctx, request_id, key, note, answer)


def decline(ctx: Context, request_id: int, *, key: str, note: str) -> Request:
    """Decline a request this time (今回は見送り); ``note`` says why.

    Raises as ``agree`` does, and ``Invalid`` without a note.
    """
    if not note.strip():
        raise Invalid(N_("見送る理由を一言入力してください。"), field="note")
    answer = _Answer(
        "ledger.decline",
        lambda request: request.state == State.DECLINED,
        lambda _opened, _request: {"state": State.DECLINED},
    )
    return _answered(ctx, request_id, key, note, answer)


def _answered(ctx: Context, request_id: int, key: str, note: str, answer: _Answer) -> Request:
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("400文字以内で入力してください。"), field="note")
    with transaction(ctx):
        seen: Any = _to_answer(ctx, request_id)
        opened, request = locked_with_account(ctx, seen)
        if request.decision_key == key and answer.given_before(request):
            return request
        if request.state != State.REQUESTED:
            raise AlreadyDecided
        behalf = (
            None if seen.in_place_of == OWN_PLACE else appointment_ref(seen.in_place_of, ctx.today)
        )
        changes = {
            **answer.give(opened, request),
            "decided_by": ctx.acting.id,
            "on_behalf_of": behalf.id if behalf else None,
            "decided_at": ctx.now,
            "decision_note": note.strip(),
            "decision_key": key,
        }
        Request.update(changes).where(Request.id == request.id).execute()
        for name, value in changes.items():
            setattr(request, name, value)
        audit.record(
            replace(ctx, on_behalf_of=behalf),
            answer.action,
            "ledger_request",
            request.id,
            minutes=request.agreed_minutes,
        )
    return request


def _to_answer(ctx: Context, request_id: int) -> Request:
    """Return a request that the acting person answers; what one may not see is not there."""
    seen: Any = (
        Request.select(Request, charge_of(ctx).in_place_of().alias("in_place_of"))
        .where((Request.id == request_id) & (Request.municipality == ctx.municipality.id))
        .objects()
        .first()
    )
    if seen is None:
        raise NotFound
    if seen.person_id == ctx.person_id:
        raise OwnRequest
    if seen.in_place_of is None:
        own = (Appointment.id == seen.decided_by_id) & (Appointment.person == ctx.person_id)
        raise NotTheApprover if Appointment.select().where(own).exists() else NotFound
    found: Request = seen
    return found


def record(ctx: Context, request_id: int, *, minutes: int) -> Request:
    """Record what was done of an agreed request: used grows by ``minutes``, the reservation ends.

    Recording the same minutes again changes nothing. Raises ``NotAgreed``, ``TooEarlyToRecord``,
    and ``OverAgreement`` for more than was agreed (rule L17, tolerance 0).
    """
    if minutes < 1:
        raise BadMinutes
    with transaction(ctx):
        opened, request = own_locked(ctx, request_id)
        if request.state == State.RECORDED:
            if recorded_minutes(request) == minutes:
                return request
            raise AlreadyDecided
        if request.state not in STANDING:
            raise NotAgreed
        if not has_begun(ctx, request):
            raise TooEarlyToRecord
        if minutes > request.agreed_minutes:
            raise OverAgreement(agreed=Minutes(request.agreed_minutes))
        accounts.post(
            ctx,
            opened.account,
            request,
            "record",
            minutes=minutes,
            reserved=-request.agreed_minutes,
        )
        Request.update(state=State.RECORDED).where(Request.id == request.id).execute()
        request.state = State.RECORDED
        audit.record(
            ctx,
            "ledger.record",
            "ledger_request",
            request.id,
            municipality_id=request.municipality_id,
            minutes=minutes,
        )
    return request


def has_begun(ctx: Context, request: Request) -> bool:
    """Tell whether there can be something to record: from the start on, else from the day on."""
    if request.starts_at is not None:
        return bool(request.starts_at <= ctx.now)
    return bool(request.work_date <= ctx.today)


def recorded_minutes(request: Request) -> int:
    """Return the minutes recorded for a request, reversals taken off; also what does not count."""
    return sum(entry.minutes for entry in request.entries)
