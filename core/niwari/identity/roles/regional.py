"""The role that is of a whole region: who has it, who of the region can be given it, and what stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN

from niwari.context import Context
from niwari.db import locked, rows
from niwari.directory.models import (
    Appointment,
    Municipality,
    Person,
    Region,
    Section,
    on_day,
)
from niwari.directory.people import region_of
from niwari.directory.regions import region_towns
from niwari.directory.sections import section_name
from niwari.errors import N_, DomainError, NotFound
from niwari.identity.models import RoleGrant
from niwari.identity.roles.rules import granted_on

REGIONAL = "secretariat"
"""The role that belongs to the region and to no municipality."""
PAGE = 50
"""Holders on one page."""


class LastOfRegion(DomainError):
    """Without the secretariat nobody of the region could give its role any more."""

    text = N_(
        "広域圏事務局の役割を期限なしで持つ職員が、広域圏にほかにいません。"
        "先に、ほかの職員に期限のない広域圏事務局の役割を付けてください。"
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the region with the post in which they would have the role."""

    appointment_id: int
    person_name: str
    municipality: str
    section: str
    is_oneself: bool


@dataclass(frozen=True, slots=True)
class RegionHolder:
    """Somebody who has the region's role today, and why.

    ``granted_by`` is empty for a command, ``granted_at`` is ``None`` and ``reason`` empty for roles
    from before these were kept. ``ends_on`` is the last Tokyo day.
    """

    appointment_id: int
    person_name: str
    municipality: str
    section: str
    granted_at: datetime | None
    granted_by: str
    reason: str
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class RegionHolders:
    """A page of them; ``following`` is where the next one begins, or ``None``."""

    people: Sequence[RegionHolder]
    following: int | None


def candidate(ctx: Context, appointment_id: int) -> Candidate:
    """Return who holds a post of the region today; raises ``NotFound`` for any other post."""
    found = rows(
        Appointment.select(
            Appointment.id, Person.name, Municipality.name, section_name(ctx.today), Person.id
        )
        .join_from(Appointment, Person)
        .join_from(Appointment, Municipality)
        .join_from(Appointment, Section)
        .where(
            (Appointment.id == appointment_id)
            & on_day(Appointment, ctx.today)
            & Appointment.municipality.in_(region_towns(ctx))
        )
    )
    if not found:
        raise NotFound
    post, name, town, section, person_id = found[0]
    return Candidate(post, name, town, section, person_id == ctx.person_id)


def region_holders(ctx: Context, after: int = 0) -> RegionHolders:
    """Return up to ``PAGE`` people of the own region who have its role today, by id of the post."""
    giver, giving = Person.alias(), Appointment.alias()
    query = (
        RoleGrant.select(
            RoleGrant.appointment,
            Person.name,
            Municipality.name,
            section_name(ctx.today),
            RoleGrant.granted_at,
            giver.name,
            RoleGrant.reason,
            RoleGrant.ends_on,
        )
        .join_from(RoleGrant, Appointment)
        .join_from(Appointment, Person)
        .join_from(Appointment, Municipality)
        .join_from(Appointment, Section)
        .join_from(RoleGrant, giving, JOIN.LEFT_OUTER, on=(giving.id == RoleGrant.granted_by_id))
        .join_from(giving, giver, JOIN.LEFT_OUTER, on=(giver.id == giving.person))
        .where(_holds(ctx) & (RoleGrant.appointment > after))
        .order_by(RoleGrant.appointment)
        .limit(PAGE + 1)
    )
    found = [
        RegionHolder(post, name, town, section, at, by or "", reason, ends_on)
        for post, name, town, section, at, by, reason, ends_on in rows(query)
    ]
    shown = found[:PAGE]
    return RegionHolders(shown, shown[-1].appointment_id if len(found) > PAGE else None)


def hold_region(municipality_id: int, day: date) -> None:
    """Let whoever else changes the role of the municipality's region wait for this transaction.

    Asked for before a municipality is held, so that nobody waits in a circle.
    """
    region_id = region_of(municipality_id, day)
    if region_id is not None:
        rows(locked(Region.select(Region.id).where(Region.id == region_id)))


def check_one_stays(ctx: Context, post_id: int) -> None:
    """Refuse where nobody but the post ``post_id`` would go on as the region's secretariat."""
    others = (
        RoleGrant.select()
        .join(Appointment)
        .where(_holds(ctx) & RoleGrant.ends_on.is_null() & (RoleGrant.appointment != post_id))
    )
    if not others.exists():
        raise LastOfRegion


def _holds(ctx: Context) -> Any:
    return (
        (RoleGrant.role == REGIONAL)
        & Appointment.municipality.in_(region_towns(ctx))
        & on_day(Appointment, ctx.today)
        & granted_on(ctx.today)
    )
