"""What everything else is made of: labels, verbs, permissions, classes of the ledger."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")
"""How the host's codes look: lower-case words, joined by dots."""

Role = Literal["staff", "head", "stand_in", "clerk", "hr", "it", "secretariat", "auditor"]
ROLES: tuple[Role, ...] = (
    "staff",
    "head",
    "stand_in",
    "clerk",
    "hr",
    "it",
    "secretariat",
    "auditor",
)


class BadContribution(ValueError):
    """A contribution cannot be used; the message names it, what is wrong, and the mend."""


@dataclass(frozen=True, slots=True)
class Label:
    """A short text in both languages, for contributions and manifests."""

    ja: str
    """The text in Japanese; not empty."""
    en: str
    """The text in English; not empty."""

    def __post_init__(self) -> None:
        for text in (self.ja, self.en):
            if not isinstance(text, str) or not text.strip():
                raise BadContribution(f"Label({self.ja!r}, {self.en!r}): give both languages")

    def text(self, locale: str) -> str:
        """Return the text in ``locale``; Japanese for any but ``en``."""
        return self.en if locale == "en" else self.ja


class Verb(StrEnum):
    """The three verbs that order everything, in the order of the navigation."""

    SPREAD = "spread"
    RAISE = "raise"
    HELP = "help"


VERB_LABELS: Mapping[Verb, Label] = MappingProxyType(
    {
        Verb.SPREAD: Label("広め合う", "Spread"),
        Verb.RAISE: Label("高め合う", "Raise"),
        Verb.HELP: Label("助け合う", "Help each other"),
    }
)


@dataclass(frozen=True, slots=True)
class Permission:
    """Something that one may do. ``roles`` hold it unless a municipality maps it otherwise.

    A code that ends in ``.read`` never opens an unsafe method.
    """

    code: str
    """The name that routes and ``ctx.may`` ask for: ``<plugin>.<what>``, in lower case."""
    label: Label
    """What it allows, in words."""
    roles: tuple[Role, ...]
    """Who holds it from the start: any of staff, head, stand_in, clerk, hr, it, secretariat, auditor."""

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code) or "." not in self.code:
            raise BadContribution(
                f"Permission {self.code!r}: write it like 'consult.answer', in lower case"
            )
        if unknown := set(self.roles) - set(ROLES):
            raise BadContribution(
                f"Permission {self.code!r}: unknown role {sorted(unknown)[0]!r}; "
                f"known are {', '.join(ROLES)}"
            )


@dataclass(frozen=True, slots=True)
class Activity:
    """A class of the ledger: what 20% time may be spent on.

    A ``discreet`` class shows to head, HR, hosts and exports only as 「学び・相談」 (ledger rule
    L14).
    """

    code: str
    """The name under which the ledger keeps it, in lower case; unique in the installation."""
    label: Label
    """What people choose when they ask for 20% time."""
    counts: bool = True
    """Whether its minutes count against the allowance."""
    discreet: bool = False
    """Whether others than the person see it only as 「学び・相談」."""

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise BadContribution(f"Activity {self.code!r}: write the code like 'consult'")
