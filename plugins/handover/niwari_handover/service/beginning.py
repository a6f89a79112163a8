"""What happens by the clock: a post passes to its successor, and what is over is closed."""

from typing import Any

from peewee import SQL, fn

from niwari.api import Appointment, Context, Ref, audit, locked, notify, transaction
from niwari_handover.models import OPEN, Handing, Holder, Notebook
from niwari_handover.notices import SUCCESSOR_LEFT
from niwari_handover.service import moving
from niwari_handover.service.handing import KIND, end
from niwari_handover.service.passing import begin, post_here
from niwari_handover.service.sight import name_again


def look_at_day(ctx: Context) -> None:
    """Do what the day brings in the municipality; doing it again changes nothing.

    What was to pass to somebody who left ends. Posts whose day has come pass to their successors;
    first years that are over are closed; posts whose holder has left are nobody's any more.
    """
    for handing_id in _without_successor(ctx):
        with transaction(ctx):
            _end_without(ctx, handing_id)
    for notebook_id in _due(ctx):
        with transaction(ctx):
            begin(ctx, _locked(notebook_id))
    for notebook_id in _over(ctx):
        with transaction(ctx):
            _close(ctx, notebook_id)
    for notebook_id in _left(ctx):
        with transaction(ctx):
            _release(ctx, notebook_id)


def follow_transfer(ctx: Context, event: Any) -> None:
    """Let a successor who has come hold the post in the new appointment. In the worker."""
    look_at_day(ctx)
    arrived = Appointment.get_or_none(Appointment.id == event.to_appointment_id)
    if arrived is None:
        return
    own = Appointment.select(Appointment.id).where(Appointment.person == event.person_id)
    here = (
        Holder.ends_on.is_null()
        & Holder.appointment.in_(own)
        & (Notebook.section == arrived.section_id)
    )
    held = Holder.select(Holder.id).join(Notebook).where(here)
    with transaction(ctx):
        Holder.update(appointment=arrived.id).where(
            Holder.id.in_([row.id for row in held])
        ).execute()


def follow_leaving(ctx: Context, event: Any) -> None:
    """End what was to pass to somebody who left, and free the posts that they held. In the worker."""
    look_at_day(ctx)


def _without_successor(ctx: Context) -> list[int]:
    """Return the handings before their day whose successor has no post here any more."""
    post, named = Appointment.alias(), Appointment.alias()
    present = post.select(SQL("1")).where(
        (post.person == named.person)
        # The sum keeps SQLite to the index of people: it would walk all posts of the town for each.
        & (post.municipality + 0 == ctx.municipality.id)
        & (post.ends_on.is_null() | (post.ends_on >= ctx.today))
    )
    query = (
        Handing.select(Handing.id)
        .join(Notebook)
        .join_from(Handing, named, on=(Handing.successor == named.id))
        .where(
            (Notebook.municipality == ctx.municipality.id)
            & Handing.is_open()
            & Handing.begun_at.is_null()
            & ~fn.EXISTS(present)
        )
    )
    return [row.id for row in query.order_by(Handing.id)]


def _end_without(ctx: Context, handing_id: int) -> None:
    """End a handing whose successor left; the predecessor and whoever named learn it."""
    notebook = _locked(Handing.get_by_id(handing_id).notebook_id)
    handing = Handing.get_by_id(handing_id)
    if handing.state != OPEN or handing.begun_at is not None:
        return  # another worker was here, or the successor was changed
    end(ctx, notebook, handing)
    told = [one for one in (handing.predecessor_id, handing.named_by_id) if one]
    notify(ctx, SUCCESSOR_LEFT.code, told, Ref(KIND, notebook.id))


def _due(ctx: Context) -> list[int]:
    query = Handing.select(Handing.notebook).join(Notebook)
    here = (
        (Notebook.municipality == ctx.municipality.id)
        & Handing.is_open()
        & Handing.begun_at.is_null()
        & (Handing.starts_on <= ctx.today)
    )
    return [row.notebook_id for row in query.where(here).order_by(Handing.id)]


def _over(ctx: Context) -> list[int]:
    query = Handing.select(Handing.notebook).join(Notebook)
    here = (
        (Notebook.municipality == ctx.municipality.id)
        & Handing.is_open()
        & Handing.closed_at.is_null()
        & (Handing.help_until < ctx.today)
    )
    return [row.notebook_id for row in query.where(here).order_by(Handing.id)]


def _left(ctx: Context) -> list[int]:
    query = Holder.select(Holder.notebook).join(Notebook).join_from(Holder, Appointment)
    here = (
        (Notebook.municipality == ctx.municipality.id)
        & Holder.ends_on.is_null()
        & (Appointment.ends_on < ctx.today)
    )
    return sorted({row.notebook_id for row in query.where(here)})


def _close(ctx: Context, notebook_id: int) -> None:
    notebook = _locked(notebook_id)
    Handing.update(closed_at=ctx.now).where(
        (Handing.notebook == notebook_id)
        & Handing.closed_at.is_null()
        & (Handing.help_until < ctx.today)
    ).execute()
    name_again(ctx, notebook)


def _release(ctx: Context, notebook_id: int) -> None:
    """End the holding of posts that have ended.

    Who goes on in the same section keeps it, and takes it along where the section is dissolved.
    """
    notebook = _locked(notebook_id)
    rows = Holder.select(Holder).join(Appointment)
    gone = (
        (Holder.notebook == notebook_id)
        & Holder.ends_on.is_null()
        & (Appointment.ends_on < ctx.today)
    )
    for row in list(rows.where(gone)):
        again = post_here(ctx, notebook, row.appointment)
        if again == row.appointment_id and moving.is_over(notebook.section, ctx.today):
            again = moving.go_along(ctx, notebook, row.appointment)
        if again != row.appointment_id:
            Holder.update(appointment=again).where(Holder.id == row.id).execute()
        else:
            Holder.update(ends_on=row.appointment.ends_on).where(Holder.id == row.id).execute()
            audit(ctx, "handover.release", KIND, notebook_id, holder=row.id)
    name_again(ctx, notebook)


def _locked(notebook_id: int) -> Any:
    return locked(Notebook.select().where(Notebook.id == notebook_id)).get()
