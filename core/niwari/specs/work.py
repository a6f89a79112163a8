"""Hooks about work: classes of the ledger, commands, jobs by the clock, tasks for later."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from niwari.specs.marker import hookspec

if TYPE_CHECKING:
    from click import Command

    from niwari.specs.contributions import Activity, Job, Task


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


@hookspec
def jobs() -> "Sequence[Job]":  # type: ignore[empty-body]
    """Declare what the worker does by the clock, once for each municipality that has the plugin on.

    Any number of workers run each due time once. A run stands in no transaction: call services, each
    with its own. One that was cut off is done again from the start, unless the job says
    ``again=False``; so write it so that doing it twice does no harm.

    Returns: a list of ``Job``; a name stands in it once and begins with the plugin's.

    Example::

        from niwari.api import Daily, Job, Label, audit, hookimpl, transaction


        def boil(ctx):
            with transaction(ctx):
                audit(ctx, "tea.boiled", "municipality", ctx.municipality.id)


        @hookimpl
        def jobs():
            return [Job("tea.boil", boil, Daily("07:30"), Label("お湯をわかす", "Boil water"))]
    """


@hookspec
def tasks() -> "Sequence[Task]":  # type: ignore[empty-body]
    """Declare work that is too long for a page: a page or a handler asks for it with ``later``.

    What was asked for is kept in the transaction of whoever asks, and done by the worker once that
    is committed: at least once, outside of any transaction. It waits while the plugin is paused and
    is dropped where it is off.

    Returns: a list of ``Task``; a name stands in it once and begins with the plugin's.

    Example::

        from niwari.api import Label, Task, audit, hookimpl, later, transaction


        def wash(ctx, cups):
            with transaction(ctx):
                audit(ctx, "tea.washed", "municipality", ctx.municipality.id, cups=cups)


        def tidy_up(ctx):
            with transaction(ctx):
                later(ctx, "tea.wash", key="cups", cups=3)


        @hookimpl
        def tasks():
            return [Task("tea.wash", wash, Label("湯のみを洗う", "Wash the cups"))]
    """
