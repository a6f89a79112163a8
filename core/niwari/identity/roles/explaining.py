"""Why a person may do something: which roles a post has, and which of them brings what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from peewee import JOIN

from niwari.context import Context
from niwari.db import rows
from niwari.directory.clerks import is_clerk_on
from niwari.directory.models import Appointment, Headship, Person, Section, on_day
from niwari.directory.sections import section_name
from niwari.directory.standing_in import stands_in_on
from niwari.errors import NotFound
from niwari.host.models import RolePermission
from niwari.identity.models import RoleGrant
from niwari.identity.roles.rules import fixed, granted_on, is_given
from niwari.specs.contributions import ROLES, Permission, Role


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a post has a role today.

    ``staff`` is everybody's; ``stand_in`` follows from a rank or a delegation, ``clerk``
    from being named; ``head`` names
    ``section`` and the Tokyo day ``since``; a granted role names when (``None``: from before it was
    kept), by whom (empty: by a command) and its last day.
    """

    role: Role
    section: str = ""
    since: date | None = None
    granted_at: datetime | None = None
    granted_by: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A municipality's deviation from what was declared; who is empty where a command decided."""

    is_given: bool
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class Way:
    """One role of a post that brings a permission, or no longer brings it, by a decision or not."""

    role: Role
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Ability:
    """A permission, with the roles of the post that bring it; none: it was taken from all of them.

    ``taken`` are the roles of the post that bring it by declaration and not in this municipality.
    """

    permission: Permission
    ways: tuple[Way, ...]
    taken: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a post may do and why, on the day of asking."""

    appointment_id: int
    person_name: str
    section_name: str
    reasons: tuple[Reason, ...]
    abilities: tuple[Ability, ...]

    @property
    def held(self) -> tuple[Ability, ...]:
        """What the person may do."""
        return tuple(ability for ability in self.abilities if ability.ways)

    @property
    def withheld(self) -> tuple[Ability, ...]:
        """What the roles bring by declaration, but not in this municipality."""
        return tuple(ability for ability in self.abilities if not ability.ways)


def decisions(municipality_id: int) -> Mapping[tuple[str, str], Decision]:
    """Return a municipality's deviations by (role, code of the permission), as they are now."""
    query = (
        RolePermission.select(
            RolePermission.role,
            RolePermission.permission,
            RolePermission.is_given,
            RolePermission.changed_at,
            Person.name,
        )
        .join_from(
            RolePermission,
            Appointment,
            JOIN.LEFT_OUTER,
            on=(Appointment.id == RolePermission.changed_by_id),
        )
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .where(RolePermission.municipality_id == municipality_id)
    )
    return {
        (role, code): Decision(bool(given), at, name or "")
        for role, code, given, at, name in rows(query)
    }


def explain(ctx: Context, declared: Mapping[str, Permission], appointment_id: int) -> Explanation:
    """Return what a post of the acting municipality may do today, with all reasons.

    Raises ``NotFound`` where the post is another municipality's or does not hold today.
    """
    found = (
        Appointment.select(
            Person.name, section_name(ctx.today), stands_in_on(ctx.today), is_clerk_on(ctx.today)
        )
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .where(
            (Appointment.id == appointment_id)
            & (Appointment.municipality == ctx.municipality.id)
            & on_day(Appointment, ctx.today)
        )
        .tuples()
        .first()
    )
    if found is None:
        raise NotFound
    person_name, section, stands_in, is_clerk = found
    reasons = (
        Reason("staff"),
        *_headships(ctx, appointment_id),
        *([Reason("stand_in")] if stands_in else []),
        *([Reason("clerk")] if is_clerk else []),
        *_grants(ctx, appointment_id),
    )
    roles = [role for role in ROLES if role in {reason.role for reason in reasons}]
    decided = decisions(ctx.municipality.id)
    all_abilities = (_ability(permission, roles, decided) for permission in declared.values())
    abilities = tuple(ability for ability in all_abilities if ability.ways or ability.taken)
    return Explanation(appointment_id, person_name, section, reasons, abilities)


def _ability(
    permission: Permission, roles: list[Role], decided: Mapping[tuple[str, str], Decision]
) -> Ability:
    mapped = {pair: decision.is_given for pair, decision in decided.items()}
    ways, taken = [], []
    for role in roles:
        decision = decided.get((role, permission.code))
        is_default = role in permission.roles
        if fixed(permission, role) or (decision and decision.is_given == is_default):
            decision = None
        if is_given(permission, role, mapped):
            ways.append(Way(role, decision))
        elif is_default:
            taken.append(Way(role, decision))
    return Ability(permission, tuple(ways), tuple(taken))


def _headships(ctx: Context, appointment_id: int) -> list[Reason]:
    query = (
        Headship.select(section_name(ctx.today), Headship.starts_on)
        .join(Section)
        .where((Headship.appointment == appointment_id) & on_day(Headship, ctx.today))
        .order_by(Headship.starts_on, Headship.id)
    )
    return [Reason("head", section=section, since=since) for section, since in rows(query)]


def _grants(ctx: Context, appointment_id: int) -> list[Reason]:
    query = (
        RoleGrant.select(RoleGrant.role, RoleGrant.granted_at, Person.name, RoleGrant.ends_on)
        .join_from(
            RoleGrant,
            Appointment,
            JOIN.LEFT_OUTER,
            on=(Appointment.id == RoleGrant.granted_by_id),
        )
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .where((RoleGrant.appointment == appointment_id) & granted_on(ctx.today))
        .order_by(RoleGrant.id)
    )
    return [
        Reason(role, granted_at=at, granted_by=by or "", ends_on=ends_on)
        for role, at, by, ends_on in rows(query)
    ]
