"""Days to avoid: the head names, changes and ends them."""

from datetime import date

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError
from niwari.ledger.deciding import avoided, avoiding
from niwari.ledger.forms.fields import EmptyForm
from niwari.ledger.forms.heads import AvoidanceForm
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _


@blueprint.route("/heads/avoid", methods=("GET", "POST"), permission="ledger.decide")
def avoid() -> Answer:
    """Show the days that the head's sections should avoid, and name further ones."""
    ctx = current_context()
    place_under("ledger.away_month")
    sections = avoiding.own_sections(ctx)
    form = AvoidanceForm.among(sections)
    if form.validate_on_submit():
        try:
            avoiding.avoid(ctx, form.section.data or 0, form.days())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("避けてほしい期間を決めました。職員が申し込むときに表示されます。"), "success")
            return _back()
    page = render_template(
        "ledger/avoid.html",
        form=form,
        sections=sections,
        avoided=avoided.of_sections(ctx, list(sections), ctx.today, date.max),
        empty_form=EmptyForm(),
    )
    return (page, 422) if form.is_submitted() else page


@blueprint.route(
    "/heads/avoid/<int:avoidance_id>", methods=("GET", "POST"), permission="ledger.decide"
)
def change_avoidance(avoidance_id: int) -> Answer:
    """Give other days or another reason."""
    ctx = current_context()
    place_under("ledger.away_month")
    present = avoiding.one_of_mine(ctx, avoidance_id)
    form = AvoidanceForm.of(present)
    if form.validate_on_submit():
        try:
            avoiding.change(ctx, avoidance_id, form.days())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("避けてほしい期間を変更しました。"), "success")
            return _back()
    page = render_template("ledger/avoid_change.html", form=form, present=present)
    return (page, 422) if form.is_submitted() else page


@blueprint.post("/heads/avoid/<int:avoidance_id>/end", permission="ledger.decide")
def end_avoidance(avoidance_id: int) -> Response:
    """End the days at once."""
    avoiding.end(current_context(), avoidance_id)
    flash(_("避けてほしい期間を終わりにしました。"), "success")
    return _back()


def _back() -> Response:
    return redirect(url_for("ledger.avoid"), code=303)
