"""A post passes to its successor, on the day of the handover or as soon as one is named after it."""

from datetime import timedelta
from typing import Any

from niwari.api import Appointment, Context, Ref, audit, notify
from niwari_handover.models import Handing, Holder
from niwari_handover.notices import BEGUN
from niwari_handover.service.sight import name_again

KIND = "handover.notebook"
ONE_DAY = timedelta(days=1)


def begin(ctx: Context, notebook: Any) -> None:
    """Let a notebook, locked, pass to each successor whose day has come, in the caller's transaction."""
    waiting = (
        (Handing.notebook == notebook.id)
        & Handing.is_open()
        & Handing.begun_at.is_null()
        & (Handing.starts_on <= ctx.today)
    )
    for handing in list(Handing.select().where(waiting)):
        Handing.update(begun_at=ctx.now).where(Handing.id == handing.id).execute()
        if handing.predecessor is not None:
            former = Appointment.select(Appointment.id).where(
                Appointment.person == handing.predecessor.person_id
            )
            Holder.update(ends_on=handing.starts_on - ONE_DAY).where(
                (Holder.notebook == notebook.id)
                & Holder.ends_on.is_null()
                & Holder.appointment.in_(former)
            ).execute()
        if handing.successor is not None:
            _let_hold(ctx, notebook, handing)
            notify(ctx, BEGUN.code, [handing.successor_id], Ref(KIND, notebook.id))
        audit(ctx, "handover.begin", KIND, notebook.id, handing=handing.id)
    name_again(ctx, notebook)


def _let_hold(ctx: Context, notebook: Any, handing: Any) -> None:
    """Let the successor hold the post, unless the head let them before."""
    own = Appointment.select(Appointment.id).where(
        Appointment.person == handing.successor.person_id
    )
    here = (Holder.notebook == notebook.id) & Holder.ends_on.is_null()
    if not Holder.select().where(here & Holder.appointment.in_(own)).exists():
        Holder.create(
            notebook=notebook.id,
            appointment=post_here(ctx, notebook, handing.successor),
            starts_on=handing.starts_on,
        )


def post_here(ctx: Context, notebook: Any, named: Any) -> int:
    """Return the successor's post in the section of the notebook, where it is in the directory yet."""
    query = Appointment.select(Appointment.id).where(
        (Appointment.person == named.person_id)
        & (Appointment.section == notebook.section_id)
        & (Appointment.starts_on <= ctx.today)
        & (Appointment.ends_on.is_null() | (Appointment.ends_on >= ctx.today))
    )
    found = query.order_by(Appointment.id.desc()).first()
    return int(named.id if found is None else found.id)
