"""Sealing: committed rows of the audit are taken into their municipality's chain of hashes.

A row gets its id before it is committed, so a row with a smaller id may appear after a seal. Which
rows are sealed is therefore written down row by row, and a late one goes into a later seal.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from peewee import IntegrityError

from niwari.audit.digests import NOTHING_BEFORE, SealHash, digest_of
from niwari.audit.models import AuditEntry, AuditSeal, SealedEntry
from niwari.db.transaction import immediate

log = logging.getLogger(__name__)

LATEST = timedelta(hours=1)
"""How long a transaction may take: what is older than this at the last seal is sealed no more.

Such a row was not there when its time was sealed, so ``verify`` calls it inserted.
"""

PORTION = 1_000
"""How many rows one seal covers at the most, and one transaction writes."""

_WRITTEN_AT_ONCE = 200


def seal_all(municipality_ids: Iterable[int], now: datetime) -> int:
    """Seal what is committed in each of the municipalities; returns how many rows were sealed.

    Any number of workers may do it at once: the one that comes second does nothing. What cannot be
    sealed in one keeps no other waiting; the first error is raised at the end.
    """
    sealed, failed = 0, None
    for municipality_id in municipality_ids:
        try:
            sealed += seal(municipality_id, now)
        except Exception as error:
            log.exception("the audit of municipality %s could not be sealed", municipality_id)
            failed = failed or error
    if failed is not None:
        raise failed
    return sealed


def seal(municipality_id: int, now: datetime) -> int:
    """Seal what is committed in one municipality; returns how many rows were sealed."""
    total = 0
    while unsealed(municipality_id, last_seal(municipality_id), now).exists():
        try:
            with immediate():
                sealed = _seal_portion(municipality_id, now)
        except IntegrityError:  # another worker wrote the seal of this number
            return total
        total += sealed
        if sealed < PORTION:
            break
    return total


def last_seal(municipality_id: int) -> AuditSeal | None:
    """Return the head of a municipality's chain, or ``None`` where nothing is sealed yet."""
    found: AuditSeal | None = (
        AuditSeal.select()
        .where(AuditSeal.municipality_id == municipality_id)
        .order_by(AuditSeal.number.desc())
        .first()
    )
    return found


def unsealed(municipality_id: int, last: AuditSeal | None, now: datetime) -> Any:
    """Return the query of the rows that the seal after ``last`` will take at ``now``."""
    query = not_in_a_seal(municipality_id)
    if last is None:
        return query
    # A clock that ran ahead and was put right must not leave what follows without a seal.
    return query.where(AuditEntry.at >= min(last.at, now) - LATEST)


def not_in_a_seal(municipality_id: int) -> Any:
    """Return the query of a municipality's rows that no seal covers."""
    return (
        AuditEntry.select()
        .left_outer_join(SealedEntry, on=(SealedEntry.entry_id == AuditEntry.id))
        .where((AuditEntry.municipality_id == municipality_id) & SealedEntry.id.is_null())
    )


def _seal_portion(municipality_id: int, now: datetime) -> int:
    last = last_seal(municipality_id)
    waiting = unsealed(municipality_id, last, now)
    found = list(waiting.order_by(AuditEntry.id).limit(PORTION + 1))
    entries = found[:PORTION]
    if not entries:
        return 0
    at = now
    if len(found) > PORTION:
        # More is waiting, and may be older: the time that counts as sealed must not move past it.
        at = min(last.at, now) if last else waiting.order_by(AuditEntry.at).first().at
    number = last.number + 1 if last else 1
    previous = last.hash if last else NOTHING_BEFORE
    digests = [(entry.id, digest_of(entry)) for entry in entries]
    sealed = SealHash(municipality_id, number, at, previous).add_all(digests)
    seal_id = AuditSeal.insert(
        municipality_id=municipality_id,
        number=number,
        first_id=entries[0].id,
        last_id=entries[-1].id,
        rows=len(entries),
        at=at,
        previous=previous,
        hash=sealed,
    ).execute()
    members = [
        {"seal": seal_id, "position": position, "entry_id": entry_id, "digest": digest}
        for position, (entry_id, digest) in enumerate(digests, 1)
    ]
    for start in range(0, len(members), _WRITTEN_AT_ONCE):
        SealedEntry.insert_many(members[start : start + _WRITTEN_AT_ONCE]).execute()
    return len(entries)
