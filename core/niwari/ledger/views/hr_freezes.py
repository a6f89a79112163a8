"""Stopping 20% time after a disaster, and letting it go on (rule L13)."""

from flask import flash, redirect, render_template, url_for

from niwari.errors import DomainError
from niwari.ledger.arranging import freezing
from niwari.ledger.forms.fields import EmptyForm
from niwari.ledger.forms.hr import FreezeForm
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.hr import SETTINGS_PERMISSION
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _


@blueprint.route(
    "/freezes", methods=("GET", "POST"), permission=SETTINGS_PERMISSION, endpoint="freezes"
)
def show_freezes() -> Answer:
    """Show whether 20% time rests, and stop it."""
    place_under("ledger.rules")
    ctx = current_context()
    form, status = FreezeForm(), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                freezing.freeze(ctx, from_at=form.from_at, reason=form.reason.data or "")
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(_("停止しました。了承済みの予定を順に止めています。"), "success")
                return redirect(url_for("ledger.freezes"), code=303)
    return render_template("ledger/freezes.html", form=form, freezes=freezing.freezes(ctx)), status


@blueprint.post("/freezes/<int:freeze_id>/lift", permission=SETTINGS_PERMISSION)
def lift_freeze(freeze_id: int) -> Answer:
    """Let 20% time go on; the heads are asked to revive what rests."""
    if EmptyForm().validate_on_submit():
        freezing.lift(current_context(), freeze_id)
        flash(_("再開しました。止まっている予定の了承を、所属長に頼みました。"), "success")
    return redirect(url_for("ledger.freezes"), code=303)
