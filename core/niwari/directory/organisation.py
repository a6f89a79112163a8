"""The organisation of a municipality on a day: its sections, and who does what in them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import SQL, fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.answering import section_heads
from niwari.directory.arranging import candidates, may_arrange
from niwari.directory.clerks import ClerkShown, clerks_from
from niwari.directory.models import (
    Appointment,
    Clerk,
    Delegation,
    Headship,
    Person,
    Section,
    on_day,
)
from niwari.directory.sections import SectionOnDay, sections_on
from niwari.directory.standing_in import DelegationShown, delegations_from
from niwari.errors import NotFound

_HEAD, _DELEGATE, _STAND_IN, _CLERK = range(4)


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a part in a section; ``title`` may be empty."""

    appointment_id: int
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Unit:
    """A section with its people on a day.

    ``stand_ins`` are those by post order, the first one first; ``people`` counts who holds a post
    in the section itself.
    """

    section: SectionOnDay
    people: int
    may_arrange: bool
    heads: Sequence[Holder]
    delegates: Sequence[Holder]
    stand_ins: Sequence[Holder]
    clerks: Sequence[Holder]


def organisation(ctx: Context, day: date) -> list[Unit]:
    """Return the sections of the acting person's municipality on ``day``, from the top down.

    Four queries, whatever the size. As many rows as the municipality has sections.
    """
    holders = _holders(ctx.municipality.id, day)
    counts = dict(rows(_counted(ctx.municipality.id, day)))
    tree = section_heads(ctx.municipality.id, day)
    delegated = {
        (section_id, one.appointment_id)
        for section_id, answering in tree.items()
        for one in answering.delegates
    }
    return [
        Unit(
            section,
            counts.get(section.id, 0),
            day == ctx.today and may_arrange(ctx, tree, section.id),
            holders[section.id, _HEAD],
            [
                one
                for one in holders[section.id, _DELEGATE]
                if (section.id, one.appointment_id) in delegated
            ],
            holders[section.id, _STAND_IN],
            holders[section.id, _CLERK],
        )
        for section in sections_on(ctx.municipality.id, day).values()
    ]


def _counted(municipality_id: int, day: date) -> Any:
    return (
        Appointment.select(Appointment.section, fn.COUNT(Appointment.person.distinct()))
        .where((Appointment.municipality == municipality_id) & on_day(Appointment, day))
        .group_by(Appointment.section)
    )


def _holders(municipality_id: int, day: date) -> Mapping[tuple[int, int], list[Holder]]:
    """Return who is what in which section, by (section, kind), in one query."""
    query = (
        _of(Headship, _HEAD, municipality_id, day)
        + _of(Delegation, _DELEGATE, municipality_id, day, Delegation.ended_at.is_null())
        + _of(Clerk, _CLERK, municipality_id, day, Clerk.ended_at.is_null())
        + Appointment.select(
            Appointment.section,
            SQL(str(_STAND_IN)),
            Appointment.stand_in_order,
            Appointment.id,
            Person.name,
            Appointment.title,
        )
        .join(Person)
        .where(
            (Appointment.municipality == municipality_id)
            & (Appointment.stand_in_order > 0)
            & on_day(Appointment, day)
        )
    )
    found: dict[tuple[int, int], list[Holder]] = defaultdict(list)
    for section, kind, _order, *holder in sorted(rows(query)):
        found[section, kind].append(Holder(*holder))
    return found


def _of(model: Any, kind: int, municipality_id: int, day: date, *more: Any) -> Any:
    return (
        model.select(
            model.section, SQL(str(kind)), model.id, Appointment.id, Person.name, Appointment.title
        )
        .join_from(model, Section)
        .join_from(model, Appointment, on=(model.appointment == Appointment.id))
        .join_from(Appointment, Person)
        .where(
            (Section.municipality == municipality_id)
            & on_day(model, day)
            & on_day(Appointment, day),
            *more,
        )
    )


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What a section's head or HR sees and changes; ``candidates`` are (login, name)."""

    section: SectionOnDay
    has_head: bool
    delegations: list[DelegationShown]
    clerks: list[ClerkShown]
    candidates: list[tuple[str, str]]


def arrangement(ctx: Context, section_id: int) -> Arrangement:
    """Return how a section is arranged from today on; four queries.

    Raises ``NotFound`` where it is not the acting person's to arrange.
    """
    tree = section_heads(ctx.municipality.id, ctx.today)
    if not may_arrange(ctx, tree, section_id):
        raise NotFound
    sections = sections_on(ctx.municipality.id, ctx.today)
    top = sections[section_id].path.split("/")[0]
    near = [one.id for one in sections.values() if one.path.split("/")[0] == top]
    delegations, clerks = _named(section_id, ctx.today)
    return Arrangement(
        sections[section_id],
        tree[section_id].head_person_id is not None,
        delegations,
        clerks,
        candidates(ctx, near),
    )


def _named(section_id: int, day: date) -> tuple[list[DelegationShown], list[ClerkShown]]:
    """Return who was named to stand in and to enter for others, in order, by one query."""
    both = delegations_from(section_id, day).select_extend(SQL(str(_DELEGATE))) + clerks_from(
        section_id, day
    ).select_extend(SQL("''"), SQL(str(_CLERK)))
    found = sorted(rows(both), key=lambda one: (one[3], one[0]))
    return (
        [DelegationShown(*one[:6]) for one in found if one[6] == _DELEGATE],
        [ClerkShown(*one[:5]) for one in found if one[6] == _CLERK],
    )
