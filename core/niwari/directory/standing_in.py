"""Whether somebody may have to answer in a head's place."""

from datetime import date

from niwari.directory.models import Appointment, Delegation, on_day


def stands_in(appointment_id: int, day: date) -> bool:
    """Tell whether a post has a rank in post order (代決), or a delegation of ``day``."""
    ranked = (Appointment.id == appointment_id) & Appointment.stand_in_order.is_null(False)
    delegated = (
        (Delegation.appointment == appointment_id)
        & on_day(Delegation, day)
        & Delegation.ended_at.is_null()
    )
    return bool(
        Appointment.select().where(ranked).exists() or Delegation.select().where(delegated).exists()
    )
