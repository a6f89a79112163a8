"""How far a session reaches: not beyond the municipalities that its provider serves.

A provider's word is believed about the people of its municipalities alone (docs/decisions/0014). A
person may hold posts elsewhere too; what is theirs there, no session reaches that this provider opened
(docs/decisions/0023).
"""

from collections.abc import Collection
from typing import Any

from niwari.context import Context
from niwari.db import prepared_condition, rows
from niwari.directory.models import Municipality
from niwari.identity.models import Provider, ProviderMunicipality

REACHES = """
    ({town} = {own} OR EXISTS (
        SELECT 1 FROM identity_provider w
        JOIN identity_provider_municipality served
            ON served.provider_id = w.id AND served.municipality_id = {town}
        WHERE w.issuer = {of}.issuer))
"""
"""The rule for the prepared query of the session: ``town`` is served, or ``own``, where it acts."""


def within_reach(ctx: Context, municipality: Any) -> Any:
    """Return the condition that ``municipality``, a field, lies within the reach of the session.

    Everything that shows or changes what is a person's own, in whichever town, asks by it. Within
    reach are the municipality in which one acts, those that the session's provider serves, and those
    that were merged into one of them. A token acts in one post: it reaches that post's alone.
    """
    own = {"own": ctx.municipality.id, "issuer": ctx.issuer}
    return _within_reach(own, municipality.model, municipality.name)


@prepared_condition
def _within_reach(of: Any, model: Any, name: str) -> Any:
    municipality, town = getattr(model, name), Municipality.alias()
    merged_here = town.select(town.id).where(town.successor == of.own)
    return (
        (municipality == of.own)
        | municipality.in_(merged_here)
        | municipality.in_(_served(of.issuer))
        | municipality.in_(_merged_into_served(of.issuer))
    )


def reached_of(ctx: Context, municipality_ids: Collection[int]) -> frozenset[int]:
    """Return those of ``municipality_ids`` that lie within the reach of the session, by one query."""
    query = Municipality.select(Municipality.id).where(
        Municipality.id.in_(sorted(municipality_ids)) & within_reach(ctx, Municipality.id)
    )
    return frozenset(id_ for (id_,) in rows(query))


def _served(issuer: Any) -> Any:
    served, provider = ProviderMunicipality.alias(), Provider.alias()
    return (
        served.select(served.municipality)
        .join(provider, on=(served.provider == provider.id))
        .where(provider.issuer == issuer)
    )


def _merged_into_served(issuer: Any) -> Any:
    # Joined, as each step has its index; asked for beside the served ones, all towns would be read.
    town, served, provider = Municipality.alias(), ProviderMunicipality.alias(), Provider.alias()
    return (
        town.select(town.id)
        .join(served, on=(served.municipality == town.successor))
        .join(provider, on=(served.provider == provider.id))
        .where(provider.issuer == issuer)
    )
