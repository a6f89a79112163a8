"""Which municipalities a provider serves: those that are named, and what becomes of them in a merger.

On the day of a merger nobody may stand outside. But the provider of a small town must not become able
to speak for a whole city that the town was merged into. So it goes on vouching for those for whom it
could until then: whoever held a post in the former municipality on its last day (docs/decisions/0023).
"""

from typing import Any

from peewee import fn

from niwari.directory.models import Appointment, Municipality
from niwari.identity.models import Provider, ProviderMunicipality

PRESENT: Any = fn.COALESCE(Municipality.successor, Municipality.id)
"""The municipality that a row's municipality is part of today."""


def keeps_vouching(provider: Any) -> Any:
    """Return the condition that ``provider``, an id, served the former town of ``Appointment``'s person.

    True of posts in the municipality that it was merged into, of those who came along.
    """
    held, former, served = Appointment.alias(), Municipality.alias(), ProviderMunicipality.alias()
    came_along = (
        held.select(held.id)
        .join(former, on=(held.municipality == former.id))
        .join(
            served,
            on=(served.municipality == former.id) & (served.provider == provider),
        )
        .where(
            (held.person == Appointment.person)
            & (former.successor == Appointment.municipality)
            & (held.ends_on >= former.ends_on)
        )
    )
    return fn.EXISTS(came_along)


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
