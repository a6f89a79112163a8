"""Commands for whoever runs the server."""

from uuid import uuid4

import click

from niwari.api import REGION, Appointment, Context, Verb, transaction
from niwari_dummy import inviting
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


@click.command("invite")
@click.argument("title")
@click.option("--verb", type=click.Choice([verb.value for verb in Verb]), default="spread")
@click.option("--modes", default="on_site online", help="on_site, online or both.")
@click.option("--hours", type=(int, int), default=(15, 16), help="From and to which hour.")
@click.option("--seats", default=12, help="How many can come.")
@click.pass_obj
def invite(
    ctx: Context, title: str, verb: str, modes: str, hours: tuple[int, int], seats: int
) -> None:
    """Write a note for the region that invites to come in a week, in the name of somebody.

    Example: niwari dummy invite 集まり --municipality 072036
    """
    author = Appointment.select().where(Appointment.municipality == ctx.municipality.id).get()
    with transaction(ctx):
        note = Note.create(
            municipality=ctx.municipality.id,
            section=author.section_id,
            region_id=ctx.municipality.region_id,
            audience=REGION,
            author=author,
            title=title,
            body="だれでも参加できます。",
            written_at=ctx.now,
            form_key=str(uuid4()),
        )
        inviting.invite(ctx, note.id, verb=Verb(verb), modes=modes, hours=hours, seats=seats)


COMMANDS = (count, fail, invite)
