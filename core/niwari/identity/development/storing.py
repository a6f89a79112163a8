"""The development provider's row among the providers."""

from typing import Any

from peewee import SQL

from niwari.clock import system_clock
from niwari.config import ConfigError, Settings, read_key
from niwari.db import connection, locked, transaction
from niwari.directory.models import Municipality
from niwari.directory.system import system_context
from niwari.identity.models import Provider, ProviderMunicipality
from niwari.identity.providers.sealed import open_secret, seal_secret
from niwari.keyring import SealError

PATH = "/development-provider"
CLIENT_ID = "niwari"


def development_issuer(settings: Settings) -> str:
    """Return the issuer of the development provider under the present address."""
    return f"{settings.base_url.rstrip('/')}{PATH}"


def development_secret(settings: Settings) -> str:
    """Return the client secret that the development provider knows; it is made on first use."""
    return read_key(settings, "development_client")


def store_development_provider(settings: Settings) -> int | None:
    """Let the development provider be a provider of this demo or test; return its id.

    It is made, or made active again, where no provider is active, and from then on kept as somebody
    has set it. It serves every municipality that there is at the start. ``None`` where another
    provider was there first. Nothing is audited: nobody has decided anything. Raises ``ConfigError``
    in production.
    """
    if settings.is_production:
        raise ConfigError(
            "the development provider asks for no password and never runs in production; "
            "name your municipality's provider by: niwari identity provider add"
        )
    with connection(), transaction(system_context(system_clock(), "niwari demo")):
        is_alone = not Provider.select().where(Provider.is_active).exists()
        if is_alone and not _rows().exists():
            # Of workers that start at the same time one makes the row.
            Provider.insert(
                issuer=development_issuer(settings), client_id=CLIENT_ID, secret="", revision=0
            ).on_conflict_ignore().execute()
        row = locked(_rows()).first()
        if row is None:
            return None
        _renew(row, settings, is_active=row.is_active or is_alone)
        _serve_everybody(row.id)
        return int(row.id)


def _rows() -> Any:
    return Provider.select().where(Provider.issuer.endswith(PATH))


def _renew(row: Provider, settings: Settings, *, is_active: bool) -> None:
    """Bring the row to the present address and secret: a demo may start at another port."""
    secret, before = development_secret(settings), dict(row.__data__)
    row.issuer, row.client_id, row.is_active = development_issuer(settings), CLIENT_ID, is_active
    try:
        is_known = open_secret(row) == secret
    except SealError:
        is_known = False
    if not is_known:
        row.secret = seal_secret(row.id, row.issuer, row.client_id, secret)
    if row.__data__ != before:
        row.revision += 1
        row.save()


def _serve_everybody(provider_id: int) -> None:
    served = ProviderMunicipality.select(ProviderMunicipality.municipality).where(
        ProviderMunicipality.provider == provider_id
    )
    missing = Municipality.select(SQL(str(int(provider_id))), Municipality.id).where(
        Municipality.id.not_in(served)
    )
    ProviderMunicipality.insert_from(
        missing, (ProviderMunicipality.provider, ProviderMunicipality.municipality)
    ).execute()
