"""The records of a request as the journal has them: what holds, and how one is undone (rule L6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from niwari.context import Context
from niwari.ledger import accounts
from niwari.ledger.errors import NotReversible
from niwari.ledger.models import AGREED_STATES, Account, JournalEntry, Request, State, Supplement


@dataclass(frozen=True, slots=True)
class Held:
    """A record as it holds now: its last ``entry``, and its ``minutes``; 0 where it was taken back.

    ``beyond`` is the entry of what it has beyond its agreement (L17), which is among the minutes.
    """

    entry: JournalEntry
    minutes: int
    beyond: JournalEntry | None = None

    @property
    def is_taken_back(self) -> bool:
        """Whether its last entry is reversed, and nothing stands in its place."""
        return self.minutes == 0


def postings_of(request_id: int) -> list[JournalEntry]:
    """Return the records and reversals of a request, the oldest first, in one query.

    Of those that a supplement was posted with ``supplement_state`` says how it stands (L17).
    """
    return list(with_supplements(JournalEntry.select(), request_id))


def with_supplements(query: Any, request_id: int) -> Any:
    """Return a query of journal rows for the records and reversals of a request, as ``postings_of``."""
    return (
        query.select_extend(Supplement.state.alias("supplement_state"))
        .join_from(
            JournalEntry, Supplement, JOIN.LEFT_OUTER, on=(Supplement.entry == JournalEntry.id)
        )
        .where((JournalEntry.request == request_id) & JournalEntry.kind.in_(("record", "reversal")))
        .order_by(JournalEntry.id)
        .objects()
    )


def held_among(entries: Sequence[JournalEntry]) -> list[Held]:
    """Return what holds of ``postings_of``: of each record the last entry, by its day.

    What is beyond an agreement belongs to the one record of its request.
    """
    replaced = {entry.replaces_id for entry in entries}
    reversed_ = {entry.reverses_id for entry in entries}
    last = [entry for entry in entries if entry.kind == "record" and entry.id not in replaced]
    beyond = next(
        (one for one in last if one.supplement_state is not None and one.id not in reversed_), None
    )
    found = [
        Held(
            entry,
            0 if entry.id in reversed_ else entry.minutes + (beyond.minutes if beyond else 0),
            beyond,
        )
        for entry in last
        if entry.supplement_state is None
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
