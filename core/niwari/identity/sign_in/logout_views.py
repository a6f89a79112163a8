"""Where a provider says that somebody has signed out there (OpenID Connect Back-Channel Logout)."""

import logging
import time

from flask import g, jsonify, request
from werkzeug.wrappers import Response

from niwari.identity.protocol.logout import end_sessions
from niwari.identity.protocol.logout_token import LogoutRefused, read_logout_token
from niwari.identity.protocol.oidc import ProviderUnavailable
from niwari.identity.providers.relying_parties import any_relying_party
from niwari.identity.sessions.web import web_session
from niwari.identity.sign_in.limits import LOGOUT, count_step, remember_network
from niwari.identity.views import blueprint
from niwari.pages.parts import parts

__all__ = ["blueprint"]

log = logging.getLogger(__name__)


@blueprint.post(
    "/sign-in/back-channel-logout/<int:provider_id>",
    public="a provider speaks here, and shows who it is by its signature",
)
def back_channel_logout(provider_id: int) -> Response | tuple[Response, int]:
    """End the sessions that the provider's token names: 200; a token that is refused: 400."""
    now = web_session().now
    count_step("provider logout", parts().settings, request.remote_addr, now, what=LOGOUT)
    sent = request.form.get("logout_token", "")
    try:
        if not sent:
            # Before anything is looked up or asked for it.
            raise LogoutRefused("no logout token")
        checks = any_relying_party(provider_id).checks()
        token = read_logout_token(sent, checks, time.time())
        ended = end_sessions(now, token, request_id=g.request_id)
        remember_network(request.remote_addr, now, what=LOGOUT)
    except LogoutRefused as error:
        log.warning("logout refused: %s (request %s)", error, g.request_id)
        return jsonify(error="invalid_request"), 400
    except ProviderUnavailable as error:
        log.error("logout not checked: %s (request %s)", error, g.request_id)
        return jsonify(error="temporarily_unavailable"), 503
    log.info("logout from the provider ended %s session(s)", ended)
    return Response(status=200)
