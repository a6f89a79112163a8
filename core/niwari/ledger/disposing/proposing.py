"""Two officials dispose of a fiscal year: one proposes with the file, another one agrees (rule L6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.models import Appointment
from niwari.errors import NotFound
from niwari.host.enablement import hold
from niwari.jobs.later import later
from niwari.ledger.disposing.exporting import pieces, sha256_of, written_out
from niwari.ledger.disposing.fiscal_year import FiscalYear, year_of
from niwari.ledger.disposing.parts import state_of
from niwari.ledger.disposing.telling import tell_waiting
from niwari.ledger.disposing.years import check_disposable, numbers_of
from niwari.ledger.errors.disposing import (
    AgreedAlready,
    AlreadyProposed,
    LedgerChanged,
    NoDisposalReason,
    ProposalOver,
    SameOfficial,
)
from niwari.ledger.models import Account, Disposal
from niwari.ledger.settings import choices_of
from niwari.texts import is_blank

TASK = "ledger.dispose"
OPEN_FOR = timedelta(days=7)
"""How long a proposal waits for the second official, as openings of the vault do."""
LONGEST_REASON = 400


@dataclass(frozen=True, slots=True)
class File:
    """The file with all rows of the year, in pieces, and the name under which it is kept."""

    name: str
    pieces: Iterator[bytes]


def propose(ctx: Context, year: int, reason: str, form_key: str) -> int:
    """Propose to dispose of a fiscal year of the acting municipality; returns the proposal's id.

    The file is written out, and its SHA-256 is what the second official agrees to. A second click
    with the same ``form_key`` returns the first one's. Raises ``NoDisposalReason``,
    ``AlreadyProposed`` and what ``check_disposable`` does.
    """
    reason = reason.strip()
    if is_blank(reason) or len(reason) > LONGEST_REASON:
        raise NoDisposalReason
    if (made := _of_form(ctx, form_key)) is not None:
        return made
    check_disposable(ctx, year)
    rows_of = FiscalYear(ctx.municipality.id, year)
    digest, size = sha256_of(rows_of)  # before the transaction: nobody waits for it
    with transaction(ctx):
        hold(ctx.municipality.id)
        if (made := _of_form(ctx, form_key)) is not None:
            return made
        check_disposable(ctx, year)
        if _live(ctx, year):
            raise AlreadyProposed(year=year)
        numbers, period = numbers_of(rows_of), year_of(year)
        proposal = Disposal.create(
            municipality=ctx.municipality.id,
            year=year,
            first_day=period.starts_on,
            last_day=period.ends_on,
            kept_years=choices_of(ctx).kept_years,
            reason=reason,
            form_key=form_key,
            proposed_at=ctx.now,
            proposed_by=ctx.acting.id,
            export_sha256=digest,
            export_bytes=size,
            people=numbers.people,
            requests=numbers.requests,
            entries=numbers.entries,
        )
        _record(ctx, "ledger.propose_disposal", proposal)
        tell_waiting(ctx, year)
    return int(proposal.id)


def export(ctx: Context, disposal_id: int) -> File:
    """Give the file to an official, until the year is disposed of; that it was taken is in the audit.

    Raises ``NotFound``, ``ProposalOver``, ``AgreedAlready``, and ``LedgerChanged`` where the rows are
    not those of the proposal any more.
    """
    proposal = _proposal(ctx, disposal_id)
    _check_waits(ctx, proposal)
    file = _unchanged(proposal)
    with transaction(ctx):
        _record(ctx, "ledger.take_disposal_file", proposal)
    name = f"ledger-{ctx.municipality.code}-FY{proposal.year}-{proposal.id}.zip"
    return File(name, pieces(file))


def agree(ctx: Context, disposal_id: int) -> bool:
    """Agree to a proposal as the second official: from now on the worker removes the rows.

    Returns whether anything changed: a second click changes nothing. Raises ``NotFound``,
    ``SameOfficial``, ``ProposalOver``, ``AgreedAlready``, ``LedgerChanged`` and what
    ``check_disposable`` does; then nothing was changed.
    """
    proposal = _proposal(ctx, disposal_id)
    if proposal.agreed_by_id == ctx.acting.id:
        return False
    _check_agree(ctx, proposal)
    rows_of = FiscalYear(ctx.municipality.id, proposal.year)
    before = state_of(rows_of)
    _unchanged(proposal).close()
    with transaction(ctx):
        hold(ctx.municipality.id)
        # Whoever corrects something now comes before us, and is seen, or finds the year disposed of.
        list(locked(Account.select(Account.id).where(rows_of.accounts).order_by(Account.person)))
        proposal = _proposal(ctx, disposal_id)
        if proposal.agreed_by_id == ctx.acting.id:
            return False
        _check_agree(ctx, proposal)
        if state_of(rows_of) != before:
            raise LedgerChanged
        Disposal.update(agreed_at=ctx.now, agreed_by=ctx.acting.id).where(
            Disposal.id == proposal.id
        ).execute()
        _record(ctx, "ledger.agree_disposal", proposal)
        later(ctx, TASK, key=str(proposal.id), disposal_id=proposal.id)
    return True


def withdraw(ctx: Context, disposal_id: int) -> bool:
    """Take a proposal back, as any official of the municipality; returns whether anything changed.

    Raises ``NotFound`` and ``AgreedAlready``.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        proposal = _proposal(ctx, disposal_id)
        if proposal.agreed_at is not None:
            raise AgreedAlready
        if proposal.withdrawn_at is not None:
            return False
        Disposal.update(withdrawn_at=ctx.now, withdrawn_by=ctx.acting.id).where(
            Disposal.id == proposal.id
        ).execute()
        _record(ctx, "ledger.withdraw_disposal", proposal)
    return True


