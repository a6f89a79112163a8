"""What waits for a head, and the answers, through the API."""

from niwari.context import Context
from niwari.ledger.deciding import confirming, decisions, revoking, unconfirmed, waiting_list
from niwari.ledger.shown import shown_to_head
from niwari.ledger.ways import attach
from niwari.rest.blueprint import operations
from niwari.rest.ledger_shapes import (
    Agreement,
    CallingOff,
    LedgerRequest,
    Shortening,
    WaitingOral,
    WaitingRequest,
    Word,
)
from niwari.rest.ledger_telling import told

_DECIDE = "ledger.decide"


@operations.get("/ledger/waiting", permission=_DECIDE, personal=True)
def waiting(ctx: Context) -> tuple[WaitingRequest, ...]:
    """The requests that wait for one's OK, the nearest day first; 50 at the most."""
    found = waiting_list.waiting_for(ctx)
    attach([one.request for one in found])
    return tuple(
        WaitingRequest(told(one.request), one.person_name, one.section_name, one.free)
        for one in found
    )


@operations.post(
    "/ledger/requests/<int:request_id>/agree",
    permission=_DECIDE,
    body=Agreement,
    personal=True,
    idempotent=True,
)
def agree(ctx: Context, request_id: int, key: str, body: Agreement) -> LedgerRequest:
    """Agree to a request, or to fewer minutes of it."""
    agreed = decisions.agree(ctx, request_id, key=key, minutes=body.minutes, note=body.note)
    return told(shown_to_head(agreed))


@operations.post(
    "/ledger/requests/<int:request_id>/return",
    permission=_DECIDE,
    body=Word,
    personal=True,
    idempotent=True,
)
def return_(ctx: Context, request_id: int, key: str, body: Word) -> LedgerRequest:
    """Give a request back to talk about it."""
    return told(shown_to_head(decisions.return_(ctx, request_id, key=key, note=body.note)))


@operations.post(
    "/ledger/requests/<int:request_id>/decline",
    permission=_DECIDE,
    body=Word,
    personal=True,
    idempotent=True,
)
def decline(ctx: Context, request_id: int, key: str, body: Word) -> LedgerRequest:
    """Decline a request this time."""
    return told(shown_to_head(decisions.decline(ctx, request_id, key=key, note=body.note)))


@operations.post(
    "/ledger/requests/<int:request_id>/revoke",
    permission=_DECIDE,
    body=CallingOff,
    personal=True,
    idempotent=True,
)
def revoke(ctx: Context, request_id: int, key: str, body: CallingOff) -> LedgerRequest:
    """Call off all that is still to come of an agreed request; what is past stays."""
    return told(shown_to_head(revoking.revoke(ctx, request_id, key=key, reason=body.reason)))


@operations.post(
    "/ledger/requests/<int:request_id>/shorten",
    permission=_DECIDE,
    body=Shortening,
    personal=True,
    idempotent=True,
)
def shorten(ctx: Context, request_id: int, key: str, body: Shortening) -> LedgerRequest:
    """Leave fewer minutes of what was agreed to."""
    shortened = revoking.shorten(ctx, request_id, key=key, minutes=body.minutes, reason=body.reason)
    return told(shown_to_head(shortened))


@operations.get("/ledger/waiting-oral", permission=_DECIDE, personal=True)
def waiting_oral(ctx: Context) -> tuple[WaitingOral, ...]:
    """The oral OKs that wait for being confirmed by one, the longest waiting first; 50 at the most."""
    found = unconfirmed.to_confirm(ctx)
    attach([one.request for one in found])
    return tuple(
        WaitingOral(told(one.request), one.person_name, one.section_name, one.oral_by_name, one.due)
        for one in found
    )


@operations.post(
    "/ledger/requests/<int:request_id>/confirm-oral",
    permission=_DECIDE,
    personal=True,
    idempotent=True,
)
def confirm_oral(ctx: Context, request_id: int, key: str) -> LedgerRequest:
    """Confirm that an oral OK was given; no minutes move."""
    return told(shown_to_head(confirming.confirm(ctx, request_id, key=key)))


@operations.post(
    "/ledger/requests/<int:request_id>/deny-oral",
    permission=_DECIDE,
    body=Word,
    personal=True,
    idempotent=True,
)
def deny_oral(ctx: Context, request_id: int, key: str, body: Word) -> LedgerRequest:
    """Say that no oral OK was given: what is reserved returns."""
    return told(shown_to_head(confirming.deny(ctx, request_id, key=key, note=body.note)))
