"""The hash of a disposal record (廃棄記録), over all that it says and the hash of the one before."""

import hashlib
import json
from datetime import date, datetime

from niwari.ledger.models import DisposalRecord


def hash_of(record: DisposalRecord) -> str:
    """Return the SHA-256 in hexadecimal over the columns of a record but ``id`` and ``hash``."""
    said = {
        name: _written(value)
        for name, value in record.__data__.items()
        if name not in ("id", "hash")
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _written(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value
