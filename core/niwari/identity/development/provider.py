"""The development provider's pages and endpoints, an application of its own."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.rpinitiated import EndSessionEndpoint
from flask import Flask, Response, g, jsonify, render_template, request, session
from joserfc.jwk import KeySet

from niwari.clock import Clock, tokyo_day
from niwari.config import ConfigError, Settings, read_key
from niwari.db import database
from niwari.directory.people import UnknownPerson, main_appointment
from niwari.identity.development.grants import Client, CodeGrant, Holder, IdToken, S256Challenge
from niwari.identity.development.keys import ALGORITHM, published_keys
from niwari.specs.contributions import Label

Accounts = Callable[[], Sequence[tuple[str, Label]]]

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class _Issuer(IssuerParameter):  # type: ignore[misc]
    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def get_issuer(self) -> str:
        return self._issuer


class _EndSession(EndSessionEndpoint):  # type: ignore[misc]
    def get_server_jwks(self) -> KeySet:
        return published_keys()

    def get_algorithms(self) -> list[str]:
        return [ALGORITHM]

    def end_session(self, end_session_request: Any) -> None:
        session.clear()


def create_development_provider(
    settings: Settings, clock: Clock, issuer: str, client: Client, accounts: Accounts
) -> Flask:
    """Make the provider as a WSGI application to be mounted at ``issuer``.

    Accounts are those of the people who are appointed on the day of ``clock``, the application's;
    ``accounts`` are the (login, role) to be offered as buttons. Everything else goes by the
    machine's time. Raises ``ConfigError`` in production.
    """
    if settings.is_production:
        raise ConfigError(
            "the development provider asks for no password and never runs in production; "
            "name your municipality's provider by: niwari identity provider add"
        )
    app = Flask(__name__, static_folder=None)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.config.update(
        SECRET_KEY=read_key(settings, "development_provider"),
        SESSION_COOKIE_NAME="niwari_development_provider",
        SESSION_COOKIE_PATH=urlsplit(issuer).path,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=issuer.startswith("https://"),
        TRUSTED_HOSTS=[urlsplit(issuer).hostname or "localhost"],
    )
    server = AuthorizationServer(
        app,
        query_client=lambda client_id: client if client_id == client.client_id else None,
        # An access token opens nothing here, so nobody has to know it again.
        save_token=lambda token, request: None,
    )
    extension = _Issuer(issuer)
    server.register_grant(CodeGrant, [S256Challenge(), IdToken(issuer)])
    server.register_endpoint(_EndSession)
    server.register_extension(extension)
    _connect_per_request(app)

    @app.after_request
    def set_headers(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        return response

    @app.get("/.well-known/openid-configuration")
    def metadata() -> Response:
        return jsonify(_metadata(issuer))

    @app.get("/jwks")
    def jwks() -> Response:
        return jsonify(published_keys().as_dict(private=False))

    @app.post("/token")
    def token() -> Any:
        return server.create_token_response()

    @app.route("/end-session", methods=["GET", "POST"])
    def end_session() -> Any:
        return server.create_endpoint_response("end_session") or render_template(
            "development_provider/signed_out.html"
        )

    @app.route("/authorize", methods=["GET", "POST"])
    def authorize() -> Any:
        try:
            grant = server.get_consent_grant()
        except OAuth2Error as error:
            response = server.handle_error_response(None, error)
            extension.add_issuer_parameter(server, response)
            if response.location:
                return response
            return render_template("development_provider/refused.html", error=error.error), 400
        if request.method == "GET":
            suggested = request.args.get("login_hint") or session.get("login", "")
            return _form(accounts, suggested, unknown=False)
        if "cancel" in request.form:
            return server.create_authorization_response(grant=grant, grant_user=None)
        login = request.form.get("username", "").strip()
        if not _is_account(login, clock):
            return _form(accounts, login, unknown=True), 422
        session["login"] = login
        holder = Holder(login, session.setdefault("sid", secrets.token_urlsafe(16)))
        return server.create_authorization_response(grant=grant, grant_user=holder)

    return app


def _form(accounts: Accounts, login: str, *, unknown: bool) -> str:
    return render_template(
        "development_provider/authorize.html",
        action=f"{request.script_root}{request.full_path}",
        login=login,
        unknown=unknown,
        accounts=accounts(),
    )


def _is_account(login: str, clock: Clock) -> bool:
    try:
        main_appointment(login, tokyo_day(clock()))
    except UnknownPerson:
        return False
    return True


def _metadata(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/end-session",
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "scopes_supported": ["openid", "profile"],
        "claims_supported": ["sub", "preferred_username", "name", "sid", "auth_time"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
    }


def _connect_per_request(app: Flask) -> None:
    # Called in-process, the provider shares the connection of the request that calls it.
    @app.before_request
    def connect() -> None:
        g.opened = database.connect(reuse_if_open=True)

    @app.teardown_request
    def disconnect(_error: BaseException | None) -> None:
        if g.pop("opened", False):
            database.close()
