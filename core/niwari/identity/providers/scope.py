"""Which providers somebody may change: those that serve none but the towns they decide for."""

from typing import Any

from peewee import SQL, fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Municipality
from niwari.directory.regions import region_towns
from niwari.identity.models import Provider, ProviderMunicipality
from niwari.identity.providers.serving import PRESENT, towns_by_region

MANAGE = "identity.providers"
MANAGE_REGION = "identity.providers_region"


def scope_of(ctx: Context) -> frozenset[int] | None:
    """Return the ids of the municipalities that one decides for; ``None`` where it is all of them.

    IT decides for its own municipality, the secretariat for those of its region today, commands
    for all.
    """
    if ctx.appointment is None:
        return None
    if not ctx.may(MANAGE_REGION):
        return frozenset({ctx.municipality.id})
    return frozenset({ctx.municipality.id, *(id_ for (id_,) in rows(region_towns(ctx)))})


def manageable(ctx: Context) -> Any:
    """Return the condition under which one sees and changes a provider; others are 404.

    A municipality that was merged into another one counts as that one.
    """
    if ctx.appointment is None:
        return SQL("(1 = 1)")
    inside: Any = region_towns(ctx) if ctx.may(MANAGE_REGION) else [ctx.municipality.id]
    served = ProviderMunicipality.select().where(ProviderMunicipality.provider == Provider.id)
    outside = served.join(Municipality).where(PRESENT.not_in(inside))
    return fn.EXISTS(served) & ~fn.EXISTS(outside)


def towns_in_scope(ctx: Context) -> tuple[tuple[int, str, str], ...]:
    """Return (id, name, region) of the municipalities that one decides for, by region and code."""
    query = towns_by_region(ctx.today).where(Municipality.ends_on.is_null())
    scope = scope_of(ctx)
    if scope is not None:
        query = query.where(Municipality.id.in_(sorted(scope)))
    return tuple(rows(query))
