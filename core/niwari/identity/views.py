"""Signing in and out, here and on other devices."""

import logging
from typing import Any

from flask import (
    after_this_request,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import get_locale
from werkzeug.wrappers import Response

from niwari.errors import DomainError, NotFound
from niwari.host.blueprint import Blueprint
from niwari.identity.protocol.oidc import Cancelled, ProviderUnavailable, SignInFailed
from niwari.identity.providers.relying_parties import (
    answering_party,
    only_relying_party,
    relying_party,
)
from niwari.identity.roles.explaining import explain
from niwari.identity.sessions import own
from niwari.identity.sessions.acting import own_posts
from niwari.identity.sessions.devices import device_of
from niwari.identity.sessions.stored import SessionEnded
from niwari.identity.sessions.web import web_session
from niwari.identity.sign_in import way_in
from niwari.identity.sign_in.accounts import acting_context
from niwari.identity.sign_in.finding_form import FinderForm, finder_page
from niwari.identity.sign_in.limits import count_step, remember_network
from niwari.identity.sign_in.onward import home, onward
from niwari.identity.sign_in.pending import pending_sign_ins
from niwari.identity.sign_in.recent import AnotherPerson, note_confirmed
from niwari.identity.wording import ROLE_LABELS, by_area, device_words
from niwari.pages.forms import current_context
from niwari.pages.parts import parts
from niwari.pages.texts import gettext as _

log = logging.getLogger(__name__)

blueprint = Blueprint("identity", __name__)

_OWN_SESSIONS = "identity.sessions"
_ACT = "identity.act"


@blueprint.get("/sign-in", public="nobody is signed in before it")
def sign_in() -> str | Response | tuple[str, int]:
    """Offer the way in; whoever is signed in already is sent on."""
    address = onward()
    if g.ctx is not None:
        return redirect(address)
    offer = way_in.offer()
    if not offer.ways and not offer.has_others:
        return unavailable(ProviderUnavailable("no provider is active"))
    if not offer.ways:
        return finder_page(FinderForm(), address)
    locale = str(get_locale())
    starts = [way_in.start_href(offer, way, address) for way in offer.ways]
    return _page(
        "sign_in",
        ways=[(way.label, href) for way, href in zip(offer.ways, starts, strict=True)],
        others_href=url_for("identity.sign_in", choose=1, next=address) if offer.has_others else "",
        accounts=[
            (login, role.text(locale), way_in.start_href(offer, offer.ways[0], address, login))
            for login, role in current_app.config.get("NIWARI_DEMO_ACCOUNTS", ())
        ],
    )


@blueprint.post("/sign-in", public="nobody is signed in before it")
def find() -> str | Response | tuple[str, int]:
    """Find the provider of a municipality or mail address, and go on to its page."""
    address = onward()
    if g.ctx is not None:
        return redirect(address, code=303)
    form = FinderForm()
    found = form.found()
    if found is None:
        return finder_page(form, address), 422
    return redirect(url_for("identity.sign_in", **found, next=address), code=303)


@blueprint.get("/sign-in/start", public="nobody is signed in before it")
def start() -> Response | tuple[str, int]:
    """Go to the chosen ``provider``, or the only one; ``account`` is a suggestion for its form."""
    address = onward()
    if g.ctx is not None:
        return redirect(address)
    _count("sign-in start")
    chosen = way_in.asked_provider()
    try:
        party = relying_party(chosen) if chosen is not None else only_relying_party()
        if party is None:
            return redirect(url_for("identity.sign_in", next=address))
        provider_address = party.begin(address, login_hint=request.args.get("account"))
    except NotFound:
        return redirect(url_for("identity.sign_in", next=address))
    except ProviderUnavailable as error:
        return unavailable(error)
    response = redirect(provider_address)
    if chosen is not None:
        way_in.remember(response, chosen)
    return response


@blueprint.get(
    "/sign-in/callback/<int:provider_id>",
    public="the provider sends the browser here to be signed in",
)
def callback(provider_id: int) -> Response | tuple[str, int]:
    """Take the provider's answer and open the session, or note that its person was asked again."""
    after_this_request(_keep_address)
    _count("sign-in callback")
    try:
        party = answering_party(provider_id, request.args.get("state", ""))
        answer = party.finish(request.args)
        ctx = acting_context(answer.account, web_session().now, request_id=g.request_id)
        if answer.was_recent and g.ctx is not None:
            note_confirmed(g.ctx, ctx.person_id, answer)
            return redirect(answer.next_address)
        device = device_of(request.headers.get("User-Agent", ""))
        web_session().sign_in(
            ctx.acting.id, answer.account, answer.id_token, device=device, age=answer.age
        )
        pending_sign_ins().forget_all()
        remember_network(request.remote_addr, web_session().now)
    except ProviderUnavailable as error:
        return unavailable(error)
    except Cancelled:
        return _failed(400, _("サインインをやめました"), _("サインインは行われていません。"))
    except SignInFailed as error:
        log.warning("sign-in failed: %s (request %s)", error, g.request_id)
        return _failed(
            400,
            _("サインインできませんでした"),
            _("この画面を開いたままにしたか、同じ手続を二度行った可能性があります。"),
        )
    except SessionEnded as error:
        return _failed(error.status, _("サインインできませんでした"), _(error.text))
    except AnotherPerson as error:
        return _failed(
            error.status,
            _("別の職員のアカウントです"),
            _(error.text),
            _(
                "ご自分のアカウントで、もう一度お試しください。"
                "ほかの方が使うときは、先にサインアウトしてください。"
            ),
        )
    except DomainError as error:
        log.info("sign-in refused: %s (request %s)", type(error).__name__, g.request_id)
        return _failed(
            error.status,
            _("このアカウントでは使えません"),
            _(error.text),
            _("登録については、お使いの市町村の情報担当にお問い合わせください。"),
        )
    return redirect(answer.next_address)


@blueprint.post("/sign-out", public="also an ended session must find the way out")
def sign_out() -> Response:
    """End the session here, then at the provider where it can be ended there.

    Whoever was away for too long has no session left that could hold the form's token; on a shared
    machine the provider's session must end all the same.
    """
    if g.ctx is not None:
        current_app.extensions["csrf"].protect()
    id_token, issuer = session.get("id_token"), session.get("issuer", "")
    web_session().end()
    elsewhere = way_in.way_out(issuer, id_token)
    return redirect(elsewhere or url_for("identity.signed_out"), code=303)


@blueprint.get("/signed-out", public="nobody is signed in after it")
def signed_out() -> str:
    """Say that the session is over."""
    return _page("signed_out", sign_in_href=url_for("identity.sign_in"))


@blueprint.get("/my/sessions", permission=_OWN_SESSIONS)
def my_sessions() -> str:
    """Show on which devices one is signed in."""
    settings = parts().settings
    found = own.my_sessions(current_context(), settings)
    return render_template(
        "identity/my_sessions.html",
        sessions=found.within_reach,
        has_more=found.has_more,
        this=web_session().row_id,
        idle_minutes=settings.session_idle_minutes,
        device_words=device_words,
    )


@blueprint.post("/my/sessions/<int:session_id>/sign-out", permission=_OWN_SESSIONS)
def sign_out_other(session_id: int) -> Response:
    """End one's session on one other device."""
    own.end_other(current_context(), session_id, this=web_session().row_id)
    flash(_("選んだ端末からサインアウトしました。"), "success")
    return redirect(url_for("identity.my_sessions"), code=303)


@blueprint.post("/my/sessions/sign-out-others", permission=_OWN_SESSIONS)
def sign_out_others() -> Response:
    """End one's sessions on all other devices."""
    own.end_all_others(current_context(), this=web_session().row_id)
    flash(_("ほかの端末すべてからサインアウトしました。"), "success")
    return redirect(url_for("identity.my_sessions"), code=303)


@blueprint.get("/my/permissions", permission="identity.permissions")
def my_permissions() -> str:
    """Show which roles one has, and what each of them lets one do."""
    ctx, host = current_context(), parts().host
    found = explain(ctx, host.permissions(), ctx.acting.id)
    return render_template(
        "identity/my_permissions.html",
        found=found,
        areas=by_area(ctx, host, found.held),
        withheld=by_area(ctx, host, found.withheld),
        role_labels=ROLE_LABELS,
    )


@blueprint.get("/my/acting", permission=_ACT)
def acting() -> str:
    """Show the posts that one holds today, to act in another."""
    return render_template("identity/acting.html", posts=own_posts(current_context()))


@blueprint.post("/my/acting/<int:appointment_id>", permission=_ACT)
def act(appointment_id: int) -> Response:
    """Act in another of one's posts."""
    post = web_session().act_in(current_context(), appointment_id)
    if post is not None:
        place = {"town": post.municipality_name, "section": post.section_name}
        flash(_("%(town)s %(section)sに切り替えました。", **place), "success")
    return redirect(home(), code=303)


def _count(step: str) -> None:
    count_step(step, parts().settings, request.remote_addr, web_session().now)


def _keep_address(response: Response) -> Response:
    """Let the browser tell nobody the address of the answer: a code is in it."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def unavailable(error: ProviderUnavailable) -> tuple[str, int]:
    """Answer that the provider cannot be reached; what is wrong stands in the log."""
    log.error("sign-in unavailable: %s (request %s)", error, g.request_id)
    return _failed(
        503,
        _("いまサインインできません"),
        _("サインインの窓口（認証サーバー）につながりません。"),
        _("しばらくしてから、もう一度お試しください。続くときは、情報担当にお知らせください。"),
    )


def _failed(status: int, title: str, message: str, mend: str = "") -> tuple[str, int]:
    return (
        _page(
            "sign_in_failed",
            title=title,
            message=message,
            mend=mend,
            sign_in_href=url_for("identity.sign_in"),
            request_id=g.request_id if status >= 500 else "",
        ),
        status,
    )


def _page(name: str, **values: Any) -> str:
    return render_template(f"identity/{name}.html", locale=str(get_locale()), **values)
