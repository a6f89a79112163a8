"""Verifying: whether the rows of the audit are still those that were sealed.

Whoever can write to the database could also make a whole new chain. Only a head hash that somebody
noted elsewhere shows that, so ``verify`` also looks for one among the seals.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from peewee import JOIN, Case, fn

from niwari.audit.digests import NOTHING_BEFORE, SealHash, digest_of
from niwari.audit.models import AuditEntry, AuditSeal, SealedEntry
from niwari.audit.reading import Member, seals_to, with_members
from niwari.audit.sealing import LATEST, last_seal, not_in_a_seal
from niwari.audit.values import Packed
from niwari.db import rows
from niwari.keyring import UnknownKey

FAULTS_NAMED = 100
"""How many faults of a municipality are named; the others are counted."""


@dataclass(slots=True)
class Verified:
    """What a walk along one municipality's chain found.

    ``faults`` are sentences, of which at most ``FAULTS_NAMED`` are kept; ``fault_count`` counts
    all. ``head`` is the hash of the last seal. ``unsealed`` rows wait for the next one. Of
    ``unchecked`` rows the values could not be compared, because their key is not in the ring.
    """

    seals: int = 0
    rows: int = 0
    head: str = ""
    unsealed: int = 0
    unchecked: int = 0
    fault_count: int = 0
    faults: list[str] = field(default_factory=list)
    expected_at: int | None = None

    def blame(self, sentence: str) -> None:
        """Keep a fault."""
        self.fault_count += 1
        if len(self.faults) < FAULTS_NAMED:
            self.faults.append(sentence)


def verify(municipality_id: int, now: datetime, expected: str = "") -> Verified:
    """Walk along a municipality's chain and name each fault at ``now``; reads only, in portions.

    ``expected_at`` of what it returns is the number of the seal whose hash is ``expected``.
    """
    found = Verified()
    last = last_seal(municipality_id)  # what is sealed meanwhile is left to the next walk
    previous: Any = None
    chain = seals_to(municipality_id, last.number if last else 0)
    for seal, members in with_members(chain):
        if seal.number < 1:
            _blame_inserted(found, seal, members)
            continue
        _check_link(found, seal, previous)
        floor = min(previous.at, seal.at) - LATEST if previous else None
        _check_rows(found, seal, members, floor)
        if expected and seal.hash == expected:
            found.expected_at = seal.number
        found.seals += 1
        previous = seal
    found.head = previous.hash if previous else ""
    _check_elsewhere(found, municipality_id)
    _check_outside(found, municipality_id, now)
    return found


def _blame_inserted(found: Verified, seal: Any, members: Iterator[Member]) -> None:
    found.blame(f"seal {seal.number}: was inserted")
    for member in members:
        found.blame(f"row {member.entry_id} is covered by no seal of the chain")


def _check_link(found: Verified, seal: Any, previous: Any) -> None:
    number, link = (previous.number + 1, previous.hash) if previous else (1, NOTHING_BEFORE)
    if seal.number != number:
        missing = f"{number}" if seal.number == number + 1 else f"{number} to {seal.number - 1}"
        found.blame(f"seal {missing}: missing")
    elif seal.previous != link:
        found.blame(f"seal {seal.number}: does not follow from the seal before it")


def _check_rows(
    found: Verified, seal: Any, members: Iterator[Member], floor: datetime | None
) -> None:
    """Check the rows of a seal; none that it may cover is older than ``floor``."""
    sealed = SealHash(seal.municipality_id, seal.number, seal.at, seal.previous)
    where = f"seal {seal.number}"
    blamed, position = found.fault_count, 0
    for member in members:
        found.rows += 1
        for missing in range(position + 1, member.position):
            found.blame(f"{where}: the row at position {missing} is missing")
        position = member.position
        if position > seal.rows:
            found.blame(f"{where}: row {member.entry_id} was inserted")
            continue
        sealed.add(member.entry_id, member.digest)
        if member.entry is None:
            found.blame(f"{where}: row {member.entry_id} is missing")
        elif digest_of(member.entry) != member.digest:
            found.blame(f"{where}: row {member.entry_id} was changed")
        elif member.entry.municipality_id != seal.municipality_id:
            found.blame(f"{where}: row {member.entry_id} is another municipality's")
        elif floor is not None and member.entry.at < floor:
            found.blame(f"{where}: row {member.entry_id} was inserted, its time was sealed before")
        elif not _values_fit(found, member):
            found.blame(f"{where}: the values of row {member.entry_id} were changed")
    for missing in range(position + 1, seal.rows + 1):
        found.blame(f"{where}: the row at position {missing} is missing")
    if sealed.hexdigest() != seal.hash and found.fault_count == blamed:
        found.blame(f"{where}: its hash does not fit what it covers")


def _values_fit(found: Verified, member: Member) -> bool:
    """Tell whether what is kept beside a row is what the row says; what was erased fits."""
    if member.value is None or member.entry is None:
        return True
    if member.entry.values_hash is None:
        return False
    kept = Packed(member.value.salt, member.value.content)
    try:
        return kept.fits(member.entry.values_hash)
    except UnknownKey:
        found.unchecked += 1
        return True


def _check_elsewhere(found: Verified, municipality_id: int) -> None:
    """Name rows that only seem to be sealed: by a seal that is not there, or another town's."""
    covered = (
        AuditEntry.select(AuditEntry.id)
        .join_from(AuditEntry, SealedEntry, on=(SealedEntry.entry_id == AuditEntry.id))
        .join_from(SealedEntry, AuditSeal, JOIN.LEFT_OUTER)
        .where(
            (AuditEntry.municipality_id == municipality_id)
            & (AuditSeal.id.is_null() | (AuditSeal.municipality_id != municipality_id))
        )
    )
    for (entry_id,) in rows(covered.order_by(AuditEntry.id).limit(FAULTS_NAMED)):
        found.blame(f"row {entry_id} is covered by no seal of the chain")


def _check_outside(found: Verified, municipality_id: int, now: datetime) -> None:
    """Count what waits for a seal; name what waits too long, or came when its time was sealed."""
    last = last_seal(municipality_id)
    outside = not_in_a_seal(municipality_id)
    if last is not None:
        floor = min(last.at, now) - LATEST
        late = outside.where(AuditEntry.at < floor)
        for entry_id, at in rows(
            late.select(AuditEntry.id, AuditEntry.at).order_by(AuditEntry.id).limit(FAULTS_NAMED)
        ):
            found.blame(
                f"after seal {last.number}: row {entry_id} was inserted, it says "
                f"{at.isoformat(timespec='seconds')}"
            )
        outside = outside.where(AuditEntry.at >= floor)
    too_long = Case(None, [(AuditEntry.at < now - LATEST, 1)])
    ((found.unsealed, waiting),) = rows(outside.select(fn.COUNT(AuditEntry.id), fn.COUNT(too_long)))
    if waiting:
        found.blame(
            f"{waiting} rows have waited for a seal for more than an hour: is the worker running?"
        )
