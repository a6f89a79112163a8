"""The page of one request, for its person and for the head who answers it."""

from flask import g, render_template

from niwari.ledger import aftermath, sight
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.deciding.supplements import seen_supplement
from niwari.ledger.forms.bringing_home import BringHomeForm
from niwari.ledger.forms.clerk import ObjectionForm
from niwari.ledger.forms.deciding import DecisionForm, SupplementForm
from niwari.ledger.forms.fields import EmptyForm
from niwari.ledger.forms.oral import DenialForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.forms.revoking import RevokingForm
from niwari.ledger.forms.standing import DrawForm
from niwari.ledger.recording.history import history_of
from niwari.ledger.recording.supplements import tolerance_of
from niwari.ledger.views.blueprint import blueprint
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.written import new_key


@blueprint.get("/requests/<int:request_id>", permission="ledger.read")
def show(request_id: int) -> str:
    """Show one request to its person or to the head who answers it."""
    return request_page(request_id, RecordForm(), DecisionForm(key=new_key()))


def request_page(
    request_id: int,
    record_form: RecordForm,
    decision_form: DecisionForm,
    *,
    bring_home_form: BringHomeForm | None = None,
    objection_form: ObjectionForm | None = None,
    revoking_form: RevokingForm | None = None,
    denial_form: DenialForm | None = None,
    draw_form: DrawForm | None = None,
    supplement_form: SupplementForm | None = None,
) -> str:
    """Return the page with what was typed into its forms."""
    ctx = current_context()
    # The menu of a head counts what waits: who answers for whom is not asked twice.
    g.charge = charge_of(ctx) if ctx.may("ledger.decide") else None
    seen = sight.see(ctx, request_id, g.charge)
    if not seen.mine:
        place_under("ledger.approvals")
    if record_form.minutes.data is None and seen.request.agreed_minutes:
        record_form.minutes.data = seen.request.agreed_minutes
    return render_template(
        "ledger/request.html",
        seen=seen,
        record_form=record_form,
        decision_form=decision_form,
        objection_form=objection_form or ObjectionForm(formdata=None),
        draw_form=draw_form or DrawForm(formdata=None, day=current_context().today),
        empty_form=EmptyForm(),
        bring_home_form=bring_home_form
        or BringHomeForm(formdata=None, data={"text": seen.request.brought_home}),
        history=history_of(seen.request) if seen.mine else None,
        after=aftermath.aftermath_of(ctx, seen),
        revoking_form=revoking_form or RevokingForm.fresh(),
        denial_form=denial_form or DenialForm(key=new_key(), formdata=None),
        beyond=seen_supplement(seen.request, answers=seen.answers),
        supplement_form=supplement_form or SupplementForm(key=new_key(), formdata=None),
        tolerance=tolerance_of(ctx, seen.request) if seen.may_record or seen.recorded else 0,
    )
