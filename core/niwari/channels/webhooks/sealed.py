"""Addresses and secrets of webhooks as they lie in the database: sealed, good for one town alone."""

from niwari.channels.models import Webhook
from niwari.keyring import keyring


def seal_address(municipality_id: int, address: str) -> str:
    """Seal the address of a municipality's webhook."""
    return keyring().seal(f"channels.webhook {municipality_id}", address.encode())


def seal_secret(municipality_id: int, secret: str) -> str:
    """Seal the secret with which a municipality's bodies are signed; an empty one stays empty."""
    if not secret:
        return ""
    return keyring().seal(f"channels.webhook.secret {municipality_id}", secret.encode())


def open_address(row: Webhook) -> str:
    """Return the address of a webhook; raises ``SealError``."""
    purpose = f"channels.webhook {row.municipality_id}"
    return keyring().open_sealed(purpose, row.address).decode()


def open_secret(row: Webhook) -> str:
    """Return the secret of a webhook, empty where it has none; raises ``SealError``."""
    if not row.secret:
        return ""
    purpose = f"channels.webhook.secret {row.municipality_id}"
    return keyring().open_sealed(purpose, row.secret).decode()
