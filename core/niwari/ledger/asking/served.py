"""For whom a section clerk (庶務担当) enters: the people of the clerk's sections today (rule L9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.directory.answering import SectionHead
from niwari.directory.clerks import sections_of_clerk
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.errors import NotFound
from niwari.ledger.deciding.approvers import acts_in
from niwari.ledger.deciding.people import Answering, people_answering_any
from niwari.ledger.settings import choices_of

MOST_PEOPLE = 500


@dataclass(frozen=True, slots=True)
class Served:
    """Somebody for whom the acting clerk enters."""

    person_id: int
    name: str
    section_name: str
    section_id: int


def people_served(ctx: Context, tree: Mapping[int, SectionHead] | None = None) -> list[Served]:
    """Return for whom the acting clerk enters today, by section and name; three queries.

    Everybody who acts in one of the clerk's sections but the clerk. ``tree``, of ``tree_now``, saves a
    query. Raises ``NotFound`` where the municipality has no entering by clerks.
    """
    if not choices_of(ctx).clerk_entry:
        raise NotFound
    sections = sections_of_clerk(ctx, tree)
    if not sections:
        return []
    found = (
        Appointment.select(Person.id, Person.name, section_name(ctx.today), Section.id)
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .where(_served(ctx, sections))
        .order_by(Section.path, Person.kana, Person.id)
        .limit(MOST_PEOPLE)
    )
    return [Served(*row) for row in rows(found)]


def _served(ctx: Context, sections: frozenset[int]) -> Any:
    return (
        Appointment.section.in_(sections)
        & (Appointment.person != ctx.person_id)
        & acts_in(ctx.today)
    )


def oral_choices(
    ctx: Context, people: Sequence[Served], tree: Mapping[int, SectionHead]
) -> tuple[Answering, ...]:
    """Return of whom the clerk may note an oral OK for any of ``people``, in one query.

    Those who answer for them now, never the clerk: entering is never agreeing. Nobody where the
    municipality takes no oral OK.
    """
    if not people or not choices_of(ctx).oral:
        return ()
    return people_answering_any(ctx, tree, [(one.person_id, one.section_id) for one in people])


def ids_served(ctx: Context) -> Any:
    """Return the ids of those for whom the acting clerk enters today, as a part of a query."""
    return Appointment.select(Appointment.person).where(
        _served(ctx, sections_of_clerk(ctx) or frozenset({0}))
    )
