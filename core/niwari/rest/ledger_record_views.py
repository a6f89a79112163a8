"""What was recorded of one's own requests, and correcting it, through the API."""

from niwari.context import Context
from niwari.ledger import sight
from niwari.ledger.deciding.supplements import seen_supplement
from niwari.ledger.recording import bringing_home, correcting
from niwari.ledger.recording.correcting import Wanted
from niwari.ledger.recording.history import history_of
from niwari.ledger.recording.postings import held_among
from niwari.rest.blueprint import operations
from niwari.rest.ledger_shapes import (
    BroughtHome,
    BroughtLine,
    Correcting,
    LedgerCorrection,
    LedgerRecord,
    LedgerRecords,
)
from niwari.rest.ledger_telling import told_correction, told_supplement


@operations.get(
    "/ledger/requests/<int:request_id>/records", permission="ledger.read", personal=True
)
def ledger_records(ctx: Context, request_id: int) -> LedgerRecords:
    """What was recorded of one of one's own requests, and what HR has to answer."""
    own = sight.own(ctx, request_id)
    history = history_of(own)
    if history is None:
        return LedgerRecords((), None, None, None)
    records = tuple(
        LedgerRecord(held.entry.id, held.entry.work_date, held.minutes)
        for held in held_among(history.postings)
    )
    waiting, refused = history.waiting, history.refused
    beyond = seen_supplement(own)
    return LedgerRecords(
        records,
        told_correction(waiting) if waiting else None,
        told_correction(refused) if refused else None,
        told_supplement(beyond.supplement, beyond.state) if beyond else None,
    )


@operations.post(
    "/ledger/requests/<int:request_id>/correct",
    permission="ledger.ask",
    body=Correcting,
    personal=True,
    idempotent=True,
)
def correct(ctx: Context, request_id: int, key: str, body: Correcting) -> LedgerCorrection:
    """Correct a record at once, or ask HR to once its period is closed."""
    wanted = Wanted(body.minutes, body.reason, key, body.entry_id)
    return told_correction(correcting.correct(ctx, request_id, wanted))


@operations.post(
    "/ledger/corrections/<int:correction_id>/withdraw", permission="ledger.ask", personal=True
)
def withdraw_correction(ctx: Context, correction_id: int) -> LedgerCorrection:
    """Take back a correction that HR has not answered; again changes nothing."""
    return told_correction(correcting.withdraw(ctx, correction_id))


@operations.get(
    "/ledger/requests/<int:request_id>/brought-home", permission="ledger.read", personal=True
)
def brought_home(ctx: Context, request_id: int) -> BroughtHome:
    """What one brought home from one of one's own requests."""
    return BroughtHome(request_id, sight.own(ctx, request_id).brought_home)


@operations.post(
    "/ledger/requests/<int:request_id>/bring-home",
    permission="ledger.ask",
    body=BroughtLine,
    personal=True,
)
def bring_home(ctx: Context, request_id: int, body: BroughtLine) -> BroughtHome:
    """Keep what one brought home from a recorded request; the same line again changes nothing."""
    kept = bringing_home.bring_home(ctx, request_id, body.text)
    return BroughtHome(kept.id, kept.brought_home)