def _live(ctx: Context, year: int) -> bool:
    waits = Disposal.withdrawn_at.is_null() & (Disposal.proposed_at > ctx.now - OPEN_FOR)
    query = Disposal.select(Disposal.id).where(
        (Disposal.municipality == ctx.municipality.id)
        & (Disposal.year == year)
        & (Disposal.agreed_at.is_null(False) | waits)
    )
    return bool(rows(query.limit(1)))


def _of_form(ctx: Context, form_key: str) -> int | None:
    """Return the proposal that the first click made."""
    mine = (Disposal.proposed_by == ctx.acting.id) & (Disposal.form_key == form_key)
    for (number,) in rows(Disposal.select(Disposal.id).where(mine)):
        return int(number)
    return None


def _proposal(ctx: Context, disposal_id: int) -> Any:
    found = Disposal.get_or_none(
        (Disposal.id == disposal_id) & (Disposal.municipality == ctx.municipality.id)
    )
    if found is None:
        raise NotFound
    return found


def _check_waits(ctx: Context, proposal: Any) -> None:
    if proposal.agreed_at is not None:
        raise AgreedAlready
    if proposal.withdrawn_at is not None or ctx.now >= proposal.proposed_at + OPEN_FOR:
        raise ProposalOver


def _check_agree(ctx: Context, proposal: Any) -> None:
    _check_waits(ctx, proposal)
    if Appointment.get_by_id(proposal.proposed_by_id).person_id == ctx.person_id:
        raise SameOfficial
    check_disposable(ctx, proposal.year)


def _unchanged(proposal: Any) -> IO[bytes]:
    """Return the file, where the rows are still those of the proposal."""
    file, digest, _ = written_out(FiscalYear(proposal.municipality_id, proposal.year))
    if digest != proposal.export_sha256:
        file.close()
        raise LedgerChanged
    return file


def _record(ctx: Context, action: str, proposal: Any) -> None:
    audit.record(
        ctx,
        action,
        "ledger_disposal",
        proposal.id,
        year=proposal.year,
        sha256=proposal.export_sha256,
    )
