"""Putting the development provider beside the application that signs in with it."""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from niwari.clock import Clock
from niwari.config import Settings, read_key
from niwari.identity.development.grants import Client
from niwari.identity.development.in_process import in_process_session
from niwari.identity.development.provider import create_development_provider
from niwari.identity.oidc import RelyingParty
from niwari.identity.provider import use_provider

_PATH = "/development-provider"
_CLIENT_ID = "niwari"


def mount_development_provider(app: Flask, settings: Settings, clock: Clock) -> None:
    """Serve the provider below ``/development-provider`` of ``app`` and sign in with it.

    The accounts in ``app.config["NIWARI_DEMO_ACCOUNTS"]``, (login, ``Label`` of the role) each, are
    offered as buttons. Sessions must be installed before. Raises ``ConfigError`` in production,
    and where ``base_url`` is neither https nor on this machine.
    """
    base_url = settings.base_url.rstrip("/")
    issuer = f"{base_url}{_PATH}"
    client = Client(
        client_id=_CLIENT_ID,
        client_secret=read_key(settings, "development_client"),
        redirect_uri=f"{base_url}/sign-in/callback",
        client_metadata={"post_logout_redirect_uris": [f"{base_url}/signed-out"]},
    )
    provider = create_development_provider(
        settings, clock, issuer, client, lambda: app.config.get("NIWARI_DEMO_ACCOUNTS", ())
    )
    use_provider(
        app,
        RelyingParty(
            issuer=issuer,
            client_id=client.client_id,
            client_secret=client.client_secret,
            base_url=base_url,
            session_class=in_process_session(issuer, provider),
        ),
    )
    dispatcher = DispatcherMiddleware(app.wsgi_app, {_PATH: provider})
    app.wsgi_app = dispatcher  # type: ignore[method-assign]
