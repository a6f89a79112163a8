"""What people are told: kinds of notices."""

import re
from dataclasses import dataclass
from typing import Literal

from niwari.specs.contributions.basics import CODE, BadContribution, Label

Pace = Literal["at_once", "daily", "inbox", "off"]
PACES: tuple[Pace, ...] = ("at_once", "daily", "inbox", "off")
"""How somebody is told: in the inbox with a mail at once, with one mail a day, alone; or not at all."""

LONGEST_KIND = 60
"""Characters of a notice's code."""

TITLE = "title"
"""The value that every sentence may use: what the row that the notice is about is called."""

_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice: what happened, told in one sentence that leads to the row that it is about.

    A notice keeps the code and plain values; its sentence is made when it is read, in the reader's
    language. Each person chooses how to be told of each kind.
    """

    code: str
    """The name that ``notify`` is given: ``<plugin>.<what>``, as ``tea.poured``."""
    label: Label
    """What people choose on the page of their settings, as 自分の相談に回答が付いたとき."""
    sentence: Label
    """What the inbox and the mail say, with places like ``%(title)s``; a whole sentence."""
    values: tuple[str, ...] = ()
    """The names of the values that ``notify`` gives for the sentence, beside ``title``."""
    default: Pace = "at_once"
    """How somebody is told who chose nothing: ``at_once``, ``daily``, ``inbox`` or ``off``."""
    discreet: bool = False
    """Whether a mail only says that there is something to read, and nothing of what it is."""
    private: bool = False
    """Whether nobody but its reader may learn that it came, as that a report of theirs was looked at: it is
    in no file that HR or a command makes, and not on the page of undelivered mail. Such a kind is
    ``discreet`` too."""
    to_chat: bool = False
    """Whether a municipality may let it go to its chat too; for what is of interest to all who may open
    the row's page. What is addressed to one person, as 「あなたの…」, is not for a chat."""
    endpoint: str = ""
    """The page, as ``tea.cups``, that such notices lead to where they are about no row, or about one
    that cannot be opened; one whose address needs no value."""

    def __post_init__(self) -> None:
        where = f"NoticeKind {self.code!r}"
        if not CODE.fullmatch(str(self.code)) or "." not in self.code:
            raise BadContribution(f"{where}: write the code like 'consult.answered', in lower case")
        if len(self.code) > LONGEST_KIND:
            raise BadContribution(f"{where}: the code may have {LONGEST_KIND} characters")
        for name in ("label", "sentence"):
            if not isinstance(getattr(self, name), Label):
                raise BadContribution(f"{where}: give its {name} as Label(ja, en)")
        if self.default not in PACES:
            raise BadContribution(
                f"{where}: default {self.default!r} is unknown; use one of {', '.join(PACES)}"
            )
        if self.to_chat and self.discreet:
            raise BadContribution(f"{where}: a discreet kind goes to no chat; drop one of the two")
        if self.private and not self.discreet:
            raise BadContribution(
                f"{where}: its mail would tell what a private kind keeps; add discreet=True"
            )
        self._check_places(where)

    def _check_places(self, where: str) -> None:
        known = {TITLE, *self.values}
        for text in (self.sentence.ja, self.sentence.en):
            used = set(_PLACE.findall(text))
            if unknown := sorted(used - known):
                raise BadContribution(
                    f"{where}: the sentence uses {unknown[0]!r}; add it to values"
                )
            if unused := sorted(set(self.values) - used):
                raise BadContribution(
                    f"{where}: the sentence {text!r} does not use {unused[0]!r}; say it or drop it"
                )
            if "%" in _PLACE.sub("", text):
                raise BadContribution(
                    f"{where}: the sentence {text!r} has a % that is no place like %(title)s; "
                    "write the word instead"
                )
