"""What the roles of a municipality may do: as declared, save where it decided otherwise.

Only the deviations are rows, so that a plugin's new permission reaches every municipality, and what
an uninstalled plugin leaves means nothing until it comes back.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context, MunicipalityRef
from niwari.db import rows, transaction
from niwari.directory.models import Municipality
from niwari.errors import N_, DomainError, Invalid
from niwari.host.enablement import bump_revision, hold
from niwari.host.models import RolePermission
from niwari.host.registry import Host
from niwari.host.town_state import state_of
from niwari.identity.roles.rules import fixed, is_given, permissions_of
from niwari.specs.contributions import ROLES, Permission, Role

Pair = tuple[Role, str]
"""A role, and the code of a permission."""


class Outdated(DomainError):
    """The municipality changed after the form was opened."""

    text = N_(
        "この画面を開いたあとで、この市町村の設定が変わりました。何も保存していません。"
        "表示を今の設定に直したので、確かめてから、もう一度選んでください。"
    )


class NotForChanging(Invalid):
    """The pair is fixed for every municipality, or is none of the area's."""

    text = N_("%(role)s と %(permission)s の組合せは変えられません。画面を開き直してください。")


def town_permissions(
    declared: Mapping[str, Permission], municipality: MunicipalityRef, roles: Iterable[str]
) -> frozenset[str]:
    """Return the codes among ``declared`` that ``roles`` bring in ``municipality``."""
    deviations = state_of(municipality.id, municipality.revision).deviations
    return permissions_of(declared, roles, deviations)


def kept_permissions(
    host: Host,
) -> Callable[[MunicipalityRef, frozenset[str]], frozenset[str]]:
    """Return ``town_permissions`` of all that ``host`` declares, for each request: it remembers them.

    Bounded, and shared by all municipalities that map alike: most have no deviation at all.
    """
    kept = lru_cache(maxsize=4096)(
        lambda roles, deviations: permissions_of(host.permissions(), roles, deviations)
    )
    return lambda town, roles: kept(roles, state_of(town.id, town.revision).deviations)


def roles_with(municipality: MunicipalityRef, permission: Permission) -> tuple[Role, ...]:
    """Return the roles that bring ``permission`` in ``municipality``."""
    deviations = state_of(municipality.id, municipality.revision).deviations
    mapped = {(role, code): given for role, code, given in deviations}
    return tuple(role for role in ROLES if is_given(permission, role, mapped))


@dataclass(frozen=True, slots=True)
class _Change:
    pair: Pair
    is_given: bool
    is_default: bool


def change(
    ctx: Context, area: str, declared: Sequence[Permission], given: Iterable[Pair], revision: int
) -> bool:
    """Let the roles of the acting municipality bring exactly ``given`` of an area's permissions.

    ``declared`` are all that the area declares; what is fixed stays as it is, named or not. Returns
    whether anything changed: a second click changes nothing. In force at the next request of
    everybody, because the revision grows with it. Raises ``Outdated`` where the municipality is not
    at ``revision`` any more, and ``NotForChanging`` for what it cannot give.
    """
    wanted = set(given)
    _refuse_what_is_fixed(declared, wanted)
    with transaction(ctx):
        hold(ctx.municipality.id)
        ((now,),) = rows(
            Municipality.select(Municipality.revision).where(Municipality.id == ctx.municipality.id)
        )
        changes = _changes(ctx.municipality.id, declared, wanted)
        if not changes:
            return False
        if now != revision:
            raise Outdated
        for one in changes:
            _write(ctx, one)
        bump_revision(ctx.municipality.id)
        _record(ctx, area, changes)
    return True


def _refuse_what_is_fixed(declared: Sequence[Permission], wanted: set[Pair]) -> None:
    known = {permission.code: permission for permission in declared}
    for role, code in sorted(wanted):
        permission = known.get(code)
        rule = fixed(permission, role) if permission is not None and role in ROLES else None
        if permission is None or role not in ROLES or (rule is not None and not rule.is_given):
            raise NotForChanging(role=role, permission=code)


def _changes(
    municipality_id: int, declared: Sequence[Permission], wanted: set[Pair]
) -> list[_Change]:
    query = RolePermission.select(
        RolePermission.role, RolePermission.permission, RolePermission.is_given
    ).where(
        (RolePermission.municipality_id == municipality_id)
        & RolePermission.permission.in_([permission.code for permission in declared])
    )
    before = {(role, code): bool(was_given) for role, code, was_given in rows(query)}
    return [
        _Change((role, permission.code), will_be, will_be == (role in permission.roles))
        for permission in declared
        for role in ROLES
        if fixed(permission, role) is None
        and (will_be := (role, permission.code) in wanted) != is_given(permission, role, before)
    ]


def _write(ctx: Context, one: _Change) -> None:
    role, code = one.pair
    model: Any = RolePermission
    if one.is_default:
        model.delete().where(
            (model.municipality_id == ctx.municipality.id)
            & (model.permission == code)
            & (model.role == role)
        ).execute()
        return
    values = {
        "is_given": one.is_given,
        "changed_at": ctx.now,
        "changed_by_id": ctx.appointment.id if ctx.appointment else None,
    }
    model.insert(
        municipality_id=ctx.municipality.id, role=role, permission=code, **values
    ).on_conflict(
        conflict_target=[model.municipality_id, model.permission, model.role], update=values
    ).execute()


def _record(ctx: Context, area: str, changes: Sequence[_Change]) -> None:
    def named(*, were_given: bool) -> str | None:
        pairs = [one.pair for one in changes if one.is_given == were_given]
        return ",".join(f"{role}:{code}" for role, code in pairs) or None

    audit.record(
        ctx,
        "identity.change_permissions",
        "municipality",
        ctx.municipality.id,
        area=area,
        given=named(were_given=True),
        taken=named(were_given=False),
    )
