"""Answering a request: what the head does, and the record that follows."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.errors import N_, Invalid, Minutes
from niwari.ledger import events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import after_fact, fitting
from niwari.ledger.asking.refusals import told_to_head
from niwari.ledger.asking.requests import has_started
from niwari.ledger.asking.slots import Slot
from niwari.ledger.deciding.answering import to_answer
from niwari.ledger.deciding.approvers import Charge
from niwari.ledger.errors import (
    AlreadyDecided,
    BadMinutes,
    OverFree,
    TooLate,
)
from niwari.ledger.models import Request, State
from niwari.ledger.telling import tell_decided
from niwari.ledger.ways import Posting, act, needed_by

LONGEST_NOTE = 400


@dataclass(frozen=True, slots=True)
class _Answer:
    """One of the answers: how it is found again, and what it does."""

    action: str
    given_before: Callable[[Request], bool]
    give: Callable[[OpenAccount, Request], tuple[dict[str, object], Posting | None]]
    tell: Callable[[Context, Request], None] | None = None


def agree(
    ctx: Context,
    request_id: int,
    *,
    key: str,
    minutes: int | None = None,
    note: str = "",
    charge: Charge | None = None,
) -> Request:
    """Agree to a request (了承する), or to fewer ``minutes`` of it (短くして了承); to its ways whole (L16).

    One transaction that locks the account and reads free again (rule L2). Raises ``OverFree`` (L3),
    ``TooLate`` (L1), ``NoWorkThen`` (L10, L23), ``OwnRequest`` and ``NotTheApprover`` (L9),
    ``AlreadyDecided`` (L2). What was asked for after the fact lies before now. The same ``key`` again, as
    after a double click, returns the request as decided. ``charge`` is the acting person's of this
    moment, for whoever has asked for it already.
    """

    def wanted(request: Request) -> int:
        return request.minutes if minutes is None else minutes

    def give(opened: OpenAccount, request: Request) -> tuple[dict[str, object], Posting]:
        if has_started(ctx, request) and not request.after_fact:
            raise TooLate(N_("始まる前に了承が必要です。この申込みの時間は過ぎています。"))
        agreed = wanted(request)
        if not 0 < agreed <= request.minutes:
            raise BadMinutes(
                N_("1分以上、申し込まれた%(asked)s以内で入力してください。"),
                asked=Minutes(request.minutes),
            )
        _check_ahead(ctx, opened, request, agreed)
        needed = (agreed if request.counts else 0) + needed_by(request.ways, State.REQUESTED)
        if needed and needed > opened.free:
            raise OverFree(free=Minutes(max(opened.free, 0)))
        state = State.AGREED if agreed == request.minutes else State.PARTLY_AGREED
        changes = {"state": state, "agreed_minutes": agreed}
        return changes, Posting(request, "agreement", reserved=agreed)

    def given_before(request: Request) -> bool:
        return bool(request.agreed_minutes == wanted(request))

    answer = _Answer("ledger.agree", given_before, give, events.tell_agreed)
    return _answered(ctx, request_id, key, note, answer, charge)


def _check_ahead(ctx: Context, opened: OpenAccount, request: Request, agreed: int) -> None:
    """Refuse ``agreed`` minutes, or the ways, as ``fitting.check_ahead`` does, in words for a head.

    What names no hour has to find room in the day together with its ways.
    """
    if request.after_fact:  # which has no ways
        with told_to_head():
            after_fact.check_over(ctx, opened, Slot.of(request), agreed)
        return
    slot, ways = Slot.of(request), [Slot.of(way) for way in request.ways]
    if slot.starts_at is None:
        more = sum(way.minutes for way in ways)
        slot, agreed, ways = replace(slot, minutes=slot.minutes + more), agreed + more, []
    with told_to_head():
        for one in ways:
            fitting.check_ahead(ctx, opened, one, one.minutes)
        fitting.check_ahead(ctx, opened, slot, agreed)


def return_(ctx: Context, request_id: int, *, key: str, note: str) -> Request:
    """Give a request back to talk about it (相談して直す); ``note`` says what about.

    Raises as ``agree`` does, and ``Invalid`` without a note.
    """
    if not note.strip():
        raise Invalid(N_("相談したいことを一言入力してください。"), field="note")
    answer = _Answer(
        "ledger.return",
        lambda request: request.state != State.DECLINED and request.agreed_minutes is None,
        lambda _opened, _request: ({"state": State.RETURNED}, None),
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
        lambda _opened, _request: ({"state": State.DECLINED}, None),
        events.tell_declined,
    )
    return _answered(ctx, request_id, key, note, answer)


def _answered(
    ctx: Context,
    request_id: int,
    key: str,
    note: str,
    answer: _Answer,
    charge: Charge | None = None,
) -> Request:
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("400文字以内で入力してください。"), field="note")
    with transaction(ctx):
        opened, request, behalf = to_answer(ctx, request_id, charge)
        if request.decision_key == key and answer.given_before(request):
            return request
        if request.state != State.REQUESTED:
            raise AlreadyDecided
        given, posting = answer.give(opened, request)
        changes = {
            **given,
            "decided_by": ctx.acting.id,
            "on_behalf_of": behalf.id if behalf else None,
            "decided_at": ctx.now,
            "decision_note": note.strip(),
            "decision_key": key,
        }
        act(ctx, opened, request, changes, posting=posting)
        audit.record(
            replace(ctx, on_behalf_of=behalf),
            answer.action,
            "ledger_request",
            request.id,
            minutes=request.agreed_minutes,
        )
        if answer.tell is not None:
            answer.tell(ctx, request)
        tell_decided(ctx, request)
    return request
