"""Sealing what must not tell its length either."""

from niwari.keyring import Broken, keyring

_LENGTH = 8


def seal_padded(purpose: str, data: bytes, block: int) -> str:
    """Seal ``data`` for ``purpose``, filled up so that its length tells how many ``block`` bytes alone."""
    filled = len(data).to_bytes(_LENGTH) + data
    return keyring().seal(purpose, filled + bytes(-len(filled) % block))


def open_padded(purpose: str, text: str) -> bytes:
    """Return what ``seal_padded`` sealed; raises ``SealError``."""
    filled = keyring().open_sealed(purpose, text)
    length = int.from_bytes(filled[:_LENGTH])
    if len(filled) < _LENGTH + length:
        raise Broken(f"{purpose}: shorter than it says")
    return filled[_LENGTH : _LENGTH + length]
