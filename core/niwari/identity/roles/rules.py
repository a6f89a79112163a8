"""Roles and the permissions that come with them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import SQL, fn

from niwari.clock import tokyo_day
from niwari.db import prepared, rows
from niwari.directory.clerks import is_clerk_on
from niwari.directory.models import Appointment, Headship, on_day
from niwari.directory.standing_in import stands_in_on
from niwari.directory.transfers.towns import MANAGE as SEALED_TRANSFERS
from niwari.errors import N_
from niwari.host.town_state import Deviation
from niwari.identity.models import RoleGrant
from niwari.specs.contributions import ROLES, Permission, Role

CHANGE_ROLES = "identity.roles"
"""Giving roles, and changing what they may do."""
SEE_ROLES = "identity.roles.read"
"""Seeing who has which role, and what it may do."""
CHANGE_REGION_ROLES = "identity.region_roles"
"""Seeing who has the region's roles, and giving them."""

_MAY_CHANGE_ROLES = ("it", "hr")
_OF_STAFF = (
    "web.read",
    "identity.sessions",
    "identity.act",
    "identity.permissions",
    # Whom the region named, and who is told, is not a town's to choose.
    "vault.open",
    "vault.mine",
    # Every post can be reported, and who wrote or reported it is told.
    "moderation.report",
    "moderation.mine",
)
_KEPT = {("it", CHANGE_ROLES), ("it", SEE_ROLES), ("hr", SEE_ROLES)}


@dataclass(frozen=True, slots=True)
class Fixed:
    """What no municipality can map otherwise, and why (a msgid)."""

    is_given: bool
    reason: str


def fixed(permission: Permission, role: Role) -> Fixed | None:
    """Return what holds of ``permission`` and ``role`` in every municipality; ``None``: it may choose.

    Nobody can be locked out of their own pages, nor a municipality out of its roles. What belongs to
    the secretariat alone concerns the region, and what belongs to auditors alone watches over those
    who could change it (docs/decisions/0017). Sealed transfers are HR's alone (0022).
    """
    if permission.code in _OF_STAFF:
        return Fixed(role == "staff", N_("職員全員が使う画面なので、変えられません。"))
    if (role, permission.code) in _KEPT:
        return Fixed(True, N_("この画面を開ける職員がいなくなるため、外せません。"))
    if permission.code == CHANGE_ROLES and role not in _MAY_CHANGE_ROLES:
        return Fixed(False, N_("情報担当と人事担当のほかには付けられません。"))
    if permission.code == SEALED_TRANSFERS:
        return Fixed(
            role == "hr",
            N_("内示の前に異動が漏れないよう、人事担当だけの権限です。変えられません。"),
        )
    if set(permission.roles) == {"secretariat"}:
        return Fixed(
            role in permission.roles, N_("広域圏全体に関わるため、市町村では変えられません。")
        )
    if set(permission.roles) == {"auditor"}:
        return Fixed(role in permission.roles, N_("監査の独立を守るため、変えられません。"))
    return None


def is_given(
    permission: Permission, role: Role, deviations: Mapping[tuple[str, str], bool]
) -> bool:
    """Tell whether ``role`` brings ``permission``, with a municipality's deviations by (role, code)."""
    rule = fixed(permission, role)
    if rule is not None:
        return rule.is_given
    return deviations.get((role, permission.code), role in permission.roles)


def permissions_of(
    declared: Mapping[str, Permission],
    roles: Iterable[str],
    deviations: Iterable[Deviation] = (),
) -> frozenset[str]:
    """Return the codes among ``declared`` that somebody with ``roles`` holds.

    Without ``deviations`` those that the roles bring by declaration.
    """
    given = set(roles)
    held = [role for role in ROLES if role in given]
    mapped = {(role, code): given for role, code, given in deviations}
    return frozenset(
        code
        for code, permission in declared.items()
        if any(is_given(permission, role, mapped) for role in held)
    )


def role_set(
    granted: Iterable[str], *, is_head: bool, stands_in: bool = False, is_clerk: bool = False
) -> frozenset[str]:
    """Return all roles of an appointment: ``staff``, the granted, and those that follow.

    ``head`` follows from a headship; ``stand_in`` from a rank in post order or a delegation;
    ``clerk`` from being named as clerk of a section.
    """
    following = {"head": is_head, "stand_in": stands_in, "clerk": is_clerk}
    return frozenset({"staff", *(role for role, holds in following.items() if holds), *granted})


def roles_of(appointment_id: int, now: datetime) -> frozenset[str]:
    """Return the roles of an appointment on the Tokyo day of ``now``, an aware instant."""
    of = {"post": appointment_id, "day": tokyo_day(now)}
    return _roles(_granted_to(of).rows(), _following_from(of).rows()).get(
        appointment_id, role_set((), is_head=False)
    )


def roles_by_post(posts: Any, now: datetime) -> dict[int, frozenset[str]]:
    """Return the same for all ``posts``, ids or a query for them, by two queries."""
    day = tokyo_day(now)
    return _roles(
        rows(_grants(day).where(RoleGrant.appointment.in_(posts))),
        rows(_following(day).where(Appointment.id.in_(posts))),
    )


@prepared
def _granted_to(of: Any) -> Any:
    return _grants(of.day).where(RoleGrant.appointment == of.post)


@prepared
def _following_from(of: Any) -> Any:
    return _following(of.day).where(Appointment.id == of.post)


def _grants(day: Any) -> Any:
    return RoleGrant.select(RoleGrant.appointment, RoleGrant.role).where(granted_on(day))


def _following(day: Any) -> Any:
    heads = Headship.select(SQL("1")).where(
        (Headship.appointment == Appointment.id) & on_day(Headship, day)
    )
    return Appointment.select(Appointment.id, fn.EXISTS(heads), stands_in_on(day), is_clerk_on(day))


def _roles(grants: Iterable[Any], following: Iterable[Any]) -> dict[int, frozenset[str]]:
    granted = defaultdict(list)
    for post, role in grants:
        granted[post].append(role)
    return {
        post: role_set(
            granted[post],
            is_head=bool(is_head),
            stands_in=bool(stands_in),
            is_clerk=bool(is_clerk),
        )
        for post, is_head, stands_in, is_clerk in following
    }


def granted_on(day: date) -> Any:
    """Return the condition that a granted role has not ended before the Tokyo day ``day``."""
    return RoleGrant.ends_on.is_null() | (RoleGrant.ends_on >= day)
