"""Who has which role in a municipality."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, Value

from niwari.context import Context, MunicipalityRef
from niwari.db import rows
from niwari.directory.clerks import is_clerk_on
from niwari.directory.models import Appointment, Headship, Person, Section, on_day
from niwari.directory.sections import path_on_day, section_name, with_version
from niwari.directory.standing_in import stands_in_on
from niwari.host.running import running
from niwari.identity.models import RoleGrant
from niwari.identity.roles.mapping import roles_with
from niwari.identity.roles.rules import granted_on
from niwari.specs.contributions import Permission, Role

PAGE = 50
"""Holders of a role on one page."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who has a role today.

    ``granted_by`` is empty for a command; ``granted_at`` is ``None`` for roles from before it was
    kept, and for heads, who have theirs since the Tokyo day ``since``. ``ends_on`` is the last day.
    """

    appointment_id: int
    person_name: str
    section_name: str
    granted_at: datetime | None = None
    granted_by: str = ""
    ends_on: date | None = None
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Holders:
    """A page of them; ``following`` is where the next one begins, or ``None``."""

    people: tuple[Holder, ...]
    following: int | None


def holders(ctx: Context, role: str, after: int = 0) -> Holders:
    """Return up to ``PAGE`` people of the acting municipality who have ``role`` today.

    ``role`` is one that is granted, or ``head``; by the id of the post, or of the headship, beyond
    ``after``.
    """
    if role == "head":
        found = [
            (place, Holder(post, name, section, since=since))
            for place, post, name, section, since in rows(_heads(ctx, after))
        ]
    else:
        found = [
            (post, Holder(post, name, section, at, by or "", ends_on))
            for post, name, section, at, by, ends_on in rows(_granted(ctx, role, after))
        ]
    shown = found[:PAGE]
    return Holders(
        tuple(holder for _, holder in shown), shown[-1][0] if len(found) > PAGE else None
    )


def granted_roles(municipality_id: int, day: date) -> list[tuple[str, str, str, date | None]]:
    """Return (role, login, section, last day) of all granted roles of a municipality on ``day``."""
    query = (
        RoleGrant.select(RoleGrant.role, Person.login, path_on_day(), RoleGrant.ends_on)
        .join_from(RoleGrant, Appointment)
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .where(
            (Appointment.municipality == municipality_id)
            & on_day(Appointment, day)
            & granted_on(day)
        )
        .order_by(RoleGrant.role, Person.login)
    )
    found = rows(with_version(query, day))
    return [(role, login, path, ends_on) for role, login, path, ends_on in found]


def posts_with(municipality: MunicipalityRef, permission: Permission, day: date) -> Any:
    """Return the query for the ids of a municipality's posts that hold ``permission`` on ``day``."""
    return posts_in(roles_with(municipality, permission), [municipality.id], day)


def posts_who_may(ctx: Context, permission: str) -> Any:
    """Return the query for the ids of the acting municipality's posts that hold a permission today.

    By its code, for ``notify``: they are told by one statement, however many they are. Raises
    ``LookupError`` where nobody declares it.
    """
    return posts_with(ctx.municipality, running().host.permissions()[permission], ctx.today)


def posts_in(roles: Iterable[Role], municipalities: Any, day: date) -> Any:
    """Return the query for the posts of ``municipalities`` that have one of ``roles`` on ``day``."""
    wanted = set(roles)
    granted = RoleGrant.select(RoleGrant.appointment).where(
        RoleGrant.role.in_(sorted(wanted)) & granted_on(day)
    )
    has_it = Appointment.id.in_(granted)
    if "staff" in wanted:
        has_it = Value(1) == Value(1)
    if "head" in wanted:
        has_it |= Appointment.id.in_(
            Headship.select(Headship.appointment).where(on_day(Headship, day))
        )
    if "stand_in" in wanted:
        has_it |= stands_in_on(day)
    if "clerk" in wanted:
        has_it |= is_clerk_on(day)
    return Appointment.select(Appointment.id).where(
        Appointment.municipality.in_(municipalities) & on_day(Appointment, day) & has_it
    )


def _granted(ctx: Context, role: str, after: int) -> Any:
    giver, giving = Person.alias(), Appointment.alias()
    return (
        RoleGrant.select(
            RoleGrant.appointment,
            Person.name,
            section_name(ctx.today),
            RoleGrant.granted_at,
            giver.name,
            RoleGrant.ends_on,
        )
        .join_from(RoleGrant, Appointment)
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .join_from(RoleGrant, giving, JOIN.LEFT_OUTER, on=(giving.id == RoleGrant.granted_by_id))
        .join_from(giving, giver, JOIN.LEFT_OUTER, on=(giver.id == giving.person))
        .where(
            (RoleGrant.role == role)
            & (RoleGrant.appointment > after)
            & (Appointment.municipality == ctx.municipality.id)
            & on_day(Appointment, ctx.today)
            & granted_on(ctx.today)
        )
        .order_by(RoleGrant.appointment)
        .limit(PAGE + 1)
    )


def _heads(ctx: Context, after: int) -> Any:
    return (
        Headship.select(
            Headship.id,
            Appointment.id,
            Person.name,
            section_name(ctx.today),
            Headship.starts_on,
        )
        .join_from(Headship, Section)
        .join_from(Headship, Appointment)
        .join_from(Appointment, Person)
        .where(
            (Headship.id > after)
            & (Section.municipality == ctx.municipality.id)
            & on_day(Headship, ctx.today)
            & on_day(Appointment, ctx.today)
        )
        .order_by(Headship.id)
        .limit(PAGE + 1)
    )
