"""A notebook whose section is no more goes where its holder goes: a dissolved section, a merged town."""

from datetime import date, timedelta
from typing import Any

from niwari.api import Appointment, Context, Section, audit, locked, transaction
from niwari_handover.models import Duty, Holder, Notebook
from niwari_handover.service.sight import name_again

KIND = "handover.notebook"
ONE_DAY = timedelta(days=1)


def is_over(section: Any, day: date) -> bool:
    """Tell whether a section is dissolved on a Tokyo day; renamed or moved it stays the same."""
    return section.ends_on is not None and section.ends_on < day


def go_along(ctx: Context, notebook: Any, post: Any) -> int:
    """Move a notebook into the section where the holder of ``post`` works today; returns that post.

    Without such a post in the municipality of the notebook, nothing moves and ``post`` is returned.
    In the caller's transaction, with the notebook locked.
    """
    found = _post_today(ctx, post.person_id)
    if found is None:
        return int(post.id)
    if found.section_id != notebook.section_id:
        notebook.section = found.section_id
        Notebook.update(section=found.section_id).where(Notebook.id == notebook.id).execute()
        Duty.update(section=found.section_id).where(Duty.notebook == notebook.id).execute()
        audit(ctx, "handover.move", KIND, notebook.id, section=found.section_id)
    return int(found.id)


def follow_merger(ctx: Context, event: Any) -> None:
    """Let those who held posts in a merged municipality hold them in the successor. In the worker.

    Their former posts ended on the eve. The notebooks of whoever has no post there are left to HR, who
    names a successor for each.
    """
    eve = date.fromisoformat(event.on) - ONE_DAY
    query = Notebook.select(Notebook.id).join(Section)
    here = (Notebook.municipality == ctx.municipality.id) & (
        Section.municipality == event.former_id
    )
    for (notebook_id,) in list(query.where(here).order_by(Notebook.id).tuples()):
        with transaction(ctx):
            _bring(ctx, notebook_id, eve)


def _bring(ctx: Context, notebook_id: int, eve: date) -> None:
    notebook = locked(Notebook.select().where(Notebook.id == notebook_id)).get()
    present = Holder.ends_on.is_null() | (Holder.ends_on >= eve)
    rows = Holder.select(Holder, Appointment).join(Appointment)
    for row in list(
        rows.where((Holder.notebook == notebook_id) & present).order_by(Holder.id.desc())
    ):
        found = go_along(ctx, notebook, row.appointment)
        if found != row.appointment_id:
            Holder.update(appointment=found, ends_on=None).where(Holder.id == row.id).execute()
    name_again(ctx, notebook)


def _post_today(ctx: Context, person_id: int) -> Any:
    """Return the main post of a person in the acting municipality today, ``None`` where there is none."""
    query = Appointment.select().where(
        (Appointment.person == person_id)
        & (Appointment.municipality == ctx.municipality.id)
        & (Appointment.starts_on <= ctx.today)
        & (Appointment.ends_on.is_null() | (Appointment.ends_on >= ctx.today))
    )
    return query.order_by(Appointment.is_main.desc(), Appointment.id.desc()).first()
