"""search reindex: writing anew what the search looks into."""

import click

from niwari.cli.imports import progress_bar
from niwari.cli.loading import loaded
from niwari.directory.system import system_context
from niwari.search.marking import reindex


@click.group("search")
def search_group() -> None:
    """The search for what people share."""


@search_group.command("reindex")
@click.option("--plugin", default="", metavar="NAME", help="The rows of this plugin alone.")
def reindex_command(plugin: str) -> None:
    """Index all rows anew, while people work; harmless at any time, and again after it was cut off.

    Needed only where a plugin describes its rows otherwise without a new version, or where the index
    was changed in the database itself: every other change is indexed by the worker.

    Example: niwari search reindex --plugin consult
    """
    with loaded() as dispatcher:
        ctx = system_context(dispatcher.clock(), "niwari search reindex")
        with progress_bar("rows") as progress:
            done, found = reindex(ctx, plugin, progress)
    click.echo(f"{done:,} rows gone through, {found:,} of them can be found.")
    if found < done:
        click.echo(
            "The others could not be described by their plugins; the log says why. "
            "They are tried again later."
        )
