"""An oral OK, and what the head says of it: 「確かめました」 or 「了承していません」 (rule L1)."""

from dataclasses import replace

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.errors import N_, Invalid
from niwari.ledger import events
from niwari.ledger.asking.oral import CONFIRMED, DENIED, WAITING
from niwari.ledger.deciding.answering import to_answer
from niwari.ledger.deciding.decisions import LONGEST_NOTE
from niwari.ledger.errors import AlreadyDecided, ClosedPeriod
from niwari.ledger.models import AGREED_STATES, Request, State
from niwari.ledger.telling import tell_oral_denied
from niwari.ledger.ways import Posting, act

TO_CONFIRM = (*AGREED_STATES, State.RECORDED, State.SUSPENDED)
"""States of requests whose oral OK still matters; what was taken back needs none."""


def confirm(ctx: Context, request_id: int, *, key: str) -> Request:
    """Say that the oral OK was given; no minutes move. The same ``key`` again changes nothing.

    Raises ``AlreadyDecided`` (L2) also where nothing waits, ``OwnRequest`` and ``NotTheApprover`` (L9),
    and ``ClosedPeriod``: what was unconfirmed at closing stays so (L1).
    """
    return _answered(ctx, request_id, key, "ledger.confirm_oral", CONFIRMED, "")


def deny(ctx: Context, request_id: int, *, key: str, note: str) -> Request:
    """Say that no OK was given; ``note`` says what there was instead, and the person is told.

    What is reserved is released and the request is revoked: nothing was agreed to. Minutes recorded
    already stay, and are flagged as denied. Raises as ``confirm`` does, and ``Invalid`` without a note.
    """
    if not note.strip():
        raise Invalid(N_("了承していない理由を一言入力してください。"), field="note")
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("400文字以内で入力してください。"), field="note")
    return _answered(ctx, request_id, key, "ledger.deny_oral", DENIED, note.strip())


def _answered(
    ctx: Context, request_id: int, key: str, action: str, answer: str, note: str
) -> Request:
    with transaction(ctx):
        opened, request, behalf = to_answer(ctx, request_id)
        if request.decision_key == key and request.oral_answer == answer:
            return request
        if request.oral_answer != WAITING or request.state not in (*TO_CONFIRM, State.LAPSED):
            raise AlreadyDecided
        if opened.account.closed_at is not None:
            raise ClosedPeriod(
                N_("%(month)s月はもう締まっています。口頭の了承は「未確認」のまま残ります。"),
                month=opened.period.starts_on.month,
            )
        changes: dict[str, object] = {
            "oral_answer": answer,
            "oral_answered_by": ctx.acting.id,
            "oral_answered_at": ctx.now,
            "decided_by": ctx.acting.id,
            "on_behalf_of": behalf.id if behalf else None,
            "decided_at": ctx.now,
            "decision_note": note,
            "decision_key": key,
        }
        posting = None
        ends = answer == DENIED and request.state in (*AGREED_STATES, State.SUSPENDED)
        if ends:
            if request.state in AGREED_STATES:
                posting = Posting(request, "release", reserved=-request.agreed_minutes)
            changes |= {
                "state": State.REVOKED,
                "ended_at": ctx.now,
                "ended_by": ctx.acting.id,
                "ended_for": behalf.id if behalf else None,
                "ended_reason": note,
            }
        act(ctx, opened, request, changes, posting=posting)
        audit.record(
            replace(ctx, on_behalf_of=behalf),
            action,
            "ledger_request",
            request.id,
            after={"reason": note} if note else None,
            person_id=request.person_id,
        )
        if ends:
            events.tell_revoked(ctx, request)
        if answer == DENIED:
            tell_oral_denied(ctx, request)
    return request
