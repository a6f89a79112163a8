"""Letting go of what was agreed: its minutes return, and whoever waits for the person hears of it."""

from dataclasses import replace

from peewee import fn

from niwari.audit import service as audit
from niwari.context import AppointmentRef, Context
from niwari.ledger import events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.models import JournalEntry, Request, State
from niwari.ledger.recording.postings import ends_as
from niwari.ledger.ways import Posting, act

ABSENT: dict[str, object] = {"attended_at": None, "attended_minutes": None}
"""Of who is absent no host has said that they were there (rule L18)."""


def release(
    ctx: Context,
    opened: OpenAccount,
    request: Request,
    state: State,
    *,
    reason: str,
    action: str,
    behalf: AppointmentRef | None = None,
) -> None:
    """End a locked request in ``state``: what it still reserves returns, who waits is told.

    What was not agreed yet reserves nothing and is ended all the same. An allowance of which something
    was drawn keeps that, and is recorded (L12). In the caller's transaction.
    """
    reserved = (
        JournalEntry.select(fn.COALESCE(fn.SUM(JournalEntry.reserved_delta), 0))
        .where(JournalEntry.request == request.id)
        .scalar()
    )
    posting = Posting(request, "release", reserved=-int(reserved)) if reserved else None
    changes = {
        **ends_as(request, state),
        "ended_at": ctx.now,
        "ended_by": ctx.appointment.id if ctx.appointment else None,
        "ended_for": behalf.id if behalf else None,
        "ended_reason": reason,
        "reagree_since": None,
        **(ABSENT if state == State.CANCELLED else {}),
    }
    act(ctx, opened, request, changes, posting=posting)
    audit.record(
        replace(ctx, on_behalf_of=behalf),
        action,
        "ledger_request",
        request.id,
        municipality_id=request.municipality_id,
        minutes=int(reserved),
    )
    if state == State.LAPSED:
        events.tell_lapsed(ctx, [request])
    elif state == State.CANCELLED:
        events.tell_cancelled(ctx, request)
    else:
        events.tell_revoked(ctx, request)
