"""Hooks through which plugins work together without knowing each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.specs.contributions import Service, Subscription


@hookspec
def services() -> "Sequence[Service]":  # type: ignore[empty-body]
    """Declare what the plugin does for others, one entry for each version that it still offers.

    Called once at start. The service bears the plugin's name; its Protocol lies in ``contract.py``.
    """


@hookspec
def events() -> Sequence[type[Any]]:  # type: ignore[empty-body]
    """Declare the types of events that the plugin publishes: frozen dataclasses of plain values.

    Called once at start. An event is known as ``<plugin>.<ClassName>``.
    """


@hookspec
def subscriptions() -> "Sequence[Subscription]":  # type: ignore[empty-body]
    """Declare which events the plugin wants to hear of, its own or those of others.

    Called once at start. An event of a plugin that is not installed is simply never heard; to name
    it, the plugin's ``requires`` or ``uses`` must have that plugin.
    """
