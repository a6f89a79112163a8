"""The gate: asked before each request, after the session was read."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Flask, Response, abort, g, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from niwari.context import Context
from niwari.host.blueprint import SAFE_METHODS
from niwari.host.enablement import active, on_anywhere
from niwari.host.registry import Host
from niwari.host.wiring import AccessTable


class FeatureOff(NotFound):
    """The plugin is off, or paused, for who asks: for them its pages are not there."""

    def __init__(self, plugin: str) -> None:
        """Say which; the page may tell people of the town that it is paused."""
        super().__init__()
        self.plugin = plugin


def install_gate(
    app: Flask,
    host: Host,
    table: AccessTable,
    sign_in_endpoint: str,
    ask_again: Callable[[], BaseResponse | None],
) -> None:
    """Check each request of ``app``: the owner must be active, the person must hold the permission.

    ``g.ctx`` must be set before (``None`` for an anonymous request). Answers: anonymous pages
    redirect to sign-in, anything else anonymous 401; a plugin that is off 404; one that waits for
    its migrations 503; a permission that is missing 403. Public routes of a plugin are off with it
    for whoever is signed in, and for anonymous visitors where no municipality has it on. Where a
    route wants a person who has lately shown who they are, ``ask_again`` returns ``None`` or what to
    answer.
    """

    @app.before_request
    def check_gate() -> BaseResponse | None:
        access = table.of(request.endpoint)
        if access is None:
            return None
        ctx: Context | None = g.ctx
        if ctx is None and access.public is None:
            return _to_sign_in(sign_in_endpoint)
        if not access.core:
            on = (
                on_anywhere(access.plugin)
                if ctx is None
                else active(ctx.municipality, access.plugin)
            )
            if not on:
                raise FeatureOff(access.plugin)
            if not host.is_ready(access.plugin):
                abort(503)
        if ctx is not None and access.permission is not None and not ctx.may(access.permission):
            abort(403)
        return ask_again() if access.recent else None


def wants_page() -> bool:
    """Tell whether a page answers the present request, and not a fragment or a status alone."""
    return request.accept_mimetypes.accept_html and "HX-Request" not in request.headers


def _to_sign_in(endpoint: str) -> BaseResponse:
    if not wants_page():
        return Response("sign in first", status=401, mimetype="text/plain")
    if request.method not in SAFE_METHODS:
        abort(401)
    here = request.full_path.rstrip("?")
    return redirect(f"{url_for(endpoint)}?next={quote(here, safe='/')}")
