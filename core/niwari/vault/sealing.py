"""Texts that a copy of the database, or a file of all rows, must not tell: sealed row by row."""

from niwari.keyring import keyring

_PURPOSE = "text"


def seal_text(kind: str, value: int | str, text: str) -> str:
    """Return ``text`` sealed by the key of the installation, for a ``TextField``.

    ``kind`` and ``value`` say what it belongs to, as ``"tea.note"`` and the id of the row above it: it
    opens for these alone. Who may read it stays the plugin's to ask; sealed it is kept from whoever
    reads the tables, as a backup or ``niwari plugins export``. Losing the key loses it.
    """
    return keyring().seal(f"{_PURPOSE} {kind} {value}", text.encode())


def open_text(kind: str, value: int | str, sealed: str) -> str:
    """Return what ``seal_text`` sealed for ``kind`` and ``value``; raises ``SealError``."""
    return keyring().open_sealed(f"{_PURPOSE} {kind} {value}", sealed).decode()
