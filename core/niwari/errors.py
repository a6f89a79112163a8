"""The root of the domain's errors.

A domain error is an answer, not a failure: a rule said no. The web layer maps the class to a status
once, shows ``text`` in the reader's language, and never counts it against a plugin.
"""

from typing import Any, ClassVar


def N_(text: str) -> str:
    """Mark ``text`` for translation where it stands; it is translated where it is shown."""
    return text


class Minutes(int):
    """An amount of whole minutes, in a sentence's ``params`` or a cell: 1時間30分, never 90."""


class DomainError(Exception):
    """A rule of the domain that says no.

    ``text`` is the Japanese sentence (a msgid) with ``%(name)s`` places for ``params``; a day
    among them is written as on pages, 2026年11月18日（水）. ``rule`` names its source where there is
    one (``L3``, ``R-052``). ``field`` names the form field that the sentence belongs to, or is
    empty.
    """

    status: ClassVar[int] = 409
    rule: ClassVar[str] = ""
    text: str = N_("この操作はできません。")
    field: str = ""

    def __init__(self, text: str = "", /, *, field: str = "", **params: Any) -> None:
        """Say ``text`` (or the class's own) with ``params`` filled in."""
        self.text = text or type(self).text
        self.field = field or type(self).field
        self.params = params
        super().__init__(self.text % params if params else self.text)


class NotFound(DomainError):
    """The thing is not there, or not for this person: the two are never told apart."""

    status = 404
    text = N_("見つかりません。")


class Forbidden(DomainError):
    """The person may see the thing but not do this to it."""

    status = 403
    text = N_("この操作をする権限がありません。")


class Invalid(DomainError):
    """What was given does not have the form it needs."""

    status = 422
    text = N_("入力を確かめてください。")
