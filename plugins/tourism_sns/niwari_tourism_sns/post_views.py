"""The pages of posts. What may become public is decided in ``service/releasing.py`` alone."""

from flask import Response as Answered
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import Context, DomainError, current_context, gettext, prepare_texts
from niwari_tourism_sns.forms import whole
from niwari_tourism_sns.kinds import LICENCES
from niwari_tourism_sns.networks import NETWORKS
from niwari_tourism_sns.post_forms import (
    BeginForm,
    CommentForm,
    DecideForm,
    ReadersForm,
    post_form,
)
from niwari_tourism_sns.service import (
    accounts,
    packaging,
    post_listing,
    post_reading,
    posts,
    reading_along,
    releasing,
    routes,
)
from niwari_tourism_sns.service.listing import get_spot
from niwari_tourism_sns.views import ROW, Answer, blueprint, number

POST = f"/posts/{ROW}post_id>"
TEXT = f"/texts/{ROW}text_id>"
_TABS = ("", "asked", "reading")


@blueprint.get("/posts", permission="tourism_sns.read")
def find_posts() -> str:
    """Show the own town's posts, those that wait for a release, those of others to read along."""
    tab = request.args.get("tab", "")
    tab = tab if tab in _TABS else ""
    found, following = post_listing.find_posts(
        current_context(), state=tab, before=number("before")
    )
    return render_template(
        "tourism_sns/posts.html",
        posts=found,
        following=following,
        tab=tab,
        is_first=not number("before"),
    )


@blueprint.get(f"/spots/{ROW}spot_id>/post", permission="tourism_sns.write")
def new_post_of_spot(spot_id: int) -> str:
    """Show the form for a post of a spot."""
    ctx = current_context()
    found = get_spot(ctx, spot_id)
    return _begin_page(BeginForm(accounts.own_accounts(ctx), found.name), found.name)


@blueprint.post(f"/spots/{ROW}spot_id>/post", permission="tourism_sns.write")
def begin_post_of_spot(spot_id: int) -> Answer:
    """Begin a post of a spot with a draft for each account."""
    ctx = current_context()
    found = get_spot(ctx, spot_id)
    return _begun(BeginForm(accounts.own_accounts(ctx), found.name), found.name, spot_id, None)


@blueprint.get(f"/routes/{ROW}route_id>/post", permission="tourism_sns.write")
def new_post_of_route(route_id: int) -> str:
    """Show the form for a post of a route."""
    ctx = current_context()
    found = routes.get_route(ctx, route_id)
    return _begin_page(BeginForm(accounts.own_accounts(ctx), found.title), found.title)


@blueprint.post(f"/routes/{ROW}route_id>/post", permission="tourism_sns.write")
def begin_post_of_route(route_id: int) -> Answer:
    """Begin a post of a route with a draft for each account."""
    ctx = current_context()
    found = routes.get_route(ctx, route_id)
    return _begun(BeginForm(accounts.own_accounts(ctx), found.title), found.title, None, route_id)


@blueprint.get(POST, permission="tourism_sns.read")
def post(post_id: int) -> str:
    """Show a post as each network will, what is said of it, and what comes next."""
    return _post_page(current_context(), post_id)


@blueprint.get(POST + "/edit", permission="tourism_sns.write")
def edit_post(post_id: int) -> str:
    """Show the form for a post as it stands."""
    ctx = current_context()
    found = post_reading.get_own_post(ctx, post_id)
    photos = posts.photos_to_choose(ctx, found)
    return render_template(
        "tourism_sns/post_form.html", form=post_form(found, photos), post=found, photos=photos
    )


@blueprint.post(POST + "/edit", permission="tourism_sns.write")
def save_post(post_id: int) -> Answer:
    """Save a post; what was released is to be released anew."""
    ctx = current_context()
    found = post_reading.get_own_post(ctx, post_id)
    photos = posts.photos_to_choose(ctx, found)
    form = post_form(found, photos)
    if form.validate_on_submit():
        try:
            posts.save_post(ctx, post_id, form.saved(), base=whole(form.base.data))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("投稿を保存しました。公開には、承認が要ります。"), "success")
            return _to_post(post_id)
    return render_template("tourism_sns/post_form.html", form=form, post=found, photos=photos), 422


@blueprint.post(POST + "/ask", permission="tourism_sns.write")
def ask_release(post_id: int) -> Response:
    """Ask the approvers to release a post."""
    releasing.ask_release(current_context(), post_id, version=whole(request.form.get("version")))
    flash(gettext("承認を頼みました。"), "success")
    return _to_post(post_id)


