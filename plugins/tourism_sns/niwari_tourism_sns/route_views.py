"""The pages of routes: choosing their spots by buttons, the line on the map, looking for helpers."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import (
    Context,
    DomainError,
    current_context,
    gettext,
    prepare_texts,
    towns_of_region,
)
from niwari_tourism_sns.drawing import map_of_route
from niwari_tourism_sns.forms import HelpForm, RouteForm, whole
from niwari_tourism_sns.service import helping, listing, photos, routes
from niwari_tourism_sns.views import ROW, Answer, blueprint, number

ROUTE = f"/routes/{ROW}route_id>"
_LONGEST = 60


@blueprint.get("/routes", permission="tourism_sns.read")
def find_routes() -> str:
    """Show the region's routes."""
    found, following = routes.find_routes(current_context(), before=number("before"))
    return render_template(
        "tourism_sns/routes.html",
        routes=found,
        following=following,
        is_first=not number("before"),
    )


@blueprint.get("/routes/new", permission="tourism_sns.write")
def new_route() -> str:
    """Show the form for a route, with a spot in it where one was named."""
    ctx = current_context()
    return _form(ctx, RouteForm(towns_of_region(ctx), first=number("spot")))


@blueprint.post("/routes/new", permission="tourism_sns.write")
def add_route() -> Answer:
    """Make a route; a button that chooses spots makes nothing yet."""
    ctx = current_context()
    form = RouteForm(towns_of_region(ctx))
    if _is_chosen(form):
        return _form(ctx, form)
    if form.validate_on_submit():
        try:
            route_id = routes.add_route(ctx, form.planned(), form_key=form.form_key.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("ルートを作りました。"), "success")
            return redirect(url_for("tourism_sns.route", route_id=route_id), code=303)
    return _form(ctx, form), 422


@blueprint.get(ROUTE, permission="tourism_sns.read")
def route(route_id: int) -> str:
    """Show a route with its line."""
    ctx = current_context()
    return _page(ctx, routes.get_route(ctx, route_id), HelpForm())


@blueprint.get(ROUTE + "/edit", permission="tourism_sns.write")
def edit_route(route_id: int) -> str:
    """Show the form for a route as it stands."""
    ctx = current_context()
    found = routes.get_own_route(ctx, route_id)
    return _form(ctx, RouteForm(towns_of_region(ctx), found), found)


@blueprint.post(ROUTE + "/edit", permission="tourism_sns.write")
def save_route(route_id: int) -> Answer:
    """Save a route; a button that chooses spots saves nothing yet."""
    ctx = current_context()
    found = routes.get_own_route(ctx, route_id)
    form = RouteForm(towns_of_region(ctx))
    if _is_chosen(form):
        return _form(ctx, form, found)
    if form.validate_on_submit():
        try:
            routes.save_route(ctx, route_id, form.planned(), base=whole(form.base.data))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("ルートを保存しました。"), "success")
            return redirect(url_for("tourism_sns.route", route_id=route_id), code=303)
    return _form(ctx, form, found), 422


@blueprint.post(ROUTE + "/help", permission="tourism_sns.write")
def look_for_help(route_id: int) -> Answer:
    """Look for helpers, who join from the catalogue."""
    ctx, form = current_context(), HelpForm()
    if form.validate_on_submit():
        try:
            helping.look_for_help(ctx, route_id, form.call())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("手伝いを募り始めました。取組の一覧に出ています。"), "success")
            return redirect(url_for("tourism_sns.route", route_id=route_id), code=303)
    return _page(ctx, routes.get_own_route(ctx, route_id), form), 422


@blueprint.post(ROUTE + "/help/end", permission="tourism_sns.write")
def stop_looking(route_id: int) -> Response:
    """Look for no more helpers."""
    helping.stop_looking(current_context(), route_id)
    flash(gettext("募集を終えました。参加が決まった人はそのままです。"), "success")
    return redirect(url_for("tourism_sns.route", route_id=route_id), code=303)


def _page(ctx: Context, found: routes.Told, form: HelpForm) -> str:
    helpers, helps = helping.count_helpers(ctx, found.id)
    prepare_texts([found.text])
    return render_template(
        "tourism_sns/route.html",
        route=found,
        drawing=map_of_route(found),
        photos=photos.first_photos(ctx, [stop.spot_id for stop in found.stops if stop.spot_id]),
        helpers=helpers,
        helps=helps,
        form=form,
    )


def _is_chosen(form: RouteForm) -> bool:
    """Do what a button for choosing spots says; tell whether one was pressed."""
    act = request.form.get("act", "")
    if act:
        form.act(act)
    return bool(act)


def _form(ctx: Context, form: RouteForm, found: routes.Told | None = None) -> str:
    chosen = listing.named(ctx, form.chosen)
    return render_template(
        "tourism_sns/route_form.html",
        form=form,
        route=found,
        stops=[chosen[id_] for id_ in form.chosen if id_ in chosen],
        choices=listing.spots_to_choose(
            ctx, whole(form.town.data), (form.words.data or "").strip()[:_LONGEST]
        ),
    )
