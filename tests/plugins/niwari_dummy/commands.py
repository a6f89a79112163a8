"""Commands for whoever runs the server."""

import click

from niwari.api import Context, transaction
from niwari_dummy.models import Note


@click.command("count")
@click.option("--at-least", default=0, help="Fail where there are fewer.")
@click.pass_obj
def count(ctx: Context, at_least: int) -> None:
    """Say how many notes the municipality has.

    Example: niwari dummy count --municipality 072036
    """
    found = Note.select().where(Note.municipality == ctx.municipality.id).count()
    if found < at_least:
        raise click.UsageError(f"there are {found} notes only")
    click.echo(f"{ctx.municipality.name}: {found} notes, asked by {ctx.actor}")


@click.command("fail")
@click.pass_obj
def fail(ctx: Context) -> None:
    """Write something and raise, to try what becomes of it.

    Example: niwari dummy fail --municipality 072036
    """
    with transaction(ctx):
        Note.update(title="broken").where(Note.municipality == ctx.municipality.id).execute()
        raise RuntimeError("the command fails on purpose")


COMMANDS = (count, fail)
