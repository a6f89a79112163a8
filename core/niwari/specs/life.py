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

    That the plugins it requires are on has been checked before. Going on after a pause asks nothing.

    Called: by the page of municipal IT and by ``niwari plugins enable``.
    Returns: ``Label`` objects, each a sentence with its mend; nothing means yes.
    Transaction: inside that of the switch.
    Raising: the plugin stays off and municipal IT is told that its preparation failed.

    Example::

        from niwari.api import Label, hookimpl


        @hookimpl
        def can_enable(ctx):
            if ctx.municipality.region_id is None:
                return [Label("先に広域圏を登録してください。", "Register the region first.")]
            return []
    """


@hookspec
def enabled(ctx: "Context") -> None:
    """Prepare the municipality: the plugin has just been switched on there.

    It may run again after a time of being off, so it looks before it makes anything.

    Called: once the switch from off to on is written; not when a pause ends.
    Returns: nothing.
    Transaction: inside that of the switch.
    Raising: the switch is undone and municipal IT is told that the preparation failed.

    Example::

        from niwari.api import audit, hookimpl


        @hookimpl
        def enabled(ctx):
            audit(ctx, "tea.prepared", "municipality", ctx.municipality.id)
    """


@hookspec
def can_disable(ctx: "Context") -> "Sequence[Label]":  # type: ignore[empty-body]
    """Return what is in the way of switching the plugin off in ``ctx.municipality``, or nothing.

    Called: by the page of municipal IT and by ``niwari plugins disable``; not for a pause.
    Returns: ``Label`` objects, each a sentence with its mend; nothing means yes.
    Transaction: inside that of the switch.
    Raising: it is not in the way. What fails must be able to be switched off.

    Example::

        from niwari.api import hookimpl


        @hookimpl
        def can_disable(ctx):
            return []
    """


@hookspec
def disabled(ctx: "Context") -> None:
    """Clean up: the plugin has just been switched off in the municipality.

    Nothing is deleted here: being off is reversible. Deleting is what a purge is for.

    Called: once the switch to off is written; not for a pause.
    Returns: nothing.
    Transaction: inside that of the switch.
    Raising: what the hook wrote is undone; the plugin is off all the same.

    Example::

        from niwari.api import audit, hookimpl


        @hookimpl
        def disabled(ctx):
            audit(ctx, "tea.put_away", "municipality", ctx.municipality.id)
    """


@hookspec
def upgraded(ctx: "Context", previous: str) -> None:
    """Adapt the municipality's data: ``niwari migrate`` met another version than ``previous``.

    Tables are changed by migrations, which have run by now; this is for what differs from one
    municipality to the next.

    Called: by ``niwari migrate``, once for each municipality that has the plugin on or paused.
        ``previous`` is the version that was last met.
    Returns: nothing.
    Transaction: one of its own for each municipality.
    Raising: that municipality's changes are rolled back, the command says so and ends with exit
        code 2, and its next run calls the hook again for all of them. So it must bear being called
        twice.

    Example::

        from niwari.api import audit, hookimpl


        @hookimpl
        def upgraded(ctx, previous):
            audit(ctx, "tea.upgraded", "municipality", ctx.municipality.id, previous=previous)
    """
