"""What the worker does for notes: by the clock, and when it is asked to."""

from typing import Any

from niwari.api import Context, Daily, Job, Label, Task, later, transaction
from niwari_dummy.models import Note, Tally


def count_again(ctx: Context) -> None:
    """Set the municipality's tally right, however often."""
    with transaction(ctx):
        count: Any = Note.select().where(Note.municipality == ctx.municipality.id).count()
        Tally.insert(municipality=ctx.municipality.id, notes=count).on_conflict(
            conflict_target=[Tally.municipality], update={Tally.notes: count}
        ).execute()


def ask_to_count(ctx: Context) -> None:
    """Let the tally be set right before its time; asked for many times, it is done once."""
    with transaction(ctx):
        later(ctx, "dummy.recount", key="tally", extra=0)


def recount(ctx: Context, extra: int) -> None:
    """Set the tally right, ``extra`` notes more than there are."""
    count_again(ctx)
    with transaction(ctx):
        Tally.update(notes=Tally.notes + extra).where(
            Tally.municipality == ctx.municipality.id
        ).execute()


JOBS = (Job("dummy.count", count_again, Daily("07:30"), Label("伝言を数える", "Count notes")),)
TASKS = (Task("dummy.recount", recount, Label("伝言を数え直す", "Count notes again")),)
