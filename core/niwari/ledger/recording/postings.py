"""The records of a request as the journal has them: what holds, and how one is undone (rule L6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from niwari.context import Context
from niwari.ledger import accounts
from niwari.ledger.errors import NotReversible
from niwari.ledger.models import AGREED_STATES, Account, JournalEntry, Request, State


@dataclass(frozen=True, slots=True)
class Held:
    """A record as it holds now: its last ``entry``, and its ``minutes``; 0 where it was taken back."""

    entry: JournalEntry
    minutes: int

    @property
    def is_taken_back(self) -> bool:
        """Whether its last entry is reversed, and nothing stands in its place."""
        return bool(self.minutes != self.entry.minutes)


def postings_of(request_id: int) -> list[JournalEntry]:
    """Return the records and reversals of a request, the oldest first, in one query."""
    entries: Any = (
        JournalEntry.select()
        .where((JournalEntry.request == request_id) & JournalEntry.kind.in_(("record", "reversal")))
        .order_by(JournalEntry.id)
    )
    return list(entries)


def held_among(entries: Sequence[JournalEntry]) -> list[Held]:
    """Return what holds of ``postings_of``: of each record the last entry, by its day."""
    replaced = {entry.replaces_id for entry in entries}
    reversed_ = {entry.reverses_id for entry in entries}
    found = [
        Held(entry, 0 if entry.id in reversed_ else entry.minutes)
        for entry in entries
        if entry.kind == "record" and entry.id not in replaced
    ]
    return sorted(found, key=lambda held: (held.entry.work_date, held.entry.id))


def reverse(
    ctx: Context,
    account: Account,
    request: Request,
    entry: JournalEntry,
    *,
    after_closing: bool = False,
) -> int:
    """Post the reversal of the whole of ``entry`` in the caller's transaction; returns its id.

    Same work date, own posting date. Of an allowance that still runs the minutes are reserved again.
    Raises ``NotReversible`` for a reversal, and for what is reversed already.
    """
    undone = JournalEntry.select().where(JournalEntry.reverses == entry.id)
    if entry.kind != "record" or undone.exists():
        raise NotReversible
    return accounts.post(
        ctx,
        account,
        request,
        "reversal",
        minutes=-entry.minutes,
        reserved=entry.minutes if draws(request) else 0,
        work_date=entry.work_date,
        reverses=entry.id,
        after_closing=after_closing,
    )


def ends_as(request: Request, state: State) -> dict[str, object]:
    """Return the columns with which a locked request ends in ``state``; of an allowance what was drawn stays.

    Then it is recorded, and no more is agreed to than was drawn: what was called off or taken back
    cannot come again as a correction (rules L4, L12).
    """
    drawn = sum(one.minutes for one in postings_of(request.id)) if request.allowance else 0
    return {"state": State.RECORDED, "agreed_minutes": drawn} if drawn else {"state": state}


def draws(request: Request) -> bool:
    """Tell whether the request's records draw on minutes that stay reserved: an allowance (L12)."""
    return bool(request.allowance and request.state in AGREED_STATES)
