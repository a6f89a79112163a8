"""Removing the rows of a fiscal year that two officials agreed to dispose of, and its record (rule L6).

Portion by portion, each a transaction: stopped in between, the next run goes on with what is left. The
gate of the journal is open inside of such a transaction alone.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.audit.sealing import last_seal
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.host.enablement import hold
from niwari.ledger.disposing.certificate import hash_of
from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.disposing.parts import PARTS, Part
from niwari.ledger.models import Disposal, DisposalRecord, JournalEntry, Request, Standing

PORTION = 1_000
"""Rows in one transaction: others wait for a fraction of a second at the most."""

_LAST = "last_entry"

Progress = Callable[[str, int], object]
"""Told after each portion: of which kind, and how many rows."""


def remove_all(
    ctx: Context, disposal_id: int, progress: Progress = lambda _code, _count: None
) -> int:
    """Remove what is left of an agreed disposal of the municipality, and write its record.

    Returns how many rows this run removed; 0 where it is done, or was never agreed to.
    """
    removed = 0
    for part in PARTS:
        top: int | None = None
        while True:
            with transaction(ctx):
                count, top = _portion(ctx, disposal_id, part, top)
            if not count:
                break
            removed += count
            progress(part.code, count)
    with transaction(ctx):
        _finish(ctx, disposal_id)
    return removed


def _agreed(ctx: Context, disposal_id: int) -> Any:
    """Lock the disposal where it is agreed to and not finished; else ``None``."""
    return locked(
        Disposal.select().where(
            (Disposal.id == disposal_id)
            & (Disposal.municipality == ctx.municipality.id)
            & Disposal.agreed_at.is_null(False)
            & Disposal.finished_at.is_null()
        )
    ).first()


def _portion(ctx: Context, disposal_id: int, part: Part, top: int | None) -> tuple[int, int | None]:
    """Remove the next rows of a kind, the newest first, so that what refers to another goes before it.

    ``top`` is the highest id that can be left; without it, it is looked for. Returns how many rows
    were removed, and the next ``top``.
    """
    disposal = _agreed(ctx, disposal_id)
    if disposal is None:
        return 0, None
    wanted = part.of(FiscalYear(disposal.municipality_id, disposal.year))
    if part.model is Standing:
        wanted &= Standing.id.not_in(
            Request.select(Request.standing).where(Request.standing.is_null(False))
        )
    if top is None:
        top = part.model.select(fn.MAX(part.model.id)).where(wanted).scalar()
    if top is None:
        return 0, None
    ids = [
        number
        for (number,) in rows(
            part.model.select(part.model.id)
            .where(wanted & (part.model.id <= top))
            .order_by(part.model.id.desc())
            .limit(PORTION)
        )
    ]
    if not ids:
        return 0, top
    counts = json.loads(disposal.removed)
    if part.model is Request:
        _let_go(ids)
    if part.model is JournalEntry:
        counts[_LAST] = max(counts.get(_LAST, 0), ids[0])
        with _open(disposal):
            _delete(part, ids)
    else:
        _delete(part, ids)
    counts[part.code] = counts.get(part.code, 0) + len(ids)
    Disposal.update(removed=json.dumps(counts, sort_keys=True)).where(
        Disposal.id == disposal.id
    ).execute()
    return len(ids), ids[-1] - 1


def _delete(part: Part, ids: list[int]) -> None:
    part.model.delete().where(part.model.id.in_(ids)).execute()


def _let_go(request_ids: list[int]) -> None:
    """Let nothing refer to these requests: ways to them, and who was asked for together with them."""
    for column in (Request.travel_for, Request.joint_with):
        Request.update({column: None}).where(column.in_(request_ids)).execute()


@contextmanager
def _open(disposal: Any) -> Iterator[None]:
    """Open the journal's gate for the rows of this disposal, inside of the caller's transaction."""
    mine = Disposal.id == disposal.id
    Disposal.update(gate=0).where(mine).execute()
    yield
    Disposal.update(gate=None).where(mine).execute()


def _finish(ctx: Context, disposal_id: int) -> None:
    """Write the record, once, in the chain of the municipality's records and in the audit."""
    hold(ctx.municipality.id)
    disposal = _agreed(ctx, disposal_id)
    if disposal is None:
        return
    before = (
        DisposalRecord.select()
        .where(DisposalRecord.municipality == ctx.municipality.id)
        .order_by(DisposalRecord.number.desc())
        .first()
    )
    seal = last_seal(ctx.municipality.id)
    counts = json.loads(disposal.removed)
    last_entry = counts.pop(_LAST, None)
    record = DisposalRecord(
        disposal=disposal.id,
        municipality=ctx.municipality.id,
        number=before.number + 1 if before is not None else 1,
        year=disposal.year,
        first_day=disposal.first_day,
        last_day=disposal.last_day,
        kept_years=disposal.kept_years,
        reason=disposal.reason,
        proposed_at=disposal.proposed_at,
        proposed_by=disposal.proposed_by_id,
        agreed_at=disposal.agreed_at,
        agreed_by=disposal.agreed_by_id,
        finished_at=ctx.now,
        export_sha256=disposal.export_sha256,
        people=disposal.people,
        counts=json.dumps({part.code: counts.get(part.code, 0) for part in PARTS}),
        last_entry=last_entry,
        audit_seal=seal.number if seal is not None else None,
        audit_hash=seal.hash if seal is not None else "",
        previous=before.hash if before is not None else "",
    )
    record.hash = hash_of(record)
    record.save(force_insert=True)
    Disposal.update(finished_at=ctx.now).where(Disposal.id == disposal.id).execute()
    audit.record(
        ctx,
        "ledger.dispose",
        "ledger_disposal_record",
        record.id,
        year=record.year,
        number=record.number,
        sha256=record.export_sha256,
        hash=record.hash,
    )
