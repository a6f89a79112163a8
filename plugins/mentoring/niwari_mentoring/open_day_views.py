"""The pages of open-company days: those ahead, one of them, and the form of those who announce it."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import DomainError, current_context, gettext, prepare_texts
from niwari_mentoring.errors import NotOfSection
from niwari_mentoring.open_day_forms import OpenDayForm
from niwari_mentoring.service import open_day_lists, open_days, seats, sections
from niwari_mentoring.views import Answer, blueprint

_DAY = "/open-days/<int(max=2147483647):open_day_id>"


@blueprint.get("/open-days", permission="mentoring.read")
def open_days_page() -> str:
    """Show the days ahead."""
    ctx = current_context()
    after = request.args.get("after", "")
    page, following = open_day_lists.list_ahead(ctx, after=after)
    return render_template(
        "mentoring/open_days.html", open_days=page, following=following, is_first=not after
    )


@blueprint.get("/open-days/new", permission="mentoring.ask")
def new_open_day() -> str:
    """Show the form for a day of the own section."""
    own = sections.own_profile(current_context())
    return render_template(
        "mentoring/open_day_form.html", form=OpenDayForm(), own=own, open_day=None
    )


@blueprint.post("/open-days/new", permission="mentoring.ask")
def announce_open_day() -> Answer:
    """Announce a day of the own section."""
    ctx = current_context()
    form = OpenDayForm()
    if form.validate_on_submit():
        try:
            id_ = open_days.announce(ctx, form.planned(), form_key=form.form_key.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(
                gettext("オープンカンパニーの日を決めました。取組の一覧にも載りました。"), "success"
            )
            return _to_day(id_)
    own = sections.own_profile(ctx)
    return (
        render_template("mentoring/open_day_form.html", form=form, own=own, open_day=None),
        422,
    )


@blueprint.get(_DAY, permission="mentoring.read")
def open_day(open_day_id: int) -> str:
    """Show a day; to those who work there, who comes."""
    ctx = current_context()
    found = open_day_lists.get_open_day(ctx, open_day_id)
    prepare_texts((found.text,))
    return render_template(
        "mentoring/open_day.html",
        open_day=found,
        coming=seats.coming(ctx, found.id) if found.works_here else (),
    )


@blueprint.get(_DAY + "/edit", permission="mentoring.ask")
def edit_open_day(open_day_id: int) -> str:
    """Show the form with which the people of the section change a day."""
    found = open_day_lists.get_open_day(current_context(), open_day_id)
    if not found.works_here:
        raise NotOfSection
    return render_template(
        "mentoring/open_day_form.html", form=OpenDayForm(found), own=None, open_day=found
    )


@blueprint.post(_DAY + "/edit", permission="mentoring.ask")
def change_open_day(open_day_id: int) -> Answer:
    """Change a day of the own section."""
    ctx = current_context()
    form = OpenDayForm()
    if form.validate_on_submit():
        try:
            open_days.change(ctx, open_day_id, form.planned())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("オープンカンパニーの日を直しました。"), "success")
            return _to_day(open_day_id)
    found = open_day_lists.get_open_day(ctx, open_day_id)
    if not found.works_here:
        raise NotOfSection
    return (
        render_template("mentoring/open_day_form.html", form=form, own=None, open_day=found),
        422,
    )


@blueprint.post(_DAY + "/call-off", permission="mentoring.ask")
def call_off_open_day(open_day_id: int) -> Response:
    """Call a day of the own section off."""
    open_days.call_off(current_context(), open_day_id)
    flash(
        gettext("オープンカンパニーの日を取りやめました。申し込んだ職員に知らせました。"), "success"
    )
    return _to_day(open_day_id)


@blueprint.post(_DAY + "/give-back", permission="mentoring.ask")
def give_back_seat(open_day_id: int) -> Response:
    """Give the own seat back."""
    seats.give_back(current_context(), open_day_id)
    flash(
        gettext("席を返しました。時間の申込みは、台帳で取り下げてください。"),
        "success",
    )
    return _to_day(open_day_id)


def _to_day(open_day_id: int) -> Response:
    return redirect(url_for("mentoring.open_day", open_day_id=open_day_id), code=303)
