"""Deciding about a post: one moderator does, whoever comes second is told."""

from datetime import timedelta
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory import held
from niwari.errors import NotFound
from niwari.keyring import SealError
from niwari.moderation.cases import Level, case_of, outcomes, shown
from niwari.moderation.models import HELD, RELEASED, Case, Decision
from niwari.moderation.posts import sealed
from niwari.moderation.refusals import (
    LONGEST,
    DecidedAlready,
    NoDecisionReason,
    NothingToPause,
    NotThisPerson,
    PostGone,
    TooLong,
    UnknownOutcome,
)
from niwari.moderation.telling import tell
from niwari.vault.pausing import end_pause, pause_author

PAUSED_FOR = timedelta(days=30)
"""How long a hidden author who is paused writes nothing without a name."""


def decide(
    ctx: Context,
    level: Level,
    case_id: int,
    *,
    turn: int,
    outcome: str,
    reason: str,
    pause: bool = False,
) -> None:
    """Decide about a case for the town or the region: keep the post, hold it back, or release it.

    ``turn`` is that of the page on which it was decided; sent again by the same person it changes
    nothing. With ``pause`` the hidden author of what is held back writes nothing without a name for
    ``PAUSED_FOR``, and nobody learns who it is; releasing the post ends that. Raises ``NotFound``,
    ``NothingToPause``, ``NoDecisionReason``, ``TooLong``, ``DecidedAlready`` where somebody
    else was faster, ``UnknownOutcome``, ``PostGone``, and ``NotThisPerson`` for whoever wrote or
    reported the post or decided what is to be looked at again.
    """
    reason = reason.strip()
    if not reason:
        raise NoDecisionReason
    if len(reason) > LONGEST:
        raise TooLong(field="reason")
    with transaction(ctx):
        case_of(ctx, level, case_id)
        locked(Case.select(Case.id).where(Case.id == case_id)).execute()
        now = shown(ctx, level, case_id)
        if turn != now.turn:
            mine = (one for one in now.decisions if one.turn == turn and one.by_me)
            if any(one.outcome == outcome for one in mine):
                return
            raise DecidedAlready
        if now.is_barred:
            raise NotThisPerson
        if outcome not in now.may:
            raise UnknownOutcome if outcomes(now.state) else DecidedAlready
        if now.post is None and outcome == HELD:
            raise PostGone
        if pause and not (outcome == HELD and now.may_pause):
            raise NothingToPause
        _write(ctx, level, case_id, turn, outcome, reason)
        if pause:
            _pause(ctx, level, Case.get_by_id(case_id))


def _write(ctx: Context, level: Level, case_id: int, turn: int, outcome: str, reason: str) -> None:
    case: Any = Case.get_by_id(case_id)
    changes = {Case.state: outcome, Case.level: level, Case.turn: turn + 1}
    if case.is_hidden:
        changes[Case.objection] = ""  # nobody could find it again to erase it
    Case.update(changes).where(Case.id == case_id).execute()
    Decision.create(
        case=case_id,
        turn=turn,
        outcome=outcome,
        reason=reason,
        level=level,
        decided_at=ctx.now,
        by=ctx.acting.id,
    )
    if outcome == HELD:
        held.hold(ctx, case.kind, case.row_id)
    elif outcome == RELEASED:
        held.release(case.kind, case.row_id)
        end_pause(case.kind, case.row_id)
    # In the moderator's town: that of a post would tell where its hidden author works.
    audit.record(ctx, f"moderation.{outcome}", case.kind, case.row_id, case=case_id, level=level)
    tell(ctx, case, outcome)


def _pause(ctx: Context, level: Level, case: Any) -> None:
    """Pause the author of what was held back; where the envelope does not open, there is nobody to pause."""
    try:
        envelope = sealed(ctx, case.kind, case.row_id)
        pause_author(ctx, case.kind, case.row_id, envelope, ctx.today + PAUSED_FOR)
    except (NotFound, SealError) as error:
        raise NothingToPause from error
    audit.record(ctx, "moderation.pause", case.kind, case.row_id, case=case.id, level=level)
