"""What was recorded beyond an agreement, and the head's answers, through the API (rule L17)."""

from niwari.context import Context
from niwari.ledger.deciding import supplementing, supplements
from niwari.ledger.shown import shown_to_head
from niwari.rest.blueprint import operations
from niwari.rest.ledger_shapes import LedgerRequest, WaitingSupplement, Word
from niwari.rest.ledger_telling import told, told_supplement

_DECIDE = "ledger.decide"


@operations.get("/ledger/waiting-supplements", permission=_DECIDE, personal=True)
def waiting_supplements(ctx: Context) -> tuple[WaitingSupplement, ...]:
    """What was recorded beyond an OK and waits for one's word, the longest waiting first; 50 at the most."""
    return tuple(
        WaitingSupplement(
            told_supplement(one.supplement), told(one.request), one.person_name, one.section_name
        )
        for one in supplements.to_accept(ctx)
    )


@operations.post(
    "/ledger/supplements/<int:supplement_id>/accept",
    permission=_DECIDE,
    personal=True,
    idempotent=True,
)
def accept_supplement(ctx: Context, supplement_id: int, key: str) -> LedgerRequest:
    """Accept what was recorded beyond an OK; no minutes move."""
    return told(shown_to_head(supplementing.accept(ctx, supplement_id, key=key)))


@operations.post(
    "/ledger/supplements/<int:supplement_id>/refuse",
    permission=_DECIDE,
    body=Word,
    personal=True,
    idempotent=True,
)
def refuse_supplement(ctx: Context, supplement_id: int, key: str, body: Word) -> LedgerRequest:
    """Refuse it: it is reversed, and private time; what was agreed to stays recorded."""
    return told(shown_to_head(supplementing.refuse(ctx, supplement_id, key=key, note=body.note)))
