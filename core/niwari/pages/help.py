"""Help for whoever writes, as forms ask for it; the area ``writing`` gives it.

Pages lie below it, so it is handed in at the start.
"""

from datetime import datetime
from typing import Any, Protocol


class KeptTexts(Protocol):
    """What was typed earlier: the texts by field, and when they were kept."""

    @property
    def values(self) -> Any:
        """The texts, by the name of the field."""

    @property
    def kept_at(self) -> datetime:
        """When they were kept last."""


class WritingHelp(Protocol):
    """What forms that keep drafts can ask for."""

    def kept(self, key: str) -> KeptTexts | None:
        """Return the acting person's draft of the form ``key``."""

    def helps(self, form: Any) -> bool:
        """Tell whether the request asks for help instead of sending the form, and give it."""

    def sent(self, form: Any) -> None:
        """Forget the draft once the request ends well."""


_help: list[WritingHelp] = []


def help_with(given: WritingHelp) -> None:
    """Let all forms of the process ask ``given``."""
    _help[:] = [given]


def writing_help() -> WritingHelp:
    """Return what forms ask; raises ``LookupError`` before an application was made."""
    if not _help:
        raise LookupError("no application has been made in this process")
    return _help[0]
