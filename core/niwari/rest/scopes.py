"""What a token can be given: the permissions that open something in the API."""

from collections.abc import Iterable, Mapping

from niwari.context import Context
from niwari.directory.linking import page_of
from niwari.host.running import running
from niwari.identity.roles.mapping import town_permissions
from niwari.rest.operations import Operation
from niwari.specs.contributions import Permission


def offered_scopes(
    ctx: Context, operations: Iterable[Operation], *, of_municipality: bool = False
) -> Mapping[str, Permission]:
    """Return what the acting person can give to a token, by code, in the order of the codes.

    A person's token gets what the person may do; one of the municipality what all staff may do and
    what is nobody's own. Beside the API's own permissions these are those for what people share
    through the plugins that are on here.
    """
    declared = running().host.permissions()
    opening = {one.permission for one in operations if not (of_municipality and one.personal)}
    held = _of_staff(ctx, declared) if of_municipality else ctx.permissions
    codes = (opening | _of_plugins(ctx)) & held
    return {code: declared[code] for code in sorted(codes) if code in declared}


def _of_staff(ctx: Context, declared: Mapping[str, Permission]) -> frozenset[str]:
    return town_permissions(declared, ctx.municipality, ("staff",))


def _of_plugins(ctx: Context) -> set[str]:
    dispatcher = running()
    routes = (
        page_of(dispatcher, owner, resource)
        for owner in dispatcher.active_in(ctx.municipality)
        for resource in dispatcher.host.plugins[owner].contributions.resources
    )
    return {route.permission for route in routes if route is not None and route.permission}
