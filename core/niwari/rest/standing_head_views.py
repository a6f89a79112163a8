"""The standing agreements that wait for a head, and the answers, through the API."""

from niwari.context import Context
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.shown import shown_to_head
from niwari.ledger.standing import deciding, ending, sight
from niwari.rest.blueprint import operations
from niwari.rest.ledger_shapes import CallingOff, Word
from niwari.rest.standing_shapes import (
    StandingAgreed,
    StandingAgreement,
    StandingOk,
    WaitingStanding,
)
from niwari.rest.standing_telling import told_standing

_DECIDE = "ledger.decide"


@operations.get("/ledger/waiting-standing", permission=_DECIDE, personal=True)
def waiting_standing(ctx: Context) -> tuple[WaitingStanding, ...]:
    """The standing agreements that wait for one's OK, the longest waiting first; 50 at the most."""
    return tuple(
        WaitingStanding(told_standing(one.standing), one.person_name, one.section_name)
        for one in sight.waiting(ctx, charge_of(ctx))
    )


@operations.post(
    "/ledger/standing/<int:standing_id>/agree",
    permission=_DECIDE,
    body=StandingOk,
    personal=True,
    idempotent=True,
)
def agree_standing(ctx: Context, standing_id: int, key: str, body: StandingOk) -> StandingAgreed:
    """Agree to what was seen: all of it is reserved at once, in every period."""
    done = deciding.agree(ctx, standing_id, key=key, seen=body.seen, note=body.note)
    agreement = told_standing(shown_to_head(done.standing))
    return StandingAgreed(agreement, done.held, done.minutes, done.left_out)


@operations.post(
    "/ledger/standing/<int:standing_id>/return",
    permission=_DECIDE,
    body=Word,
    personal=True,
    idempotent=True,
)
def return_standing(ctx: Context, standing_id: int, key: str, body: Word) -> StandingAgreement:
    """Give it back to talk about it."""
    given = deciding.return_(ctx, standing_id, key=key, note=body.note)
    return told_standing(shown_to_head(given))


@operations.post(
    "/ledger/standing/<int:standing_id>/decline",
    permission=_DECIDE,
    body=Word,
    personal=True,
    idempotent=True,
)
def decline_standing(ctx: Context, standing_id: int, key: str, body: Word) -> StandingAgreement:
    """Decline it this time."""
    declined = deciding.decline(ctx, standing_id, key=key, note=body.note)
    return told_standing(shown_to_head(declined))


@operations.post(
    "/ledger/standing/<int:standing_id>/revoke",
    permission=_DECIDE,
    body=CallingOff,
    personal=True,
)
def revoke_standing(ctx: Context, standing_id: int, body: CallingOff) -> StandingAgreement:
    """Call off all of it that is still to come; again changes nothing."""
    revoked = ending.revoke(ctx, standing_id, reason=body.reason)
    return told_standing(shown_to_head(revoked))
