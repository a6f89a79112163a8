"""Hooks about work: classes of the ledger, commands."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from click import Command

    from niwari.specs.contributions import Activity


@hookspec
def activities() -> "Sequence[Activity]":  # type: ignore[empty-body]
    """Declare the ledger classes that the plugin brings: what 20% time may be spent on.

    People choose among them when they ask for 20% time, where the plugin is on.

    Returns: a list of ``Activity``; a code belongs to one plugin of the installation.

    Example::

        from niwari.api import Activity, Label, hookimpl


        @hookimpl
        def activities():
            return [Activity("tea", Label("お茶の会をひらく", "Hold a tea party"))]
    """


@hookspec
def commands() -> "Sequence[Command]":  # type: ignore[empty-body]
    """Declare click commands; they are grouped under the plugin's name, as ``niwari tea brew``.

    The host adds the option ``--municipality CODE`` to each and hands it the ``Context`` of that
    municipality by way of ``@click.pass_obj``; where the plugin is off there, nothing runs. The
    context has no appointment: a command acts as a system actor. No transaction is open.

    Returns: a list of ``click.Command``, no groups; each has a name of its own and a docstring.

    Example::

        import click

        from niwari.api import hookimpl


        @click.command()
        @click.pass_obj
        def brew(ctx):
            \"\"\"Say where tea is brewed.

            Example: niwari tea brew --municipality 072036
            \"\"\"
            click.echo(ctx.municipality.name)


        @hookimpl
        def commands():
            return [brew]
    """
