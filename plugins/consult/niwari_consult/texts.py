"""The rules for what people write. Forms and services ask the same functions."""

import unicodedata
from dataclasses import asdict, dataclass

from niwari_consult.errors import Blank, Illegible, TooLong

TITLE_LIMIT = 120
BODY_LIMIT = 10_000

# Characters that turn the direction of writing: a text with them can show other than it is.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Plain:
    """A question written in one piece."""

    body: str

    def checked(self) -> dict[str, str]:
        """Return the columns to store; raises ``Blank``, ``TooLong`` or ``Illegible``."""
        return {"body": checked_body(self.body)}


@dataclass(frozen=True, slots=True)
class InParts:
    """A question in three parts: what it is about, what one has heard, what one asks (R-052).

    Only the last is needed: it is better to ask in a hurry than not at all.
    """

    background: str
    heard: str
    ask: str

    def checked(self) -> dict[str, str]:
        """Return the columns to store; raises ``Blank``, ``TooLong`` or ``Illegible``."""
        parts = {name: checked_optional(text, name) for name, text in asdict(self).items()}
        return parts | {"ask": checked_body(self.ask, "ask")}


def checked_title(text: str, field: str = "title") -> str:
    """Return ``text`` as one line of 1 to ``TITLE_LIMIT`` characters.

    Runs of white space become one space. Raises ``Blank``, ``TooLong`` or ``Illegible`` for
    ``field``.
    """
    title = " ".join(text.split())
    _check_legible(title, field)
    _check_present(title, field)
    _check_length(title, TITLE_LIMIT, field)
    return title


def checked_body(text: str, field: str = "body") -> str:
    """Return ``text`` of 1 to ``BODY_LIMIT`` characters, with plain line ends.

    Raises ``Blank``, ``TooLong`` or ``Illegible`` for ``field``.
    """
    body = checked_optional(text, field)
    _check_present(body, field)
    return body


def checked_optional(text: str, field: str) -> str:
    """Return ``text`` like ``checked_body``; what has nothing legible in it becomes empty."""
    body = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    _check_legible(body, field)
    _check_length(body, BODY_LIMIT, field)
    return body if _has_something(body) else ""


def _check_legible(text: str, field: str) -> None:
    for char in text:
        if char in "\n\t":
            continue
        # Cc: control characters (PostgreSQL takes no NUL). Cs: halves of surrogate pairs.
        if char in _TURNING or unicodedata.category(char) in ("Cc", "Cs"):
            raise Illegible(field=field)


def _check_present(text: str, field: str) -> None:
    if not _has_something(text):
        raise Blank(field=field)


def _check_length(text: str, limit: int, field: str) -> None:
    if len(text) > limit:
        raise TooLong(field=field, limit=limit, length=len(text))


def _has_something(text: str) -> bool:
    # Letters, numbers, punctuation, symbols; white space and zero-width characters are nothing.
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)
