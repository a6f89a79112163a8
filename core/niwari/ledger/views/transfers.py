"""異動してきた職員の予定: one list, one tap each, and one for all."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError
from niwari.ledger.deciding import reagreeing
from niwari.ledger.forms.deciding import CallOffForm
from niwari.ledger.forms.revoking import reason_kept
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _
from niwari.pages.texts import ngettext


@blueprint.get("/transferred", permission="ledger.decide")
def transferred() -> str:
    """Show the head what people brought along who were transferred."""
    return _page(None, CallOffForm(formdata=None))


def _page(refused: int | None, form: CallOffForm) -> str:
    place_under("ledger.approvals")
    return render_template(
        "ledger/transferred.html",
        found=reagreeing.brought_along(current_context()),
        form=form,
        refused=refused,
    )


@blueprint.post("/transferred/agree", permission="ledger.decide")
def reagree_all() -> Response:
    """Agree anew to all of it."""
    return _say_agreed(reagreeing.reagree(current_context()))


@blueprint.post("/requests/<int:request_id>/reagree", permission="ledger.decide")
def reagree(request_id: int) -> Response:
    """Agree anew to one of them."""
    return _say_agreed(reagreeing.reagree(current_context(), request_id))


def _say_agreed(count: int) -> Response:
    said = ngettext(
        "%(num)d件を、引き続き了承しました。", "%(num)d件を、引き続き了承しました。", count
    )
    flash(said if count else _("もう了承済みです。"), "success")
    return redirect(url_for("ledger.transferred"), code=303)


@blueprint.post("/requests/<int:request_id>/call-off", permission="ledger.decide")
def call_off(request_id: int) -> Answer:
    """Call one of them off."""
    form = CallOffForm()
    if form.validate_on_submit():
        try:
            reagreeing.call_off(current_context(), request_id, reason=reason_kept(form.reason.data))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("取りやめました。時間は本人の枠に戻り、本人に知らせます。"), "success")
            return redirect(url_for("ledger.transferred"), code=303)
    return _page(request_id, form), 422
