"""Section clerks (庶務担当): who enters for the people of which sections."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.answering import SectionHead
from niwari.directory.arranging import (
    check_days,
    post_named,
    tree_to_arrange,
)
from niwari.directory.models import Appointment, Clerk, Person, Section, on_day
from niwari.directory.sections import SectionOnDay, sections_on
from niwari.errors import NotFound
from niwari.host.enablement import hold


@dataclass(frozen=True, slots=True)
class ClerkRef:
    """A section clerk, and the post in which."""

    appointment_id: int
    person_id: int
    name: str


@dataclass(frozen=True, slots=True)
class ClerkShown:
    """A clerk of one section who is one or is to become one; both days are included."""

    id: int
    name: str
    title: str
    starts_on: date
    ends_on: date | None


def clerks_of(section_id: int, day: date) -> tuple[ClerkRef, ...]:
    """Return who enters for the people of a section on ``day``; three queries.

    Its own clerks; where it has none, those of the nearest section above that has some.
    """
    row = Section.get_or_none(Section.id == section_id)
    if row is None:
        return ()
    tree = sections_on(row.municipality_id, day)
    named = _named(row.municipality_id, day)
    serving = _serving(tree, named, section_id)
    return tuple(named[serving]) if serving is not None else ()


def sections_of_clerk(
    ctx: Context, tree: Mapping[int, SectionHead] | None = None
) -> frozenset[int]:
    """Return the sections for whose people the acting person enters today; two queries.

    ``tree``, of ``section_heads`` today, saves one.
    """
    named = _named(ctx.municipality.id, ctx.today)
    mine = {
        section
        for section, clerks in named.items()
        if any(one.person_id == ctx.person_id for one in clerks)
    }
    if not mine:
        return frozenset()
    known = sections_on(ctx.municipality.id, ctx.today) if tree is None else tree
    return frozenset(section for section in known if _serving(known, named, section) in mine)


def is_clerk_on(day: date) -> Any:
    """Return the condition that an ``Appointment`` is that of a section's clerk."""
    return fn.EXISTS(
        Clerk.select(1).where(
            (Clerk.appointment == Appointment.id) & on_day(Clerk, day) & Clerk.ended_at.is_null()
        )
    )


def _named(municipality_id: int, day: date) -> Mapping[int, list[ClerkRef]]:
    query = (
        Clerk.select(Clerk.section, Appointment.id, Person.id, Person.name)
        .join_from(Clerk, Section)
        .join_from(Clerk, Appointment, on=(Clerk.appointment == Appointment.id))
        .join_from(Appointment, Person)
        .where(
            (Section.municipality == municipality_id)
            & on_day(Clerk, day)
            & Clerk.ended_at.is_null()
            & on_day(Appointment, day)
        )
        .order_by(Clerk.id)
    )
    found: dict[int, list[ClerkRef]] = defaultdict(list)
    for section, *clerk in rows(query):
        found[section].append(ClerkRef(*clerk))
    return found


def _serving(
    tree: Mapping[int, SectionOnDay] | Mapping[int, SectionHead],
    named: Mapping[int, list[ClerkRef]],
    section_id: int,
) -> int | None:
    here: int | None = section_id
    while here is not None and here in tree:
        if here in named:
            return here
        here = tree[here].parent_id
    return None


def clerks_from(section_id: int, day: date) -> Any:
    """Return the query for a section's own clerks who are one on ``day`` or will be.

    Its columns are those of ``ClerkShown``.
    """
    return (
        Clerk.select(Clerk.id, Person.name, Appointment.title, Clerk.starts_on, Clerk.ends_on)
        .join_from(Clerk, Appointment, on=(Clerk.appointment == Appointment.id))
        .join_from(Appointment, Person)
        .where(
            (Clerk.section == section_id)
            & Clerk.ended_at.is_null()
            & (Clerk.ends_on.is_null() | (Clerk.ends_on >= day))
        )
    )


def name_clerk(
    ctx: Context, section_id: int, *, login: str, starts_on: date, ends_on: date | None
) -> Clerk:
    """Let somebody enter for the people of a section from ``starts_on`` on, a Tokyo day.

    The head does it, or HR. Whoever is one on some of these days already stays as it is: that
    clerk is returned. Raises ``NotFound`` for a section that is not the acting person's to
    arrange, ``Invalid`` for days that are over or in the wrong order, and for a person who holds
    no post in the municipality on the first day.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        tree_to_arrange(ctx, section_id)
        check_days(ctx, starts_on, ends_on)
        post = post_named(ctx, login, starts_on)
        present = _present(section_id, post.person_id, starts_on, ends_on)
        if present is not None:
            return present
        made: Clerk = Clerk.create(
            section=section_id,
            appointment=post.id,
            starts_on=starts_on,
            ends_on=ends_on,
            named_by=ctx.acting.id,
        )
        audit.record(ctx, "directory.name_clerk", "section", section_id, clerk=post.id)
    return made


def _present(
    section_id: int, person_id: int, starts_on: date, ends_on: date | None
) -> Clerk | None:
    found: Clerk | None = (
        Clerk.select()
        .join(Appointment, on=(Clerk.appointment == Appointment.id))
        .where(
            (Clerk.section == section_id)
            & (Appointment.person == person_id)
            & Clerk.ended_at.is_null()
            & (Clerk.ends_on.is_null() | (Clerk.ends_on >= starts_on))
            & (Clerk.starts_on <= (ends_on or date.max))
        )
        .first()
    )
    return found


def end_clerk(ctx: Context, clerk_id: int) -> int:
    """Let a clerk enter no more from now on; returns the section's id. Twice changes nothing.

    Raises ``NotFound`` where the section is not the acting person's to arrange.
    """
    with transaction(ctx):
        hold(ctx.municipality.id)
        found: Any = (
            Clerk.select()
            .join(Section)
            .where((Clerk.id == clerk_id) & (Section.municipality == ctx.municipality.id))
            .first()
        )
        if found is None:
            raise NotFound
        tree_to_arrange(ctx, found.section_id)
        if found.ended_at is None:
            Clerk.update(ended_at=ctx.now).where(Clerk.id == clerk_id).execute()
            audit.record(
                ctx, "directory.end_clerk", "section", found.section_id, clerk=found.appointment_id
            )
    section_id: int = found.section_id
    return section_id
