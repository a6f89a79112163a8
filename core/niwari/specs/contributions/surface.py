"""What people see: menu items and cards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from niwari.specs.contributions.basics import CODE, BadContribution, Label, Verb

GROUPS = ("home", *Verb, "head", "admin")
"""Where a menu item can stand, from top to bottom."""


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the navigation. The host drops it for those who cannot open ``endpoint``."""

    label: Label
    """What the menu says."""
    endpoint: str
    """The view that it leads to, without parameters: ``<plugin>.<view>``."""
    group: str
    """Where it stands: a ``Verb``; or ``home``, ``head`` or ``admin``."""
    order: int = 100
    """The smaller, the higher in its group."""
    badge: int | None = None
    """A count shown beside it; ``None`` or 0 shows nothing."""

    def __post_init__(self) -> None:
        check_shown("MenuItem", self.endpoint, self.label, self.order)
        _check_endpoint("MenuItem", self.endpoint, self.endpoint)
        if not self.endpoint:
            raise BadContribution("MenuItem '': endpoint is empty; name the view like 'tea.table'")
        if self.group not in GROUPS:
            raise BadContribution(
                f"MenuItem {self.endpoint!r}: group {self.group!r} is unknown; "
                f"use one of {', '.join(GROUPS)}"
            )
        if self.badge is not None and not isinstance(self.badge, int):
            raise BadContribution(f"MenuItem {self.endpoint!r}: badge must be a number or None")


@dataclass(frozen=True, slots=True)
class Card:
    """A card of the home page: rendered apart, so that a failing one takes nothing with it."""

    key: str
    """Its name within the plugin, in lower case, under which its failures are counted."""
    title: Label
    """Its heading."""
    template: str
    """A template of the plugin that ends in ``.html``, as ``tea/card_newest.html``."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """What the template is given."""
    endpoint: str = ""
    """The view that its link leads to, without parameters; empty for no link.

    Whoever may not open it does not see the card.
    """
    order: int = 100
    """The smaller, the earlier on the page, which shows six cards and links to the others."""

    def __post_init__(self) -> None:
        if not isinstance(self.key, str) or not CODE.fullmatch(self.key):
            raise BadContribution(f"Card {self.key!r}: write the key like 'newest', in lower case")
        if not str(self.template).endswith(".html"):
            raise BadContribution(
                f"Card {self.key!r}: template {self.template!r} must end in .html, "
                "so that what people wrote is escaped"
            )
        check_shown("Card", self.key, self.title, self.order)
        _check_endpoint("Card", self.key, self.endpoint)


def check_shown(kind: str, name: str, label: Any, order: Any = 100) -> None:
    """Refuse a label or an order that cannot be shown; raises ``BadContribution``."""
    if not isinstance(label, Label):
        raise BadContribution(f"{kind} {name!r}: give its text as Label(ja, en), not {label!r}")
    if not isinstance(order, int):
        raise BadContribution(f"{kind} {name!r}: order must be a number, not {order!r}")


def _check_endpoint(kind: str, name: Any, endpoint: Any) -> None:
    if not isinstance(endpoint, str):
        raise BadContribution(
            f"{kind} {name!r}: endpoint must be the name of a view like 'tea.table', "
            f"not {endpoint!r}"
        )
