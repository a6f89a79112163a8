"""業務都合による取りやめ: the head shortens or calls off what was agreed to."""

from collections.abc import Callable

from flask import flash, redirect, url_for

from niwari.context import Context
from niwari.errors import N_, DomainError, Invalid
from niwari.ledger.deciding import revoking
from niwari.ledger.forms.deciding import DecisionForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.forms.revoking import RevokingForm, reason_kept
from niwari.ledger.models import AGREED_STATES, Request
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _
from niwari.written import new_key


@blueprint.post("/requests/<int:request_id>/shorten", permission="ledger.decide")
def shorten(request_id: int) -> Answer:
    """Leave fewer minutes of what was agreed to."""

    def change(ctx: Context, form: RevokingForm) -> Request:
        if form.minutes.data is None:
            raise Invalid(N_("残す長さを分で入力してください。"), field="minutes")
        return revoking.shorten(
            ctx,
            request_id,
            key=form.key.data or "",
            minutes=form.minutes.data,
            reason=reason_kept(form.reason.data),
        )

    return _change(request_id, change)


@blueprint.post("/requests/<int:request_id>/revoke", permission="ledger.decide")
def revoke(request_id: int) -> Answer:
    """Call off all that is still to come."""

    def change(ctx: Context, form: RevokingForm) -> Request:
        return revoking.revoke(
            ctx, request_id, key=form.key.data or "", reason=reason_kept(form.reason.data)
        )

    return _change(request_id, change)


def _change(request_id: int, change: Callable[[Context, RevokingForm], Request]) -> Answer:
    form = RevokingForm()
    status = 422
    if form.validate_on_submit():
        try:
            changed = change(current_context(), form)
        except DomainError as error:
            form.refuse(error)
            status = 422 if error.field in form else error.status
        else:
            gone = changed.state not in AGREED_STATES
            flash(_("取りやめました。") if gone else _("短くしました。"), "success")
            return redirect(url_for("ledger.show", request_id=request_id), code=303)
    decision_form = DecisionForm(key=new_key(), formdata=None)
    page = request_page(request_id, RecordForm(formdata=None), decision_form, revoking_form=form)
    return page, status
