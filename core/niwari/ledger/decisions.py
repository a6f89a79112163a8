"""Answering a request: what the head does, and the record that follows."""

from collections.abc import Callable

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger import accounts
from niwari.ledger.approvers import charge_of
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
from niwari.ledger.models import STANDING, Account, Request, State
from niwari.ledger.requests import has_started

LONGEST_NOTE = 400


def agree(
    ctx: Context, request_id: int, *, key: str, minutes: int | None = None, note: str = ""
) -> Request:
    """Agree to a request (了承する), or to fewer ``minutes`` of it (短くして了承).

    One transaction that locks the account and reads free again (rule L2). Raises ``OverFree`` (L3),
    ``TooLate`` (L1), ``OwnRequest`` and ``NotTheApprover`` (L9), ``AlreadyDecided`` (L2). The same
    ``key`` again, as after a double click, returns the request as decided.
    """

    def decide(request: Request, account: Account) -> dict[str, object]:
        if has_started(ctx, request):
            raise TooLate(
                N_("始まる前に了承が必要です。この申込みの時間は過ぎています。"), field=""
            )
        agreed = request.minutes if minutes is None else minutes
        if not 0 < agreed <= request.minutes:
            raise BadMinutes(
                N_("1分から、申し込まれた%(asked)d分までで入力してください。"),
                asked=request.minutes,
            )
        if agreed > accounts.free(account):
            raise OverFree(free=max(accounts.free(account), 0))
        accounts.post(ctx, account, request, "agreement", reserved=agreed)
        state = State.AGREED if agreed == request.minutes else State.PARTLY_AGREED
        return {"state": state, "agreed_minutes": agreed}

    return _decided(ctx, request_id, key, note, "ledger.agree", decide)


def return_(ctx: Context, request_id: int, *, key: str, note: str) -> Request:
    """Give a request back to talk about it (相談して直す); ``note`` says what about."""
    if not note.strip():
        raise Invalid(N_("相談したいことを一言入力してください。"), field="note")

    def decide(request: Request, account: Account) -> dict[str, object]:
        return {"state": State.RETURNED}

    return _decided(ctx, request_id, key, note, "ledger.return", decide)


def decline(ctx: Context, request_id: int, *, key: str, note: str) -> Request:
    """Decline a request this time (今回は見送り); ``note`` says why."""
    if not note.strip():
        raise Invalid(N_("見送る理由を一言入力してください。"), field="note")

    def decide(request: Request, account: Account) -> dict[str, object]:
        return {"state": State.DECLINED}

    return _decided(ctx, request_id, key, note, "ledger.decline", decide)


def _decided(
    ctx: Context,
    request_id: int,
    key: str,
    note: str,
    action: str,
    decide: Callable[[Request, Account], dict[str, object]],
) -> Request:
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("400文字までで入力してください。"), field="note")
    with transaction(ctx):
        seen = Request.get_or_none(
            (Request.id == request_id) & (Request.municipality == ctx.municipality.id)
        )
        if seen is None:
            raise NotFound
        if seen.person_id == ctx.person_id:
            raise OwnRequest
        if not charge_of(ctx).covers(seen):
            raise NotTheApprover
        # Locks in a fixed order: the account first, then the request.
        account = accounts.locked_account(ctx, seen.person_id, seen.municipality_id, seen.work_date)
        request: Request = locked(Request.select().where(Request.id == request_id)).get()
        if request.decision_key == key:
            return request
        if request.state != State.REQUESTED:
            raise AlreadyDecided
        changes = {
            **decide(request, account),
            "decided_by": ctx.acting.id,
            "decided_at": ctx.now,
            "decision_note": note.strip(),
            "decision_key": key,
        }
        Request.update(changes).where(Request.id == request.id).execute()
        audit.record(
            ctx,
            action,
            "ledger_request",
            request.id,
            minutes=changes.get("agreed_minutes", 0),  # type: ignore[arg-type]
        )
        decided: Request = Request.get_by_id(request_id)
    return decided


def record(ctx: Context, request_id: int, *, minutes: int) -> Request:
    """Record what was done of an agreed request: used grows by ``minutes``, the reservation ends.

    Recording the same minutes again changes nothing. Raises ``NotAgreed``, ``TooEarlyToRecord``,
    and ``OverAgreement`` for more than was agreed (rule L17, tolerance 0).
    """
    if minutes < 1:
        raise BadMinutes
    with transaction(ctx):
        seen = Request.get_or_none((Request.id == request_id) & (Request.person == ctx.person_id))
        if seen is None:
            raise NotFound
        account = accounts.locked_account(ctx, seen.person_id, seen.municipality_id, seen.work_date)
        request: Request = locked(Request.select().where(Request.id == request_id)).get()
        if request.state == State.RECORDED and recorded_minutes(request) == minutes:
            return request
        if request.state not in STANDING:
            raise NotAgreed if request.state != State.RECORDED else AlreadyDecided
        ahead = request.starts_at is not None and ctx.now < request.starts_at
        if ctx.today < request.work_date or ahead:
            raise TooEarlyToRecord
        if minutes > request.agreed_minutes:
            raise OverAgreement(agreed=request.agreed_minutes)
        accounts.post(
            ctx, account, request, "record", used=minutes, reserved=-request.agreed_minutes
        )
        Request.update(state=State.RECORDED).where(Request.id == request.id).execute()
        request.state = State.RECORDED
        audit.record(ctx, "ledger.record", "ledger_request", request.id, minutes=minutes)
    return request


def recorded_minutes(request: Request) -> int:
    """Return the minutes recorded for a request: the sum of its journal rows' used deltas."""
    return sum(entry.used_delta for entry in request.entries)
