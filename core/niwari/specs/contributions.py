"""What declare hooks and runtime hooks return: frozen values that the host checks and wires.

They name areas of the core by plain values, so that neither the specs nor the host know an area.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")

Role = Literal["staff", "head", "hr", "it", "secretariat", "auditor"]
ROLES: tuple[Role, ...] = ("staff", "head", "hr", "it", "secretariat", "auditor")


class BadContribution(ValueError):
    """A contribution cannot be used; the message names it, what is wrong, and the mend."""


@dataclass(frozen=True, slots=True)
class Label:
    """A short text in both languages, for contributions and manifests."""

    ja: str
    en: str

    def __post_init__(self) -> None:
        texts = (self.ja, self.en)
        if not all(isinstance(text, str) and text.strip() for text in texts):
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
    label: Label
    roles: tuple[Role, ...]

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code) or "." not in self.code:
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

    ``counts`` says whether its minutes count against the allowance. A ``discreet`` class shows to
    head, HR, hosts and exports only as 「学び・相談」 (ledger rule L14).
    """

    code: str
    label: Label
    counts: bool = True
    discreet: bool = False

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise BadContribution(f"Activity {self.code!r}: write the code like 'consult'")


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the navigation. The host drops it for those who cannot open ``endpoint``.

    ``group`` is a verb, or for core areas ``home``, ``head`` or ``admin``. ``badge`` is a count
    shown beside it, or ``None``.
    """

    label: Label
    endpoint: str
    group: str
    order: int = 100
    badge: int | None = None

    def __post_init__(self) -> None:
        _check_shown("MenuItem", self.endpoint, self.label, self.order)
        if self.badge is not None and not isinstance(self.badge, int):
            raise BadContribution(f"MenuItem {self.endpoint!r}: badge must be a number or None")


@dataclass(frozen=True, slots=True)
class Card:
    """A card of the home page: rendered apart, so that a failing one takes nothing with it.

    ``template`` is a template of the plugin and gets ``data``. ``endpoint`` is where the card
    leads.
    """

    key: str
    title: Label
    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
    endpoint: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        if not str(self.template).endswith(".html"):
            raise BadContribution(
                f"Card {self.key!r}: template {self.template!r} must end in .html, "
                "so that what people wrote is escaped"
            )
        _check_shown("Card", self.key, self.title, self.order)


def _check_shown(kind: str, name: str, label: Any, order: Any) -> None:
    if not isinstance(label, Label):
        raise BadContribution(f"{kind} {name!r}: give its text as Label(ja, en), not {label!r}")
    if not isinstance(order, int):
        raise BadContribution(f"{kind} {name!r}: order must be a number, not {order!r}")
