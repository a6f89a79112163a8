"""What acts changed, in the words of people: kept beside the audit, and erased without breaking it.

A row of the audit keeps a keyed hash of its values and of a salt. While the values are there, nobody
changes them unnoticed; when they are erased the salt goes too, and not even the key tells what they
were. The chain of seals covers the hash, so it stays sound.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from niwari.audit.models import AuditEntry, AuditValue
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.keyring import keyring

Values = Mapping[str, str | int | bool | None]
"""Values by field, as ``{"name": "草野"}``."""

KEPT = timedelta(days=3 * 365)
"""How long values are kept; the audit itself stays."""

_USE = "audit.values"
_ERASED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What an act changed; a field that is missing on one side was not there."""

    before: Values
    after: Values


@dataclass(frozen=True, slots=True)
class Packed:
    """A change on its way into the database."""

    salt: str
    content: str

    @property
    def hash(self) -> str:
        """What the row of the audit keeps of it."""
        return keyring().mark(_USE, self._bytes)

    def fits(self, values_hash: str) -> bool:
        """Tell whether it is what the hash was made of; raises ``UnknownKey``."""
        return keyring().is_marked(_USE, self._bytes, values_hash)

    @property
    def _bytes(self) -> bytes:
        return f"{self.salt}\n{self.content}".encode()


def pack(before: Values, after: Values) -> Packed:
    """Return a change as it is kept, with a salt of its own."""
    content = {"before": dict(before), "after": dict(after)}
    return Packed(secrets.token_hex(16), json.dumps(content, ensure_ascii=False, sort_keys=True))


def changes(entry_ids: Collection[int]) -> dict[int, Change]:
    """Return what rows of the audit changed, by their ids, where it was not erased: one query."""
    if not entry_ids:
        return {}
    query = AuditValue.select(AuditValue.id, AuditValue.content).where(
        AuditValue.id << sorted(entry_ids)
    )
    return {entry_id: Change(**json.loads(content)) for entry_id, content in rows(query)}


def erase_values(person_id: int, area: str) -> int:
    """Erase what acts of one area or plugin changed of a person; returns how many acts that were.

    In the caller's transaction.
    """
    query = AuditValue.select(AuditValue.id, AuditEntry.action).join(
        AuditEntry, on=(AuditEntry.id == AuditValue.id)
    )
    own = rows(query.where(AuditValue.person_id == person_id))
    ids = [entry_id for entry_id, action in own if action.startswith(f"{area}.")]
    gone: int = AuditValue.delete().where(AuditValue.id << ids).execute()
    return gone


def erase_old(ctx: Context) -> int:
    """Erase all values that are older than ``KEPT``, in transactions of portions; returns how many."""
    gone = 0
    while True:
        old = AuditValue.select(AuditValue.id).where(AuditValue.at < ctx.now - KEPT)
        ids = [one for (one,) in rows(old.order_by(AuditValue.at).limit(_ERASED_AT_ONCE))]
        if not ids:
            return gone
        with transaction(ctx):
            gone += AuditValue.delete().where(AuditValue.id << ids).execute()