@blueprint.post(POST + "/take-back", permission="tourism_sns.write")
def take_back(post_id: int) -> Response:
    """Make a post a draft again."""
    releasing.take_back(current_context(), post_id)
    flash(gettext("下書きに戻しました。"), "success")
    return _to_post(post_id)


@blueprint.post(TEXT + "/release", permission="tourism_sns.write")
def release(text_id: int) -> Response:
    """Release one text of a post."""
    version = whole(request.form.get("version"))
    post_id = releasing.release(current_context(), text_id, version=version)
    flash(gettext("公開を認めました。"), "success")
    return _to_post(post_id)


@blueprint.post(POST + "/return", permission="tourism_sns.write")
def send_back(post_id: int) -> Answer:
    """Return a post with a reason."""
    ctx, form = current_context(), DecideForm()
    if form.validate_on_submit():
        try:
            releasing.send_back(ctx, post_id, form.reason.data or "", version=form.read)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("理由を添えて戻しました。"), "success")
            return _to_post(post_id)
    return _post_page(ctx, post_id, deciding=form), 422


@blueprint.get(POST + "/reading", permission="tourism_sns.write")
def reading(post_id: int) -> str:
    """Show the form for asking other towns to read a draft along."""
    ctx = current_context()
    found = post_reading.get_own_post(ctx, post_id)
    form = ReadersForm(reading_along.towns_to_ask(ctx))
    return render_template("tourism_sns/reading.html", form=form, post=found)


@blueprint.post(POST + "/reading", permission="tourism_sns.write")
def ask_to_read(post_id: int) -> Answer:
    """Ask other towns to read a draft along."""
    ctx = current_context()
    form = ReadersForm(reading_along.towns_to_ask(ctx))
    if form.validate_on_submit():
        try:
            reading_along.ask_to_read(ctx, post_id, {whole(one) for one in form.towns.data or ()})
        except DomainError as error:
            form.refuse(error)
        else:
            flash(
                gettext("下書きを読んでもらうよう頼みました。待たずに承認に進めます。"), "success"
            )
            return _to_post(post_id)
    found = post_reading.get_own_post(ctx, post_id)
    return render_template("tourism_sns/reading.html", form=form, post=found), 422


@blueprint.post(POST + "/comments", permission="tourism_sns.write")
def add_comment(post_id: int) -> Answer:
    """Say something of a draft."""
    ctx, form = current_context(), CommentForm()
    if form.validate_on_submit():
        try:
            reading_along.comment(
                ctx, post_id, text=form.text.data or "", form_key=form.form_key.data or ""
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("意見を書きました。"), "success")
            return _to_post(post_id)
    return _post_page(ctx, post_id, form), 422


@blueprint.get(POST + "/package", permission="tourism_sns.write")
def package(post_id: int) -> str:
    """Show what an export holds, and what was exported before."""
    found = post_reading.get_own_post(current_context(), post_id)
    return render_template(
        "tourism_sns/package.html",
        post=found,
        packages=packaging.packages_of(post_id),
        networks=NETWORKS,
    )


@blueprint.post(POST + "/package", permission="tourism_sns.write")
def export_post(post_id: int) -> Answered:
    """Give the archive of what is released."""
    made = packaging.export_post(current_context(), post_id)
    answer = Answered(made.content, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def _begin_page(form: BeginForm, name: str) -> str:
    return render_template("tourism_sns/begin.html", form=form, name=name)


def _begun(form: BeginForm, name: str, spot_id: int | None, route_id: int | None) -> Answer:
    if form.validate_on_submit():
        begun = posts.Begun(
            form.title.data or "", form.account_ids, form.planned_on.data, spot_id, route_id
        )
        try:
            post_id = posts.begin_post(current_context(), begun, form_key=form.form_key.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(
                gettext("下書きを作りました。文章を整えてから、承認を頼んでください。"), "success"
            )
            return _to_post(post_id)
    return _begin_page(form, name), 422


def _post_page(
    ctx: Context,
    post_id: int,
    form: CommentForm | None = None,
    deciding: DecideForm | None = None,
) -> str:
    found = post_reading.get_post(ctx, post_id)
    prepare_texts([said.text for said in found.comments])
    return render_template(
        "tourism_sns/post.html",
        post=found,
        form=form or CommentForm(),
        deciding=deciding or DecideForm(),
        networks=NETWORKS,
        licences=LICENCES,
    )


def _to_post(post_id: int) -> Response:
    return redirect(url_for("tourism_sns.post", post_id=post_id), code=303)
