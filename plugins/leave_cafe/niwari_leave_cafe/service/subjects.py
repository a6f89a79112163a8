"""What the leave cafe keeps of a person or a municipality: handed out, and erased."""

from collections.abc import Iterator
from typing import Any

from niwari.api import Appointment, Receipt, Record, Subject
from niwari_leave_cafe.models import Confirmation


def records(subject: Subject) -> Iterator[Record]:
    """Yield what there is of ``subject``, the oldest first."""
    for row in Confirmation.select().where(_confirmed(subject)).order_by(Confirmation.id):
        yield Record(
            "leave_cafe.confirmation",
            row.id,
            {
                "pack": row.pack,
                "version": row.version,
                "confirmed_at": row.confirmed_at.isoformat(),
            },
        )


def erase(subject: Subject) -> Receipt:
    """Erase what there is of ``subject``: the town's confirmation stays without a name.

    In the caller's transaction.
    """
    if subject.person_id is None:
        gone: int = Confirmation.delete().where(_confirmed(subject)).execute()
        return Receipt(erased=gone)
    unnamed: int = Confirmation.update(confirmed_by=None).where(_confirmed(subject)).execute()
    return Receipt(redacted=unnamed)


def posts_of(person_id: int) -> Any:
    """Return the ids of a person's appointments, as a query."""
    return Appointment.select(Appointment.id).where(Appointment.person == person_id)


def _confirmed(subject: Subject) -> Any:
    found = Confirmation.id > 0
    if subject.person_id is not None:
        found &= Confirmation.confirmed_by.in_(posts_of(subject.person_id))
    if subject.municipality_id is not None:
        found &= Confirmation.municipality == subject.municipality_id
    return found
