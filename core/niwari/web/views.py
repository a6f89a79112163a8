"""Home, language, health: the pages that belong to no area."""

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify, redirect, render_template, request, url_for
from markupsafe import Markup
from peewee import PeeweeException
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from niwari import __version__
from niwari.context import Context
from niwari.db import connection
from niwari.host.blueprint import Blueprint
from niwari.jobs.signs import last_worker_sign
from niwari.ledger import overview
from niwari.pages.addresses import local_address
from niwari.pages.forms import current_context
from niwari.pages.parts import active_here, parts
from niwari.specs.contributions import Card
from niwari.web.languages import LOCALE_COOKIE, LOCALES

MAX_CARDS = 6

blueprint = Blueprint("web", __name__)


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card as the home page shows it; ``body`` is ``None`` where it failed or is only linked."""

    title: str
    body: Markup | None
    href: str


@blueprint.get("/", permission="web.read")
def home() -> str:
    """Show the month's allowance, what is coming, and the plugins' cards."""
    ctx = current_context()
    month = overview.month_of(ctx, ctx.today, with_year=False)
    cards, linked = _cards(ctx)
    return render_template("web/home.html", month=month, cards=cards, linked=linked)


def _cards(ctx: Context) -> tuple[list[ShownCard], list[ShownCard]]:
    """Collect the plugins' cards that the person may see: what is shown, and what is only linked.

    Shown are the first ``MAX_CARDS`` that can be, each rendered apart, and after them every one that
    failed: a failure takes no place. Of the others, those that lead somewhere are linked.
    """
    dispatcher = parts().dispatcher
    found: list[tuple[str, Card]] = []
    failed: list[ShownCard] = []
    for outcome in dispatcher.call("cards", ctx):
        if outcome.error is not None:
            failed.append(_failed_card(outcome.plugin, ctx))
            continue
        cards = outcome.value or ()
        found += [(outcome.plugin, card) for card in cards if _may_open(ctx, card.endpoint)]
    shown: list[ShownCard] = []
    linked: list[ShownCard] = []
    for plugin, card in sorted(found, key=lambda pair: pair[1].order):
        full = len(shown) == MAX_CARDS
        if full and not card.endpoint:
            continue
        rendered = dispatcher.guarded(
            ctx, plugin, f"card {card.key}", _link if full else _render, card=card, ctx=ctx
        )
        if rendered.error is not None:
            failed.append(_failed_card(plugin, ctx))
        else:
            (linked if full else shown).append(rendered.value)
    return shown + failed, linked


def _may_open(ctx: Context, endpoint: str) -> bool:
    """Tell whether a card may be shown: it says what the page says that it leads to."""
    access = parts().access.of(endpoint)
    if access is None:
        return True  # no link, or one that leads nowhere: rendering tells
    if not access.core and access.plugin not in active_here(ctx):
        return False
    return access.permission is None or ctx.may(access.permission)


def _render(card: Card, ctx: Context) -> ShownCard:
    body = Markup(render_template(card.template, **card.data))  # noqa: S704 - our own template
    href = url_for(card.endpoint) if card.endpoint else ""
    return ShownCard(card.title.text(ctx.locale), body, href)


def _link(card: Card, ctx: Context) -> ShownCard:
    return ShownCard(card.title.text(ctx.locale), None, url_for(card.endpoint))


def _failed_card(plugin: str, ctx: Context) -> ShownCard:
    manifest = parts().host.plugins[plugin].manifest
    return ShownCard(manifest.label.text(ctx.locale) if manifest else plugin, None, "")


@blueprint.post("/locale/<locale>", public="the sign-in page has the switch too")
def set_locale(locale: str) -> BaseResponse:
    """Keep the reader's language in a cookie and go back to where it was switched."""
    if locale not in LOCALES:
        raise BadRequest
    response = redirect(local_address(request.form.get("next")) or "/", code=303)
    response.set_cookie(
        LOCALE_COOKIE,
        locale,
        max_age=365 * 24 * 3600,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


@blueprint.get("/healthz", public="asked by the load balancer and by make demo")
def healthz() -> tuple[Response, int]:
    """Tell whether this process can serve: 200 when its database answers, else 503."""
    try:
        with connection():
            worker_seen = last_worker_sign()
    except PeeweeException:
        current_app.logger.exception("health: the database does not answer")
        return jsonify(status="database does not answer", version=__version__), 503
    body: dict[str, Any] = {"status": "ok", "version": __version__}
    body["worker_seen_at"] = worker_seen.isoformat() if worker_seen else None
    return jsonify(body), 200
