"""Hooks about work: classes of the ledger, commands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from click import Command

    from niwari.specs.contributions import Activity


@hookspec
def activities() -> "Sequence[Activity]":  # type: ignore[empty-body]
    """Declare the ledger classes that the plugin brings, if any.

    Called once at start. People choose among them when they ask for 20% time.
    """


@hookspec
def commands() -> "Sequence[Command]":  # type: ignore[empty-body]
    """Declare click commands; they are grouped under the plugin's name, as ``niwari tea brew``.

    Called once at start. The group takes ``--municipality CODE`` and gives each command its
    ``Context`` by way of ``@click.pass_obj``; where the plugin is off there, it does not run.
    """
