"""What people see: menu items and cards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from niwari.specs.contributions.basics import BadContribution, Label


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
        check_shown("MenuItem", self.endpoint, self.label, self.order)
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
        check_shown("Card", self.key, self.title, self.order)


def check_shown(kind: str, name: str, label: Any, order: Any = 100) -> None:
    """Refuse a label or an order that cannot be shown; raises ``BadContribution``."""
    if not isinstance(label, Label):
        raise BadContribution(f"{kind} {name!r}: give its text as Label(ja, en), not {label!r}")
    if not isinstance(order, int):
        raise BadContribution(f"{kind} {name!r}: order must be a number, not {order!r}")
