"""Hooks about the life of a plugin in one municipality.

Those that ask (``can_…``) return blockers: sentences that say what is in the way and how to mend
it. Those that tell run in the transaction of the switch: what they write stands or falls with it.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from niwari.context import Context
    from niwari.specs.contributions import Label


@hookspec
def can_enable(ctx: "Context") -> "Sequence[Label]":  # type: ignore[empty-body]
    """Return what is in the way of switching the plugin on in ``ctx.municipality``, or nothing.

    One that raises is in the way too.
    """


@hookspec
def enabled(ctx: "Context") -> None:
    """Prepare the municipality: the plugin has just been switched on there.

    One that raises undoes the switch.
    """


@hookspec
def can_disable(ctx: "Context") -> "Sequence[Label]":  # type: ignore[empty-body]
    """Return what is in the way of switching the plugin off in ``ctx.municipality``, or nothing.

    One that raises is not in the way: what fails must be able to be switched off.
    """


@hookspec
def disabled(ctx: "Context") -> None:
    """Clean up: the plugin has just been switched off in the municipality. Nothing is deleted.

    One that raises is undone alone; the plugin is off all the same.
    """


@hookspec
def upgraded(ctx: "Context", previous: str) -> None:
    """Adapt the municipality's data: ``niwari migrate`` met another version than ``previous``.

    Called once for each municipality that has the plugin on, each in a transaction of its own.
    """
