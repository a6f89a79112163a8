"""Who has shown only lately who they are: asked by the gate before what is sensitive."""

from flask import flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from niwari.context import Context
from niwari.errors import N_, Forbidden
from niwari.host.blueprint import SAFE_METHODS
from niwari.host.gate import wants_page
from niwari.identity.protocol.auth_time import RECENTLY
from niwari.identity.protocol.oidc import Answer
from niwari.identity.sessions.web import web_session
from niwari.identity.sign_in.onward import home
from niwari.pages.addresses import local_address
from niwari.pages.texts import gettext as _


class AnotherPerson(Forbidden):
    """Somebody else has signed in than whoever was to show again who they are."""

    text = N_("いまサインインしている方とは別の職員のアカウントでした。操作は行われていません。")


def ask_again() -> Response | None:
    """Return ``None`` where the person of this session was asked within ``RECENTLY``, else where to.

    A page leads to 本人確認 and back; what was sent is not carried out, and from its form one sends
    it again. Anything else is told 401 (RFC 9470), also whoever has no session, as with a token.
    """
    state = web_session().state
    if state is not None and state.is_recent:
        return None
    if state is None or not wants_page():
        answer = Response("show again who you are", status=401, mimetype="text/plain")
        answer.headers["WWW-Authenticate"] = (
            f'Bearer error="insufficient_user_authentication", max_age={RECENTLY.seconds}'
        )
        return answer
    if request.method in SAFE_METHODS:
        here = request.full_path.rstrip("?")
        return redirect(url_for("identity.confirm", next=here))
    return redirect(url_for("identity.confirm", next=_form(), sent=1), code=303)


def note_confirmed(ctx: Context, person_id: int, answer: Answer) -> None:
    """Take the answer of ``person_id`` to what the acting person was asked.

    Raises ``AnotherPerson`` where it is not theirs: the session stays as it was.
    """
    asked_by = (session.get("issuer") or answer.account.issuer, web_session().row_id)
    if person_id != ctx.person_id or answer.age is None:
        raise AnotherPerson
    if asked_by != (answer.account.issuer, answer.session_id):
        # Another provider's word, or one that was asked for in another session.
        raise AnotherPerson
    web_session().confirm(ctx, answer.account, answer.id_token, age=answer.age)
    flash(_("本人確認ができました。続けて操作してください。"), "success")


def _form() -> str:
    """Return the page from which the present form was sent, else home."""
    sent_from = request.referrer or ""
    if not sent_from.startswith(request.host_url):
        return home()
    return local_address(f"/{sent_from.removeprefix(request.host_url)}") or home()
