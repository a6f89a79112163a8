"""Recording with one tap, and correcting what was recorded."""

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError
from niwari.ledger import sight, ways
from niwari.ledger.errors import CorrectionWaits, NotRecorded
from niwari.ledger.forms.correcting import CorrectionForm
from niwari.ledger.forms.deciding import DecisionForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.models import Request
from niwari.ledger.presenting import month_key
from niwari.ledger.recording import correcting, recording
from niwari.ledger.recording.history import History, history_of
from niwari.ledger.recording.supplements import tolerance_of
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _
from niwari.pages.wording import minutes
from niwari.written import new_key


@blueprint.post("/requests/<int:request_id>/record-planned", permission="ledger.ask")
def record_planned(request_id: int) -> Answer:
    """Record exactly what was agreed to."""
    try:
        done = recording.record(current_context(), request_id)
    except DomainError as error:
        form = RecordForm(formdata=None)
        form.refuse(error)
        return request_page(request_id, form, DecisionForm(key=new_key(), formdata=None)), 422
    amount, travel = done.agreed_minutes, ways.recorded_minutes(done)
    if travel:
        whole, way = minutes(amount + travel), minutes(travel)
        said = _(
            "予定どおり%(minutes)s（うち移動%(travel)s）を記録しました。", minutes=whole, travel=way
        )
    else:
        said = _("予定どおり%(minutes)sを記録しました。", minutes=minutes(amount))
    flash(said, "success")
    return redirect(url_for("ledger.month", month=month_key(done.work_date)), code=303)


@blueprint.route(
    "/requests/<int:request_id>/correct", methods=("GET", "POST"), permission="ledger.ask"
)
def correct(request_id: int) -> Answer:
    """Correct a record at once, or ask HR to once the month is closed."""
    ctx = current_context()
    own = sight.own(ctx, request_id)
    history = history_of(own)
    form = CorrectionForm(key=new_key(), entry=request.args.get("entry", ""))
    if form.validate_on_submit():
        try:
            made = correcting.correct(ctx, request_id, form.wanted())
        except DomainError as error:
            form.refuse(error)
        else:
            said = {
                "asked": _("人事担当に訂正を依頼しました。"),
                "posted": _("記録を訂正しました。"),
            }
            flash(said.get(made.state, _("この訂正は、もう受け付けています。")), "success")
            return redirect(url_for("ledger.show", request_id=request_id), code=303)
    return _correct_page(own, history, form)


def _correct_page(own: Request, history: History | None, form: CorrectionForm) -> Answer:
    if history is None or not history.postings:
        raise NotRecorded
    found = history.correctable
    if not found:
        raise CorrectionWaits
    wanted = form.wanted().entry_id if form.entry.data else found[0].entry.id
    held = next((one for one in found if one.entry.id == wanted), None)
    if held is None:
        abort(404)
    form.entry.data = str(held.entry.id)
    page = render_template(
        "ledger/correct.html",
        request_row=own,
        history=history,
        held=held,
        form=form,
        tolerance=tolerance_of(current_context(), own),
    )
    return (page, 422) if request.method == "POST" else page


@blueprint.post("/corrections/<int:correction_id>/withdraw", permission="ledger.ask")
def withdraw_correction(correction_id: int) -> Response:
    """Take back a correction that HR has not answered."""
    taken_back = correcting.withdraw(current_context(), correction_id)
    flash(_("訂正の依頼を取り下げました。"), "success")
    return redirect(url_for("ledger.show", request_id=taken_back.request_id), code=303)
