"""The provider that this installation signs in with."""

import os
from collections.abc import Mapping

from flask import Flask, current_app

from niwari.config import ConfigError, Settings
from niwari.identity.oidc import RelyingParty

_PLACE = "niwari.identity.provider"
_SECRET_VARIABLE = "NIWARI_OIDC_CLIENT_SECRET"  # noqa: S105 - its name, not the secret
_SECRET_FILE = "keys/oidc_client_secret.key"  # noqa: S105 - its place, not the secret


def use_provider(app: Flask, found: RelyingParty | None) -> None:
    """Let ``app`` sign in with ``found``; ``None`` until a development provider is mounted."""
    app.extensions[_PLACE] = found


def provider() -> RelyingParty:
    """Return the provider that the present application signs in with."""
    found: RelyingParty | None = current_app.extensions[_PLACE]
    if found is None:
        raise LookupError("no provider: set oidc_issuer, or mount the development provider")
    return found


def configured_provider(
    settings: Settings, environ: Mapping[str, str] | None = None
) -> RelyingParty | None:
    """Return the provider at ``oidc_issuer``, or ``None`` where a demo or test names none.

    The client secret is the environment's ``NIWARI_OIDC_CLIENT_SECRET``, else the content of
    ``keys/oidc_client_secret.key``. Raises ``ConfigError`` naming what is missing.
    """
    if not settings.oidc_issuer:
        if settings.is_production:
            raise ConfigError(
                "oidc_issuer: nobody could sign in without a provider; "
                "give the issuer of your municipality's OpenID Connect provider"
            )
        return None
    if not settings.oidc_client_id:
        raise ConfigError("oidc_client_id: give the client id that the provider registered")
    return RelyingParty(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=_client_secret(settings, os.environ if environ is None else environ),
        base_url=settings.base_url,
    )


def _client_secret(settings: Settings, environ: Mapping[str, str]) -> str:
    path = settings.home / _SECRET_FILE
    secret = environ.get(_SECRET_VARIABLE, "")
    if not secret and path.exists():
        secret = path.read_text(encoding="utf-8").strip()
    if not secret:
        raise ConfigError(
            f"the client secret is missing: write it to {path} or set {_SECRET_VARIABLE}"
        )
    return secret
