"""口頭の了承を確かめる: one tap of the head, or that there was no OK."""

from collections.abc import Callable

from flask import flash, redirect, url_for

from niwari.context import Context
from niwari.errors import DomainError
from niwari.ledger.deciding import confirming
from niwari.ledger.forms.deciding import DecisionForm
from niwari.ledger.forms.oral import DenialForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _
from niwari.written import new_key


@blueprint.post("/requests/<int:request_id>/oral/confirm", permission="ledger.decide")
def confirm_oral(request_id: int) -> Answer:
    """Say that the oral OK was given."""

    def answer(ctx: Context, form: DenialForm) -> str:
        confirming.confirm(ctx, request_id, key=form.key.data or "")
        return _("口頭の了承を確かめました。")

    return _answer(request_id, answer)


@blueprint.post("/requests/<int:request_id>/oral/deny", permission="ledger.decide")
def deny_oral(request_id: int) -> Answer:
    """Say that there was no OK."""

    def answer(ctx: Context, form: DenialForm) -> str:
        confirming.deny(ctx, request_id, key=form.key.data or "", note=form.note.data or "")
        return _("「了承していません」と答えました。本人に知らせました。")

    return _answer(request_id, answer)


def _answer(request_id: int, answer: Callable[[Context, DenialForm], str]) -> Answer:
    form = DenialForm()
    status = 422
    if form.validate_on_submit():
        try:
            said = answer(current_context(), form)
        except DomainError as error:
            form.refuse(error)
            status = 422 if error.field in form else error.status
        else:
            flash(said, "success")
            return redirect(url_for("ledger.approvals"), code=303)
    decision_form = DecisionForm(key=new_key(), formdata=None)
    page = request_page(request_id, RecordForm(formdata=None), decision_form, denial_form=form)
    return page, status
