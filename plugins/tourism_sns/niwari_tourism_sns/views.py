"""The pages of spots, the map and the figures: parse the form, call one service function, render."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import (
    Blueprint,
    Context,
    DomainError,
    current_context,
    gettext,
    prepare_texts,
    towns_of_region,
)
from niwari_tourism_sns.drawing import map_of_region, map_of_spot, map_to_choose
from niwari_tourism_sns.forms import SpotForm, whole
from niwari_tourism_sns.kinds import CONSENTS, LICENCES, SPOT_KINDS
from niwari_tourism_sns.service import figures as counting
from niwari_tourism_sns.service import listing, photos, spots

blueprint = Blueprint("tourism_sns", __name__)

# A larger number is no row's: the databases' integer keys end here.
ROW = "<int(max=2147483647):"
SPOT = f"/spots/{ROW}spot_id>"

Answer = Response | str | tuple[str, int]


def number(name: str) -> int:
    """Return a number of the address; 0 for anything that no row has."""
    return whole(request.args.get(name, ""))


def filters() -> listing.Filters:
    """Return what a list of spots is narrowed to; what there is not narrows nothing."""
    kind, month = request.args.get("kind", ""), number("month")
    return listing.Filters(
        number("town"), month if month <= 12 else 0, kind if kind in SPOT_KINDS else ""
    )


@blueprint.get("/", permission="tourism_sns.read")
def region() -> str:
    """Show the map of the region with its spots and routes, and the same as a table."""
    ctx = current_context()
    counted = listing.count_spots(ctx)
    return render_template(
        "tourism_sns/region.html", drawing=map_of_region(ctx, counted), counted=counted
    )


@blueprint.get("/spots", permission="tourism_sns.read")
def find_spots() -> str:
    """Show the spots of the region by town, month and kind."""
    ctx = current_context()
    found, following = listing.find_spots(ctx, filters(), before=number("before"))
    return render_template(
        "tourism_sns/spots.html",
        spots=found,
        following=following,
        filters=filters(),
        towns=towns_of_region(ctx),
        kinds=SPOT_KINDS,
        is_first=not number("before"),
    )


@blueprint.get("/spots/new", permission="tourism_sns.write")
def new_spot() -> str:
    """Show the form for a spot."""
    return _spot_form(current_context(), SpotForm())


@blueprint.post("/spots/new", permission="tourism_sns.write", attachments=True)
def add_spot() -> Answer:
    """Add a spot of the own municipality."""
    ctx, form = current_context(), SpotForm()
    if form.validate_on_submit():
        try:
            spot_id = spots.add_spot(
                ctx,
                form.written(),
                form_key=form.form_key.data or "",
                uploads=form.files.data,
                allowed=form.allowed(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("見どころを載せました。"), "success")
            return redirect(url_for("tourism_sns.spot", spot_id=spot_id), code=303)
    return _spot_form(ctx, form), 422


@blueprint.get(SPOT, permission="tourism_sns.read")
def spot(spot_id: int) -> str:
    """Show a spot with its photos and where it lies."""
    ctx = current_context()
    found = listing.get_spot(ctx, spot_id)
    prepare_texts([found.story])
    return render_template(
        "tourism_sns/spot.html",
        spot=found,
        drawing=map_of_spot(found),
        kinds=SPOT_KINDS,
        licences=LICENCES,
        consents=CONSENTS,
    )


@blueprint.get(SPOT + "/edit", permission="tourism_sns.write")
def edit_spot(spot_id: int) -> str:
    """Show the form for a spot as it stands."""
    ctx = current_context()
    found = listing.get_own_spot(ctx, spot_id)
    return _spot_form(ctx, SpotForm(found), found)


@blueprint.post(SPOT + "/edit", permission="tourism_sns.write", attachments=True)
def save_spot(spot_id: int) -> Answer:
    """Save a spot."""
    ctx, form = current_context(), SpotForm()
    if form.validate_on_submit():
        try:
            spots.save_spot(
                ctx,
                spot_id,
                form.written(),
                base=whole(form.base.data),
                uploads=form.files.data,
                allowed=form.allowed(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("見どころを保存しました。"), "success")
            return redirect(url_for("tourism_sns.spot", spot_id=spot_id), code=303)
    return _spot_form(ctx, form, listing.get_own_spot(ctx, spot_id)), 422


@blueprint.post(SPOT + "/check", permission="tourism_sns.write")
def check_spot(spot_id: int) -> Response:
    """Say that a spot still holds."""
    spots.mark_checked(current_context(), spot_id)
    flash(gettext("今日、情報を確かめたことにしました。"), "success")
    return redirect(url_for("tourism_sns.spot", spot_id=spot_id), code=303)


@blueprint.post(f"/photos/{ROW}photo_id>/withdraw", permission="tourism_sns.write")
def withdraw_photo(photo_id: int) -> Response:
    """Take a photo back everywhere."""
    spot_id = photos.withdraw_consent(current_context(), photo_id)
    flash(
        gettext("写真を消しました。この写真を使った投稿には印を付け、担当者に知らせました。"),
        "success",
    )
    return redirect(url_for("tourism_sns.spot", spot_id=spot_id), code=303)


@blueprint.get("/figures", permission="tourism_sns.read")
def figures() -> str:
    """Show how much each municipality shares; of places and posts, never of people."""
    return render_template("tourism_sns/figures.html", rows=counting.figures(current_context()))


def _spot_form(ctx: Context, form: SpotForm, found: listing.Told | None = None) -> str:
    return render_template(
        "tourism_sns/spot_form.html",
        form=form,
        spot=found,
        drawing=map_to_choose(ctx.municipality.code),
    )


# They add their pages to the blueprint.
from niwari_tourism_sns import (  # noqa: E402, F401 - they add their pages to the blueprint
    account_views,
    post_views,
    route_views,
)
