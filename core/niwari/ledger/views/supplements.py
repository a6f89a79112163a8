"""追加分: what was recorded beyond an agreement; one tap of the head, or a word on why not."""

from collections.abc import Callable

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from niwari.context import Context
from niwari.ledger.deciding import supplementing, supplements
from niwari.ledger.forms.deciding import DecisionForm, SupplementForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.views.answering import answered
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _
from niwari.written import new_key


@blueprint.post("/supplements/<int:supplement_id>/accept", permission="ledger.decide")
def accept_supplement(supplement_id: int) -> Answer:
    """Accept the minutes beyond an agreement."""

    def answer(ctx: Context, form: SupplementForm) -> str:
        supplementing.accept(ctx, supplement_id, key=form.key.data or "")
        return _("追加分を認めました。")

    return _answer(supplement_id, answer)


@blueprint.post("/supplements/<int:supplement_id>/refuse", permission="ledger.decide")
def refuse_supplement(supplement_id: int) -> Answer:
    """Refuse them; they are private time."""

    def answer(ctx: Context, form: SupplementForm) -> str:
        supplementing.refuse(ctx, supplement_id, key=form.key.data or "", note=form.note.data or "")
        return _("追加分を認めませんでした。本人に知らせました。")

    return _answer(supplement_id, answer)


@blueprint.post("/supplements/<int:supplement_id>/seen", permission="ledger.decide")
def supplement_seen(supplement_id: int) -> Response:
    """Note that the head has seen what was answered in the head's place (後閲)."""
    supplements.mark_seen(current_context(), supplement_id)
    flash(_("「見ました」と記録しました。"), "success")
    return redirect(url_for("ledger.approvals"), code=303)


def _answer(supplement_id: int, answer: Callable[[Context, SupplementForm], str]) -> Answer:
    form = SupplementForm()

    def page() -> str:
        request_id = supplements.request_of(supplement_id)
        decision_form = DecisionForm(key=new_key(), formdata=None)
        record_form = RecordForm(formdata=None)
        return request_page(request_id, record_form, decision_form, supplement_form=form)

    return answered(form, answer, back=url_for("ledger.approvals"), page=page)
