"""探す: everything that people share, on one page."""

from flask import render_template, request, url_for

from niwari.context import Context
from niwari.host.blueprint import Blueprint
from niwari.host.rate_limits import Limit, count
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import parts
from niwari.search.finding import Results, search
from niwari.search.forms import SearchForm
from niwari.search.places import places
from niwari.search.queries import LONGEST
from niwari.search.readable import kinds_for
from niwari.search.writing import LAST_POSITION

blueprint = Blueprint("search", __name__)

PERMISSION = "search.read"
OFTEN = Limit("search.find", most=60)
"""For each person, in a minute: more than anybody reads, less than what weighs on the server."""


@blueprint.get("/search", permission=PERMISSION)
def find() -> tuple[str, int]:
    """Find what people share; without words only the form is shown."""
    ctx = current_context()
    form = SearchForm(request.args, _features(ctx), places(ctx))
    before = _position(request.args.get("before", ""))
    found = _found(ctx, form, before)
    page = render_template(
        "search/find.html",
        form=form,
        found=found,
        following=_following(form, found),
        without_filters=url_for("search.find", q=form.text) if form.is_narrowed else "",
        longest=LONGEST,
        is_first=before is None,
    )
    return page, 422 if form.errors else 200


def _position(text: str) -> int | None:
    """Return the place in the order that an address names; what is from before 1970 is below zero."""
    place = whole_number(text.removeprefix("-"), LAST_POSITION)
    return -place if place is not None and text.startswith("-") else place


def _features(ctx: Context) -> list[tuple[str, str]]:
    """Return the features in which something can be found here: their names and labels."""
    plugins = parts().host.plugins
    names = sorted({kind.plugin for kind in kinds_for(ctx).values()})
    return [
        (name, manifest.label.text(ctx.locale))
        for name in names
        if (manifest := plugins[name].manifest) is not None
    ]


def _found(ctx: Context, form: SearchForm, before: int | None) -> Results | None:
    if not form.text and not form.is_narrowed:
        return None
    query = form.query(ctx)
    if query is None:
        return None
    count(OFTEN, f"person {ctx.person_id}", ctx.now)
    return search(ctx, query, before=before)


def _following(form: SearchForm, found: Results | None) -> str:
    if found is None or found.following is None:
        return ""
    return url_for(
        "search.find",
        q=form.text,
        feature=form.feature.data or None,
        town=form.town.data or None,
        period=form.period.data or None,
        before=found.following,
    )
