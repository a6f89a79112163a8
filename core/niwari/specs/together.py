"""Hooks through which plugins work together without knowing each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.specs.contributions import Service, Subscription


@hookspec
def services() -> "Sequence[Service]":  # type: ignore[empty-body]
    """Declare what the plugin does for others, one entry for each version that it still offers.

    The service bears the plugin's name; its Protocol lies in the plugin's ``contract.py``. Another
    plugin calls ``ctx.service("tea", 1)``.

    Returns: a list of ``Service``; a version stands in it once.

    Example::

        from niwari.api import Service, hookimpl
        from niwari_tea.contract import TeaTable
        from niwari_tea.service import Table


        @hookimpl
        def services():
            return [Service(1, TeaTable, Table)]
    """


@hookspec
def events() -> Sequence[type[Any]]:  # type: ignore[empty-body]
    """Declare the types of events that the plugin publishes: frozen dataclasses of plain values.

    An event is known as ``<plugin>.<ClassName>``. Its docstring says when it happens. It carries
    ids, codes, numbers and texts (``str``, ``int``, ``bool`` or ``None``), never a row and nothing
    that somebody wrote.

    Returns: a list of classes.

    Example::

        from dataclasses import dataclass

        from niwari.api import hookimpl


        @dataclass(frozen=True)
        class CupPoured:
            \"\"\"Somebody poured a cup and shared it.\"\"\"

            cup_id: int


        @hookimpl
        def events():
            return [CupPoured]
    """


@hookspec
def subscriptions() -> "Sequence[Subscription]":  # type: ignore[empty-body]
    """Declare which events the plugin wants to hear of, its own or those of others.

    An event of a plugin that is not installed is simply never heard. To name it, the plugin's
    ``requires`` or ``uses`` in ``plugin.toml`` must have that plugin.

    Returns: a list of ``Subscription``; an event stands in it once.

    Example::

        from niwari.api import Subscription, audit, hookimpl


        def remember(ctx, event):
            audit(ctx, "tea.heard", "tea.cup", event.cup_id)


        @hookimpl
        def subscriptions():
            return [Subscription("tea.CupPoured", remember)]
    """
