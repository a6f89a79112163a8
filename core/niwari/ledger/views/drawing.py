"""Recording parts of an allowance without dates (rule L12)."""

from flask import flash, redirect, url_for

from niwari.errors import DomainError
from niwari.ledger.forms.deciding import DecisionForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.forms.standing import DrawForm
from niwari.ledger.standing import drawing
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _
from niwari.written import new_key


@blueprint.post("/requests/<int:request_id>/draw", permission="ledger.ask")
def draw(request_id: int) -> Answer:
    """Record minutes of one day from an allowance."""
    form, status = DrawForm(), 422
    if form.validate_on_submit() and form.day.data is not None:
        try:
            drawing.draw(
                current_context(),
                request_id,
                day=form.day.data,
                minutes=form.minutes.data or 0,
                seen=int(form.seen.data or 0),
            )
        except DomainError as error:
            form.refuse(error)
            status = 422 if error.field in form else error.status
        else:
            flash(_("記録しました。"), "success")
            return redirect(url_for("ledger.show", request_id=request_id), code=303)
    decision = DecisionForm(key=new_key(), formdata=None)
    return request_page(request_id, RecordForm(formdata=None), decision, draw_form=form), status
