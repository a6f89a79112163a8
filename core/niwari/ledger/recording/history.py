"""What was posted of an own request, and what became of its corrections: for the person alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from niwari.ledger.models import Account, Correction, JournalEntry, Request, State
from niwari.ledger.recording.postings import Held, held_among, with_supplements


@dataclass(frozen=True, slots=True)
class History:
    """The postings of a request, the oldest first, and the corrections that were asked for.

    ``closed_at`` is when the period was closed, ``waiting`` what HR has not answered, ``refused`` the
    last one where HR did not accept it.
    """

    postings: Sequence[JournalEntry]
    closed_at: datetime | None
    waiting: Correction | None
    refused: Correction | None

    @property
    def correctable(self) -> list[Held]:
        """The records that can be corrected now."""
        waits = self.waiting.original_id if self.waiting else None
        return [held for held in held_among(self.postings) if held.entry.id != waits]


def history_of(request: Request) -> History | None:
    """Return the history of a request that may have records, in two queries; else ``None``."""
    if request.state != State.RECORDED and not request.allowance:
        return None
    entries = JournalEntry.select(JournalEntry, Account.closed_at.alias("closed_at")).join(Account)
    postings: list[Any] = list(with_supplements(entries, request.id))
    corrections = list(
        Correction.select().where(Correction.request == request.id).order_by(Correction.id)
    )
    last = corrections[-1] if corrections else None
    return History(
        postings,
        postings[0].closed_at if postings else None,
        next((one for one in corrections if one.state == "asked"), None),
        last if last is not None and last.state == "refused" else None,
    )
