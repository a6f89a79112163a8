"""What is hashed, and how: the same bytes on both engines, in every version to come."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

from niwari.audit.models import AuditEntry

NOTHING_BEFORE = "0" * 64
"""Stands in the first seal of a chain where the others have the hash before them."""


def digest_of(entry: AuditEntry) -> str:
    """Return the SHA-256 of a whole row of the audit."""
    values: dict[str, object] = {
        "id": entry.id,
        "municipality_id": entry.municipality_id,
        "at": _instant(entry.at),
        "actor_id": entry.actor_id,
        "on_behalf_of_id": entry.on_behalf_of_id,
        "actor": entry.actor,
        "action": entry.action,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "details": entry.details,
        "request_id": entry.request_id,
    }
    if entry.values_hash is not None:  # rows from before there were values keep their digest
        values["values_hash"] = entry.values_hash
    return _sha256(values)


class SealHash:
    """The hash of one seal, from the digests of its rows in order; takes any number of them."""

    def __init__(self, municipality_id: int, number: int, at: datetime, previous: str) -> None:
        """Begin with all that the seal says of itself; ``at`` is an aware instant."""
        self._hash = sha256(
            _canonical(
                {
                    "municipality_id": municipality_id,
                    "number": number,
                    "at": _instant(at),
                    "previous": previous,
                }
            )
        )

    def add(self, entry_id: int, digest: str) -> None:
        """Go on with the next row."""
        self._hash.update(f"\n{entry_id} {digest}".encode())

    def add_all(self, entries: Iterable[tuple[int, str]]) -> str:
        """Go on with (id, digest) of several rows and return the hash."""
        for entry_id, digest in entries:
            self.add(entry_id, digest)
        return self.hexdigest()

    def hexdigest(self) -> str:
        """Return the hash of what was added so far."""
        return self._hash.hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _canonical(values: dict[str, object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _sha256(values: dict[str, object]) -> str:
    return sha256(_canonical(values)).hexdigest()
