"""The rules for what people write. Forms and services ask the same functions."""

from dataclasses import asdict, dataclass

from niwari.api import checked_line, checked_text

TITLE_LIMIT = 120
BODY_LIMIT = 10_000


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
    """Return ``text`` as one line of 1 to ``TITLE_LIMIT`` characters; raises as ``checked_line``."""
    return checked_line(text, field, TITLE_LIMIT, required=True)


def checked_body(text: str, field: str = "body") -> str:
    """Return ``text`` of 1 to ``BODY_LIMIT`` characters; raises as ``checked_text``."""
    return checked_text(text, field, BODY_LIMIT, required=True)


def checked_optional(text: str, field: str) -> str:
    """Return ``text`` like ``checked_body``; what has nothing legible in it becomes empty."""
    return checked_text(text, field, BODY_LIMIT)
