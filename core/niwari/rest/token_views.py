"""The pages on which tokens are made and revoked: one's own, and the municipality's."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.errors import DomainError
from niwari.identity.tokens import service as api_tokens
from niwari.identity.tokens.service import ListedToken
from niwari.pages.forms import current_context
from niwari.pages.parts import parts
from niwari.pages.texts import gettext as _
from niwari.rest.scopes import offered_scopes
from niwari.rest.token_forms import TokenForm
from niwari.rest.views import blueprint, operations

__all__ = ["blueprint"]

_OWN, _SYSTEM = "identity.tokens", "identity.system_tokens"

Answer = str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Pages:
    """The endpoints of the pages about one kind of tokens; the templates are the same."""

    listed: str
    create: str
    revoke: str
    of_municipality: bool


MINE = Pages("rest.my_tokens", "rest.new_token", "rest.revoke_token", False)
OF_MUNICIPALITY = Pages(
    "rest.system_tokens", "rest.new_system_token", "rest.revoke_system_token", True
)


@blueprint.get("/my/tokens", permission=_OWN)
def my_tokens() -> str:
    """Show one's own tokens."""
    return _list(MINE, api_tokens.my_tokens(current_context()))


@blueprint.route("/my/tokens/new", methods=("GET", "POST"), permission=_OWN, recent=True)
def new_token() -> Answer:
    """Make a token of one's own; its value is shown this once."""
    return _create(MINE)


@blueprint.post("/my/tokens/<int:token_id>/revoke", permission=_OWN)
def revoke_token(token_id: int) -> Response:
    """End one of one's own tokens."""
    return _revoke(MINE, token_id)


@blueprint.get("/admin/tokens", permission=_SYSTEM)
def system_tokens() -> str:
    """Show the municipality's tokens."""
    return _list(OF_MUNICIPALITY, api_tokens.system_tokens(current_context()))


@blueprint.route("/admin/tokens/new", methods=("GET", "POST"), permission=_SYSTEM, recent=True)
def new_system_token() -> Answer:
    """Make a token of the municipality; its value is shown this once."""
    return _create(OF_MUNICIPALITY)


@blueprint.post("/admin/tokens/<int:token_id>/revoke", permission=_SYSTEM)
def revoke_system_token(token_id: int) -> Response:
    """End one of the municipality's tokens."""
    return _revoke(OF_MUNICIPALITY, token_id)


def _list(pages: Pages, tokens: list[ListedToken]) -> str:
    ctx = current_context()
    known = parts().host.permissions()

    def words(token: ListedToken) -> str:
        labels = (known[code].label.text(ctx.locale) for code in token.scopes if code in known)
        return _("、").join(labels)

    return render_template(
        "rest/tokens.html", pages=pages, tokens=tokens, words=words, day_of=tokyo_day
    )


def _create(pages: Pages) -> Answer:
    ctx = current_context()
    offered = offered_scopes(ctx, operations.all.values(), of_municipality=pages.of_municipality)
    form = TokenForm()
    form.offer(offered.values(), ctx.locale)
    if form.validate_on_submit():
        try:
            token = api_tokens.create_token(
                ctx, form.new_token(), offered, of_municipality=pages.of_municipality
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return render_template(
                "rest/token_made.html", pages=pages, token=token, address=_address(), form=form
            )
    page = render_template("rest/token_new.html", pages=pages, form=form)
    return (page, 422) if form.is_submitted() else page


def _revoke(pages: Pages, token_id: int) -> Response:
    ctx: Context = current_context()
    api_tokens.revoke_token(ctx, token_id, of_municipality=pages.of_municipality)
    flash(
        _("トークンを取り消しました。このトークンを使うプログラムは、もう読み書きできません。"),
        "success",
    )
    return redirect(url_for(pages.listed), code=303)


def _address() -> str:
    return f"{parts().settings.base_url.rstrip('/')}{url_for('rest.openapi')}"
