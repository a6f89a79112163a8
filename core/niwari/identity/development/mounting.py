"""Putting the development provider beside the application that signs in with it."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from niwari.clock import Clock
from niwari.config import Settings
from niwari.identity.development.grants import Client
from niwari.identity.development.in_process import in_process_session
from niwari.identity.development.provider import create_development_provider
from niwari.identity.development.storing import (
    CLIENT_ID,
    PATH,
    development_issuer,
    development_secret,
    store_development_provider,
)
from niwari.identity.protocol.addresses import redirect_address, signed_out_address
from niwari.identity.providers.relying_parties import reach_in_process


def mount_development_provider(app: Flask, settings: Settings, clock: Clock) -> None:
    """Serve the provider below ``/development-provider`` of ``app``, as one of its providers.

    The accounts in ``app.config["NIWARI_DEMO_ACCOUNTS"]``, (login, ``Label`` of the role) each, are
    offered as buttons. Where the database has another active provider and not this one, nothing is
    mounted. Sessions must be installed before. Raises ``ConfigError`` in production.
    """
    provider_id = store_development_provider(settings)
    if provider_id is None:
        return
    issuer = development_issuer(settings)
    client = Client(
        client_id=CLIENT_ID,
        client_secret=development_secret(settings),
        redirect_uri=redirect_address(settings.base_url, provider_id),
        client_metadata={"post_logout_redirect_uris": [signed_out_address(settings.base_url)]},
    )
    provider = create_development_provider(
        settings, clock, issuer, client, lambda: app.config.get("NIWARI_DEMO_ACCOUNTS", ())
    )
    reach_in_process(app, issuer, in_process_session(issuer, provider))
    dispatcher = DispatcherMiddleware(app.wsgi_app, {PATH: provider})
    app.wsgi_app = dispatcher  # type: ignore[method-assign]
