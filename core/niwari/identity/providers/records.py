"""The providers of an installation as its administrators see them."""

from dataclasses import dataclass

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Municipality
from niwari.errors import NotFound
from niwari.identity.models import Provider, ProviderDomain, ProviderMunicipality
from niwari.identity.providers.scope import manageable

PAGE = 50


@dataclass(frozen=True, slots=True)
class Record:
    """A provider without its secret."""

    id: int
    revision: int
    label: str
    issuer: str
    client_id: str
    login_claim: str
    is_active: bool
    domains: tuple[str, ...]
    municipality_ids: tuple[int, ...]


def records(ctx: Context, after: int = 0) -> tuple[Record, ...]:
    """Return up to ``PAGE`` providers that one may change, by id from behind ``after``, and one more."""
    found = (
        Provider.select()
        .where((Provider.id > after) & manageable(ctx))
        .order_by(Provider.id)
        .limit(PAGE + 1)
    )
    return read_records(list(found))


def record(ctx: Context, provider_id: int) -> Record:
    """Return a provider that one may change; raises ``NotFound``, also where one may not."""
    found = list(Provider.select().where((Provider.id == provider_id) & manageable(ctx)))
    if not found:
        raise NotFound
    return read_records(found)[0]


def municipality_codes() -> dict[int, str]:
    """Return the codes of all municipalities by id."""
    return dict(rows(Municipality.select(Municipality.id, Municipality.code)))


def read_records(found: list[Provider]) -> tuple[Record, ...]:
    """Return the records of providers' rows, by two queries for all of them."""
    ids = [row.id for row in found]
    domains: dict[int, list[str]] = {id_: [] for id_ in ids}
    served: dict[int, list[int]] = {id_: [] for id_ in ids}
    for provider_id, domain in rows(
        ProviderDomain.select(ProviderDomain.provider, ProviderDomain.domain)
        .where(ProviderDomain.provider.in_(ids))
        .order_by(ProviderDomain.domain)
    ):
        domains[provider_id].append(domain)
    for provider_id, municipality_id in rows(
        ProviderMunicipality.select(
            ProviderMunicipality.provider, ProviderMunicipality.municipality
        )
        .where(ProviderMunicipality.provider.in_(ids))
        .order_by(ProviderMunicipality.municipality)
    ):
        served[provider_id].append(municipality_id)
    return tuple(
        Record(
            row.id,
            row.revision,
            row.label,
            row.issuer,
            row.client_id,
            row.login_claim,
            row.is_active,
            tuple(domains[row.id]),
            tuple(served[row.id]),
        )
        for row in found
    )
