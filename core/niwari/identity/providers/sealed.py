"""Client secrets as they lie in the database: sealed, and good for their own row alone."""

from niwari.identity.models import Provider
from niwari.keyring import keyring


def seal_secret(provider_id: int, issuer: str, client_id: str, secret: str) -> str:
    """Seal a client secret for one provider's row, its issuer and its client id.

    Whoever can write the table cannot have it sent to an issuer of their own.
    """
    return keyring().seal(_purpose(provider_id, issuer, client_id), secret.encode())


def open_secret(row: Provider) -> str:
    """Return the client secret of a provider; raises ``SealError``."""
    purpose = _purpose(row.id, row.issuer, row.client_id)
    return keyring().open_sealed(purpose, row.secret).decode()


def _purpose(provider_id: int, issuer: str, client_id: str) -> str:
    return f"identity.provider {provider_id}\n{issuer}\n{client_id}"
