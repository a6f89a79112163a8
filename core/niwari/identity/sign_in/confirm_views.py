"""本人確認: why one is asked again, and the way to the provider."""

from flask import redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from niwari.identity.protocol.auth_time import RECENTLY
from niwari.identity.protocol.oidc import ProviderUnavailable
from niwari.identity.providers.relying_parties import confirming_party
from niwari.identity.sessions.web import web_session
from niwari.identity.sign_in.limits import count_step
from niwari.identity.sign_in.onward import home, onward
from niwari.identity.views import blueprint, unavailable
from niwari.pages.parts import parts

__all__ = ["blueprint"]

_CONFIRM = "identity.confirm"


@blueprint.get("/my/confirm", permission=_CONFIRM)
def confirm() -> str:
    """Say why one is asked again, and that nothing was done yet."""
    return render_template(
        "identity/confirm.html",
        start_href=url_for("identity.confirm_start", next=onward()),
        home_href=home(),
        minutes=RECENTLY.seconds // 60,
        was_sent="sent" in request.args,
    )


@blueprint.get("/my/confirm/start", permission=_CONFIRM)
def confirm_start() -> Response | tuple[str, int]:
    """Go to the provider, which is to ask who one is."""
    count_step("sign-in start", parts().settings, request.remote_addr, web_session().now)
    try:
        party = confirming_party(session.get("issuer", ""))
        address = party.begin(onward(), max_age=RECENTLY, session_id=web_session().row_id)
    except ProviderUnavailable as error:
        return unavailable(error)
    return redirect(address)
