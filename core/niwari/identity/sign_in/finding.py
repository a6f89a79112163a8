"""Which provider somebody signs in with: found by their municipality or mail address."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.db import rows
from niwari.directory.models import Municipality
from niwari.errors import N_, Invalid
from niwari.identity.models import Provider, ProviderDomain, ProviderMunicipality
from niwari.identity.providers.serving import PRESENT, former_of, towns_by_region


class UnknownDomain(Invalid):
    """No active provider has the domain of the mail address."""

    text = N_(
        "「%(domain)s」のメールアドレスでは、サインイン先が見つかりません。職場のメールアドレスかどうかを確かめるか、市町村を選んでください。"
    )


@dataclass(frozen=True, slots=True)
class Way:
    """A way in: an active provider."""

    provider_id: int
    label: str


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality whose people have a way in; ``region`` is empty where it is in none."""

    municipality_id: int
    name: str
    region: str


def first_ways() -> tuple[Way, ...]:
    """Return the active providers, two at the most: to know whether there is one, or several."""
    return _ways(Provider.select(Provider.id, Provider.label).order_by(Provider.id).limit(2))


def way_by_id(provider_id: int) -> Way | None:
    """Return the active provider with this id, or ``None``."""
    query = Provider.select(Provider.id, Provider.label).where(Provider.id == provider_id)
    return next(iter(_ways(query)), None)


def ways_of(municipality_id: int) -> tuple[Way, ...]:
    """Return the active providers that serve a municipality, or one that was merged into it, by id."""
    serving = ProviderMunicipality.select(ProviderMunicipality.provider).where(
        ProviderMunicipality.municipality.in_(former_of(municipality_id))
    )
    return _ways(
        Provider.select(Provider.id, Provider.label)
        .where(Provider.id.in_(serving))
        .order_by(Provider.id)
    )


def way_of_mail(address: str) -> Way:
    """Return the active provider that has the mail address's domain; raises ``UnknownDomain``."""
    domain = address.strip().rpartition("@")[2].lower()
    query = (
        Provider.select(Provider.id, Provider.label)
        .join(ProviderDomain)
        .where(ProviderDomain.domain == domain)
    )
    found = _ways(query)
    if not found:
        raise UnknownDomain(domain=domain[:100], field="mail")
    return found[0]


def towns_with_a_way_in(day: date) -> tuple[Town, ...]:
    """Return the municipalities that an active provider serves, by region and code.

    Instead of one that was merged into another, it is that one.
    """
    served = (
        Municipality.select(PRESENT)
        .join(ProviderMunicipality)
        .join(Provider)
        .where(Provider.is_active)
    )
    query = towns_by_region(day).where(Municipality.id.in_(served))
    return tuple(Town(*row) for row in rows(query))


def _ways(query: Any) -> tuple[Way, ...]:
    return tuple(Way(*row) for row in rows(query.where(Provider.is_active)))
