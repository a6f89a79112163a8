"""Roles and the permissions that come with them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from niwari.clock import tokyo_day
from niwari.directory.models import Headship, on_day
from niwari.directory.standing_in import stands_in
from niwari.identity.models import RoleGrant
from niwari.specs.contributions import Permission


def permissions_of(declared: Mapping[str, Permission], roles: Iterable[str]) -> frozenset[str]:
    """Return the codes among ``declared`` that somebody with ``roles`` holds by default."""
    held = frozenset(roles)
    return frozenset(code for code, permission in declared.items() if held & set(permission.roles))


def role_set(granted: Iterable[str], *, is_head: bool, stands_in: bool = False) -> frozenset[str]:
    """Return all roles of an appointment: ``staff``, the granted, and those that follow.

    ``head`` follows from a headship; ``stand_in`` from a rank in post order or a delegation.
    """
    following = {"head": is_head, "stand_in": stands_in}
    return frozenset({"staff", *(role for role, holds in following.items() if holds), *granted})


def roles_of(appointment_id: int, now: datetime) -> frozenset[str]:
    """Return the roles of an appointment on the Tokyo day of ``now``, an aware instant."""
    granted = RoleGrant.select().where(RoleGrant.appointment == appointment_id)
    is_head = (
        Headship.select()
        .where((Headship.appointment == appointment_id) & on_day(Headship, tokyo_day(now)))
        .exists()
    )
    return role_set(
        (grant.role for grant in granted),
        is_head=is_head,
        stands_in=stands_in(appointment_id, tokyo_day(now)),
    )
