"""Giving roles to appointments."""

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.models import Appointment
from niwari.errors import N_, Invalid
from niwari.identity.models import GRANTED_ROLES, RoleGrant


class UnknownRole(Invalid):
    """The role does not exist, or is one that nobody grants (staff, head)."""

    text = N_("%(role)s という役割は付けられません。付けられるのは %(known)s です。")


def grant_role(ctx: Context, appointment_id: int, role: str) -> None:
    """Give ``role`` (hr, it, secretariat or auditor) to an appointment; again changes nothing.

    ``staff`` belongs to everybody and ``head`` follows from headships. Raises ``UnknownRole``.
    """
    if role not in GRANTED_ROLES:
        raise UnknownRole(role=role, known="、".join(GRANTED_ROLES))
    with transaction(ctx):
        known = (RoleGrant.appointment == appointment_id) & (RoleGrant.role == role)
        if RoleGrant.select().where(known).exists():
            return
        RoleGrant.insert(appointment=appointment_id, role=role).execute()
        municipality = Appointment.get_by_id(appointment_id).municipality_id
        audit.record(
            ctx,
            "identity.grant_role",
            "appointment",
            appointment_id,
            municipality_id=municipality,
            role=role,
        )
