"""What the leave cafe keeps of a person or a municipality: handed out, and erased."""

from collections.abc import Iterator, Sequence
from typing import Any

from peewee import fn

from niwari.api import Appointment, Receipt, Record, Subject, forget_author
from niwari_leave_cafe.models import Confirmation, Experience, RulesTold, Thanks
from niwari_leave_cafe.texts import PARTS

_AT_ONCE = 500
"""How many rows are named in one statement."""


def records(subject: Subject) -> Iterator[Record]:
    """Yield what there is of ``subject``, the oldest first; nothing that was written without a name."""
    named = _wrote(subject) & Experience.author.is_null(False)
    for row in Experience.select().where(named).order_by(Experience.id).iterator():
        words = {name: getattr(row, name) for name in ("headline", *PARTS)}
        kinds = {name: getattr(row, name) for name in ("scheme", "role", "employment", "year")}
        posted = {"audience": row.audience, "posted_on": row.posted_on.isoformat()}
        yield Record("leave_cafe.experience", row.id, {**kinds, **words, **posted})
    for mark in Thanks.select().where(_thanked(subject)).order_by(Thanks.id).iterator():
        yield Record("leave_cafe.thanks", mark.id, {"experience": mark.experience_id})
    for row in Confirmation.select().where(_confirmed(subject)).order_by(Confirmation.id):
        data = {"pack": row.pack, "version": row.version}
        data["confirmed_at"] = row.confirmed_at.isoformat()
        yield Record("leave_cafe.confirmation", row.id, data)


def erase(subject: Subject) -> Receipt:
    """Remove what ``subject`` wrote and marked; a town's confirmation stays without a name.

    What was written without a name goes too. In the caller's transaction.
    """
    marked = Thanks.select(Thanks.experience).where(_thanked(subject))
    counted = sorted({row.experience_id for row in marked})
    gone: int = Thanks.delete().where(_thanked(subject)).execute()
    hidden = sorted(forget_author(subject, Experience))
    for theirs in (_wrote(subject), *(Experience.id.in_(some) for some in _portions(hidden))):
        below = Experience.select(Experience.id).where(theirs)
        gone += Thanks.delete().where(Thanks.experience.in_(below)).execute()
        gone += Experience.delete().where(theirs).execute()
    left = Thanks.select(fn.COUNT(Thanks.id)).where(Thanks.experience == Experience.id)
    for some in _portions(counted):
        Experience.update(thanks=left).where(Experience.id.in_(some)).execute()
    if subject.person_id is None:
        gone += Confirmation.delete().where(_confirmed(subject)).execute()
        told = RulesTold.municipality == subject.municipality_id
        gone += RulesTold.delete().where(told).execute()
        return Receipt(erased=gone)
    unnamed: int = Confirmation.update(confirmed_by=None).where(_confirmed(subject)).execute()
    return Receipt(erased=gone, redacted=unnamed)


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield ``ids`` in parts that one statement may name."""
    for begin in range(0, len(ids), _AT_ONCE):
        yield ids[begin : begin + _AT_ONCE]


def posts_of(person_id: int) -> Any:
    """Return the ids of a person's appointments, as a query."""
    return Appointment.select(Appointment.id).where(Appointment.person == person_id)


def _wrote(subject: Subject) -> Any:
    wrote = Experience.author.is_null(False)
    if subject.person_id is not None:
        wrote &= Experience.author.in_(posts_of(subject.person_id))
    else:
        # Of a whole town also what nobody's name stands on.
        wrote = Experience.id > 0
    if subject.municipality_id is not None:
        wrote &= Experience.municipality == subject.municipality_id
    return wrote


def _thanked(subject: Subject) -> Any:
    marked = Thanks.id > 0
    if subject.person_id is not None:
        marked &= Thanks.person == subject.person_id
    if subject.municipality_id is not None:
        own = Appointment.select(Appointment.person).where(
            Appointment.municipality == subject.municipality_id
        )
        marked &= Thanks.person.in_(own)
    return marked


def _confirmed(subject: Subject) -> Any:
    found = Confirmation.id > 0
    if subject.person_id is not None:
        found &= Confirmation.confirmed_by.in_(posts_of(subject.person_id))
    if subject.municipality_id is not None:
        found &= Confirmation.municipality == subject.municipality_id
    return found
