"""Which municipalities a provider serves: those that are named, and what becomes of them in a merger.

On the day of a merger nobody may stand outside. But the provider of a small town must not become able
to speak for a whole city that the town was merged into. So it goes on vouching for those for whom it
could until then: whoever held a post in the former municipality on its last day, and none in the other
one, where a provider of that one already spoke for them (docs/decisions/0023).
"""

from datetime import date
from typing import Any

from peewee import fn

from niwari.directory.models import (
    Appointment,
    Merger,
    Municipality,
    Region,
    RegionMembership,
    on_day,
)
from niwari.identity.models import Provider, ProviderMunicipality

PRESENT: Any = fn.COALESCE(Municipality.successor, Municipality.id)
"""The municipality that a row's municipality is part of today."""


def keeps_vouching(provider: Any) -> Any:
    """Return the condition that ``provider``, an id, served the former town of ``Appointment``'s person.

    True of posts in the municipality that it was merged into, of those who came along.
    """
    person = Appointment.person
    held, former, served = Appointment.alias(), Municipality.alias(), ProviderMunicipality.alias()
    came_along = (
        held.select(held.id)
        .join(former, on=(held.municipality == former.id))
        .join(
            served,
            on=(served.municipality == former.id) & (served.provider == provider),
        )
        .where(
            (held.person == person)
            & (former.successor == Appointment.municipality)
            & (held.ends_on >= former.ends_on)
            & ~fn.EXISTS(_there_before(person, former.id))
        )
    )
    return fn.EXISTS(came_along)


def vouches_for(appointment_id: int) -> Any:
    """Return the condition that a ``Provider`` speaks for the holder of a post: by town or as above."""
    served = ProviderMunicipality.alias()
    of_town = served.select(served.id).where(
        (served.provider == Provider.id) & (served.municipality == Appointment.municipality)
    )
    return fn.EXISTS(
        Appointment.select(Appointment.id).where(
            (Appointment.id == appointment_id) & (fn.EXISTS(of_town) | keeps_vouching(Provider.id))
        )
    )


def _there_before(person: Any, former_id: Any) -> Any:
    """Return the query for posts in a town that ``former_id`` became part of, on the day before it did.

    Each step counts: who went to the second city years before its merger did not come along.
    """
    post, step = Appointment.alias(), Merger.alias()
    return (
        post.select(post.id)
        .join(step, on=(post.municipality == step.successor))
        .where(
            (step.former == former_id)
            & (post.person == person)
            & (post.starts_on <= step.last_day)
            & (post.ends_on.is_null() | (post.ends_on >= step.last_day))
        )
    )


def is_served(municipality_id: int) -> bool:
    """Tell whether an active provider serves all people of a municipality."""
    found: bool = (
        ProviderMunicipality.select()
        .join(Provider)
        .where((ProviderMunicipality.municipality == municipality_id) & Provider.is_active)
        .exists()
    )
    return found


def former_of(municipality: Any) -> Any:
    """Return the query for the ids of ``municipality``, an id, and of those merged into it."""
    town = Municipality.alias()
    return town.select(town.id).where((town.id == municipality) | (town.successor == municipality))


def towns_by_region(day: date) -> Any:
    """Return the query for (id, name, region) of municipalities by region and code, as of ``day``.

    The region is empty where a municipality is in none.
    """
    region = fn.COALESCE(Region.name, "")
    return (
        Municipality.select(Municipality.id, Municipality.name, region)
        .left_outer_join(
            RegionMembership,
            on=(RegionMembership.municipality == Municipality.id) & on_day(RegionMembership, day),
        )
        .left_outer_join(Region, on=(RegionMembership.region == Region.id))
        .order_by(region, Municipality.code)
    )
