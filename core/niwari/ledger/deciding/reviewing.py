"""後閲: a head sees afterwards what was answered in the head's place (rule L9)."""

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.models import Appointment
from niwari.errors import NotFound
from niwari.ledger.models import Request


def mark_seen(ctx: Context, request_id: int) -> None:
    """Note that the acting head has seen what was answered in the head's place.

    Again changes nothing; who saw it, and when, stands in the audit. Raises ``NotFound`` for what
    was not answered in the acting person's place.
    """
    mine = Appointment.select(Appointment.id).where(
        (Appointment.person == ctx.person_id) & (Appointment.municipality == ctx.municipality.id)
    )
    with transaction(ctx):
        wanted = (Request.id == request_id) & Request.on_behalf_of.in_(mine)
        found = locked(Request.select(Request.id, Request.reviewed_at).where(wanted)).first()
        if found is None:
            raise NotFound
        if found.reviewed_at is not None:
            return
        Request.update(reviewed_at=ctx.now).where(Request.id == request_id).execute()
        audit.record(ctx, "ledger.review", "ledger_request", request_id)
