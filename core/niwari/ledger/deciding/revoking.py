"""Normal duties first: the head shortens or calls off what is still to come of an agreement (L4)."""

from dataclasses import dataclass, replace

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.errors import N_, Invalid, Minutes
from niwari.ledger import accounts, events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import fitting
from niwari.ledger.asking.slots import Slot
from niwari.ledger.deciding.answering import to_answer
from niwari.ledger.deciding.decisions import LONGEST_NOTE
from niwari.ledger.errors import AlreadyDecided, NothingAhead, PastStays
from niwari.ledger.models import AGREED_STATES, Request, State
from niwari.ledger.recording.postings import ends_as
from niwari.ledger.telling import tell_revoked
from niwari.ledger.ways import Posting, act

DEFAULT_REASON = N_("業務都合のため")
"""What a head need not write: why something is called off (rule L4). Reports know it by these words."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a head can go back on a request, in minutes.

    ``agreed`` is what can be recorded now, ``least`` what of it must stay because it cannot lie ahead.
    """

    agreed: int
    least: int


def revoke(ctx: Context, request_id: int, *, key: str, reason: str = "") -> Request:
    """Call off (業務都合による取りやめ) all that is still to come of an agreed request; the past stays.

    Of a request that has begun what lies before now stays agreed to, and can be recorded: of an
    interval the part before now, of a date and minutes what no longer fits into the time that is left.
    What is recorded is never touched. ``reason`` is ``DEFAULT_REASON`` where it is empty. The person is
    told, and whoever waits for the person. Of its ways what has not begun is called off with it; while
    something of the request stays they do too (L16). The same ``key`` again changes nothing. Raises
    ``NothingAhead`` (L4), ``AlreadyDecided`` (L2), ``OwnRequest`` and ``NotTheApprover`` (L9).
    """
    return _taken_back(ctx, request_id, key, None, reason)


def shorten(ctx: Context, request_id: int, *, key: str, minutes: int, reason: str = "") -> Request:
    """Leave ``minutes`` of what was agreed to, as ``revoke``; of its own day they can still be recorded.

    Raises as ``revoke`` does, and ``PastStays`` for a number that takes away what is past, or nothing.
    """
    return _taken_back(ctx, request_id, key, minutes, reason)


def _taken_back(
    ctx: Context, request_id: int, key: str, minutes: int | None, reason: str
) -> Request:
    if len(reason) > LONGEST_NOTE:
        raise Invalid(N_("400文字以内で入力してください。"), field="reason")
    with transaction(ctx):
        opened, request, behalf = to_answer(ctx, request_id)
        if request.ended_at is not None and request.decision_key == key:
            return request
        if request.state not in AGREED_STATES:
            raise AlreadyDecided
        reach = reach_of(ctx, opened, request)
        kept = _kept(reach, minutes)
        before = {"state": request.state, "minutes": request.agreed_minutes}
        posting = Posting(request, "release", reserved=kept - reach.agreed)
        drawn = request.agreed_minutes - reach.agreed
        changes: dict[str, object] = {
            **({"state": State.PARTLY_AGREED} if kept else ends_as(request, State.REVOKED)),
            "ended_at": ctx.now,
            "ended_by": ctx.acting.id,
            "ended_for": behalf.id if behalf else None,
            "ended_reason": reason.strip() or DEFAULT_REASON,
            "decision_key": key,
        }
        if kept:
            changes["agreed_minutes"] = drawn + kept
        act(ctx, opened, request, changes, posting=posting, past_stays=True)
        audit.record(
            replace(ctx, on_behalf_of=behalf),
            "ledger.shorten" if kept else "ledger.revoke",
            "ledger_request",
            request.id,
            before=before,
            after={
                "state": request.state,
                "minutes": drawn + kept,
                "reason": request.ended_reason,
            },
            person_id=request.person_id,
            minutes=kept,
        )
        (events.tell_shortened if kept else events.tell_revoked)(ctx, request)
        tell_revoked(ctx, request)
    return request


def reach_of(ctx: Context, opened: OpenAccount, request: Request) -> Reach:
    """Return how far an agreed request can be gone back on now; ``NothingAhead`` where not at all."""
    agreed = accounts.reserved_of(request)
    least = fitting.least_past(ctx, opened, Slot.of(request), agreed, in_period=request.allowance)
    if request.after_fact or least == agreed:
        raise NothingAhead
    return Reach(agreed, least)


def _kept(reach: Reach, minutes: int | None) -> int:
    if minutes is None:
        return reach.least
    if not reach.least <= minutes < reach.agreed:
        raise PastStays(least=Minutes(reach.least), agreed=Minutes(reach.agreed))
    return minutes
