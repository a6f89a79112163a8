"""取組の一覧: the list, the page of one offer, joining it, and its text for a groupware's board."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.catalogue import asking, joining, wording
from niwari.catalogue.forms import FilterForm, JoinForm
from niwari.context import Context
from niwari.dates.calendar_jp import LAST_YEAR
from niwari.directory.linking import Ref
from niwari.directory.regions import towns_of_region
from niwari.errors import DomainError, NotFound
from niwari.host.blueprint import Blueprint
from niwari.ledger.attending.hosting import is_host
from niwari.ledger.left import Left, left_in_month
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import offered_activities, parts, place_under
from niwari.pages.texts import gettext as _
from niwari.specs.contributions import Offer

blueprint = Blueprint("catalogue", __name__)

Answer = str | Response | tuple[str, int]

_OFFER = "/<kind>/<int:id>"
_FILTERS = ("verb", "town", "mode", "minutes", "first", "last")


@blueprint.get("/", permission="catalogue.read")
def index() -> Answer:
    """Show what one can take part in, by what the address filters by."""
    ctx = current_context()
    form = FilterForm(request.args)
    form.offer(towns_of_region(ctx).items(), ctx.locale)
    valid = form.validate()
    found = asking.find_offers(ctx, replace(form.wanted(), after=_after())) if valid else None
    shown = found.all if found else ()
    left = left_in_month(ctx, ctx.today)
    filters = {name: request.args[name] for name in _FILTERS if request.args.get(name)}
    page = render_template(
        "catalogue/index.html",
        form=form,
        found=found,
        asked=asking.asked_for(ctx, shown),
        left=left,
        short={offer.name: _shortage(ctx, offer, left) for offer in shown},
        failed=[_label(name, ctx) for name in found.failed] if found else [],
        filters=filters,
        following=_written(found.following) if found and found.following else "",
        following_untimed=(
            _written(found.following_untimed) if found and found.following_untimed else ""
        ),
        words=wording,
    )
    return page if valid else (page, 422)


def _after() -> asking.Position | None:
    """Read where a further page begins; what nobody's page wrote begins at the first."""
    at, _dash, number = request.args.get("after", "").partition("-")
    minute, row_id = whole_number(at), whole_number(number)
    if not at and row_id is not None:
        return None, row_id
    if minute is None or row_id is None:
        return None
    try:
        return datetime.fromtimestamp(minute * 60, UTC), row_id
    except (OverflowError, ValueError, OSError):
        return None


def _written(position: asking.Position) -> str:
    starts_at, row_id = position
    return f"{int(starts_at.timestamp()) // 60 if starts_at else ''}-{row_id}"


def _label(plugin: str, ctx: Context) -> str:
    manifest = parts().host.plugins[plugin].manifest
    return manifest.label.text(ctx.locale) if manifest else plugin


def _shortage(ctx: Context, offer: Offer, left: Left) -> str:
    activity = offered_activities(ctx).get(offer.activity)
    return wording.shortage_text(ctx, offer, left, activity is None or activity.counts)


@blueprint.get(_OFFER, permission="catalogue.read")
def show(kind: str, id: int) -> str:
    """Show one offer."""
    return _show(Ref(kind, id), JoinForm())


def _show(ref: Ref, form: JoinForm) -> str:
    ctx = current_context()
    offer, link = asking.find_offer(ctx, ref)
    place_under("catalogue.index")
    form.offer(offer)
    day = offer.starts_on or ctx.today
    left = left_in_month(ctx, day) if day.year < LAST_YEAR else None
    activity = offered_activities(ctx).get(offer.activity)
    # Of a discreet activity no request is known, so nobody could be found there (L14).
    counts_who_came = ctx.may("ledger.host") and not (activity and activity.discreet)
    return render_template(
        "catalogue/offer.html",
        offer=offer,
        link=link,
        form=form,
        is_open=asking.is_open(ctx, offer),
        asked=asking.asked_for(ctx, [offer]).get((offer.kind, offer.id)),
        left=left,
        taken=wording.taken(offer, left) if left else offer.takes,
        short=_shortage(ctx, offer, left) if left else "",
        words=wording,
        join_again=joining.JOIN_AGAIN,
        is_host=counts_who_came and is_host(ctx, ref),
    )


@blueprint.post(f"{_OFFER}/join", permission="ledger.ask")
def join(kind: str, id: int) -> Answer:
    """Ask for the time of an offer, and hold a place in it."""
    ctx, ref, form = current_context(), Ref(kind, id), JoinForm()
    form.offer(asking.find_offer(ctx, ref)[0])
    if form.validate_on_submit():
        chosen = joining.Joining(form.way.data, form.form_key.data or "", form.work_date.data)
        try:
            joining.join(ctx, ref, chosen, offered_activities(ctx))
        except NotFound:
            raise
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("申し込みました。所属長の了承を待ちます。"), "success")
            return redirect(url_for("catalogue.show", kind=kind, id=id), code=303)
    return _show(ref, form), 422


@blueprint.get(f"{_OFFER}/board", permission="catalogue.read")
def board(kind: str, id: int) -> str:
    """Show what to paste into the own groupware's board."""
    offer, _link = asking.find_offer(current_context(), Ref(kind, id))
    place_under("catalogue.index")
    address = url_for("catalogue.show", kind=kind, id=id, _external=True)
    text = wording.board_text_of(offer, address)
    return render_template(
        "catalogue/board.html", offer=offer, text=text, lines=text.count("\n") + 1
    )
