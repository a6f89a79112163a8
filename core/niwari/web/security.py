"""Headers and CSRF: what every answer carries."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request, session
from flask_wtf import CSRFProtect
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from niwari.config import Settings
from niwari.host.blueprint import LARGEST_BODY
from niwari.host.wiring import AccessTable
from niwari.pages.programs import of_a_program
from niwari.web.uploads import take_attachments

log = logging.getLogger(__name__)

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; "
    "manifest-src 'self'; form-action 'self'"
)

_POLICY_HEADER = "Content-Security-Policy"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class WrongAddress(BadRequest):
    """The request came under another name than that of ``base_url``."""


def install_security(app: Flask, settings: Settings) -> None:
    """Set the security headers on every answer and make ready for CSRF tokens.

    Pages are not stored by browsers or proxies; static files keep the caching of their server.
    """
    address = urlsplit(settings.base_url)
    _answer_to(app, settings, address.netloc)
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # the token lives as long as its session
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # check_form_tokens does, behind the gate
    # The language may be chosen before there is a session to hold a token; it is all that it sets.
    # Signing out asks for the token itself while there is a session. Finding the way in changes
    # nothing: a form that anybody may send, as they may open the address that it leads to.
    csrf = CSRFProtect(app)
    csrf.exempt("niwari.web.views.set_locale")
    csrf.exempt("niwari.identity.views.sign_out")
    csrf.exempt("niwari.identity.views.find")
    # A provider has no session here; its token is signed.
    csrf.exempt("niwari.identity.sign_in.logout_views.back_channel_logout")
    headers = security_headers(settings)

    @app.after_request
    def set_headers(response: Response) -> Response:
        if g.get("ctx") is not None:
            response.headers.setdefault(_POLICY_HEADER, _policy(session.get("issuer", "")))
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if not (request.endpoint or "").endswith("static"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def security_headers(settings: Settings) -> dict[str, str]:
    """Return the headers that every answer carries, static files included."""
    headers = {**_HEADERS, _POLICY_HEADER: _POLICY}
    if settings.base_url.startswith("https://"):
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return headers


def check_form_tokens(app: Flask, table: AccessTable, files: int) -> None:
    """Refuse unsafe requests without the CSRF token of their session.

    Routes of ``table`` that take more bytes than others do so only from those who may open them, so
    nobody else can make the server read so much; those with attachments take ``files`` bytes of them.
    To be installed behind the gate, so that somebody whose session has ended is told to sign in and
    not that the form is wrong.
    """

    @app.before_request
    def check_token() -> None:
        access = table.of(request.endpoint)
        if access is not None and access.attachments:
            request.max_content_length = files + LARGEST_BODY
            take_attachments(request)
        elif access is not None and access.largest_body != LARGEST_BODY:
            request.max_content_length = access.largest_body
        if not of_a_program():  # no cookie opens the API, so that no page can misuse one there
            app.extensions["csrf"].protect(apply_exemptions=True)


def _answer_to(app: Flask, settings: Settings, netloc: str) -> None:
    """Answer under the address of ``base_url`` alone, so that a forged ``Host`` reaches no link.

    The health check is asked by machines under whatever name. A demo that is opened as ``localhost``
    leads to its own address, because the cookie of a sign-in belongs to one name.
    """

    @app.before_request
    def check_host() -> BaseResponse | None:
        if request.host == netloc or request.endpoint == "web.healthz":
            return None
        if not settings.is_production and urlsplit(request.host_url).hostname in _THIS_MACHINE:
            return redirect(settings.base_url.rstrip("/") + request.full_path.rstrip("?"))
        log.warning("asked as %r, but base_url is %s", request.host, settings.base_url)
        raise WrongAddress


def _policy(issuer: str) -> str:
    """Return the content security policy; forms may lead to the session's ``issuer`` too.

    Signing out is a form whose answer goes on to the provider, and Chromium holds ``form-action``
    against redirects as well.
    """
    provider = urlsplit(issuer)
    return f"{_POLICY} {provider.scheme}://{provider.netloc}" if provider.netloc else _POLICY
