"""On which legal basis each class of activity is done."""

from flask import flash, redirect, render_template, url_for

from niwari.errors import DomainError
from niwari.ledger.arranging import bases
from niwari.ledger.forms.hr import BasisForm, given
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.hr import SETTINGS_PERMISSION
from niwari.ledger.words import BASIS_LABELS
from niwari.pages.forms import current_context
from niwari.pages.parts import offered_activities, place_under
from niwari.pages.texts import gettext as _


@blueprint.route(
    "/bases", methods=("GET", "POST"), permission=SETTINGS_PERMISSION, endpoint="bases"
)
def show_bases() -> Answer:
    """Show what holds for each class, and set one."""
    place_under("ledger.rules")
    ctx = current_context()
    offered = offered_activities(ctx)
    classes = bases.classes_shown(offered)
    form, status = BasisForm.of(classes, ctx.today, ctx.locale), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                bases.set_basis(
                    ctx,
                    form.activity.data,
                    form.basis.data,
                    order_number=form.order_number.data or "",
                    starts_on=given(form.starts_on.data),
                    offered=offered,
                )
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(_("根拠を保存しました。"), "success")
                return redirect(url_for("ledger.bases"), code=303)
    held = bases.bases_of(ctx.municipality.id)
    lines = [
        (one, held.on(one.code, ctx.today), [h for h in held.held.get(one.code, ()) if _later(h)])
        for one in classes
    ]
    labels = {code: label.text(ctx.locale) for code, label in BASIS_LABELS.items()}
    page = render_template("ledger/bases.html", form=form, lines=lines, labels=labels)
    return page, status


def _later(held: bases.Held) -> bool:
    return held.starts_on is not None and held.starts_on > current_context().today
