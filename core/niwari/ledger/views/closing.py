"""月の締め: what HR closes, corrects afterwards, and sees of what arrived late."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.errors import DomainError
from niwari.ledger.closing import closing as service
from niwari.ledger.closing import late, preview
from niwari.ledger.forms.correcting import CorrectionAnswerForm
from niwari.ledger.forms.fields import EmptyForm
from niwari.ledger.recording import approving
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.worktime import PeriodError, parse_period
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _


@blueprint.get("/closing", permission="ledger.hr")
def closing() -> str:
    """Show what closing the next period will do, and the periods that are closed."""
    return _closing_page(EmptyForm())


def _closing_page(form: EmptyForm) -> str:
    ctx = current_context()
    return render_template(
        "ledger/closing.html",
        form=form,
        following=preview.next_to_close(ctx),
        closed=preview.closed_periods(ctx),
    )


@blueprint.post("/closing", permission="ledger.hr")
def close() -> Answer:
    """Close a period before its day."""
    form = EmptyForm()
    if form.validate_on_submit():
        try:
            done = service.close(current_context(), parse_period(request.form.get("period", "")))
        except PeriodError:
            form.form_errors.append(_("締める月が分かりません。もう一度押してください。"))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(
                _(
                    "%(month)s月を締めました。%(people)s人の枠が決まり、%(lapsed)s件が「記録なしで終了」になりました。",
                    month=done.starts_on.month,
                    people=done.people,
                    lapsed=done.lapsed,
                ),
                "success",
            )
            return redirect(url_for("ledger.closing"), code=303)
    return _closing_page(form), 422


@blueprint.get("/closing/corrections", permission="ledger.hr")
def corrections() -> str:
    """Show the corrections of closed months that wait, and those that were answered."""
    ctx = current_context()
    place_under("ledger.closing")
    return render_template(
        "ledger/corrections.html", waiting=approving.waiting(ctx), decided=approving.decided(ctx)
    )


@blueprint.get("/closing/corrections/<int:correction_id>", permission="ledger.hr")
def correction(correction_id: int) -> str:
    """Show one correction with the way to answer it."""
    return _correction_page(correction_id, CorrectionAnswerForm())


def _correction_page(correction_id: int, form: CorrectionAnswerForm) -> str:
    place_under("ledger.closing")
    seen = approving.seen(current_context(), correction_id)
    return render_template("ledger/correction.html", seen=seen, form=form)


@blueprint.post("/closing/corrections/<int:correction_id>/approve", permission="ledger.hr")
def approve_correction(correction_id: int) -> Answer:
    """Approve a correction: the number of the closed month changes."""
    return _answer(correction_id, accepted=True)


@blueprint.post("/closing/corrections/<int:correction_id>/refuse", permission="ledger.hr")
def refuse_correction(correction_id: int) -> Answer:
    """Refuse a correction with a word."""
    return _answer(correction_id, accepted=False)


def _answer(correction_id: int, *, accepted: bool) -> Answer:
    form = CorrectionAnswerForm()
    status = 422
    if form.validate_on_submit():
        act = approving.approve if accepted else approving.refuse
        try:
            act(current_context(), correction_id, note=form.note.data or "")
        except DomainError as error:
            form.refuse(error)
            status = 422 if error.field in form else error.status
        else:
            said = _("訂正を認めました。") if accepted else _("訂正を認めませんでした。")
            flash(said, "success")
            return redirect(url_for("ledger.corrections"), code=303)
    return _correction_page(correction_id, form), status


@blueprint.get("/closing/late", permission="ledger.hr")
def late_bases() -> str:
    """Show whose closed base would be another one now, and how many are over in open months."""
    ctx = current_context()
    place_under("ledger.closing")
    return render_template(
        "ledger/late_bases.html", unsettled=late.unsettled(ctx), over=late.over_count(ctx)
    )


@blueprint.post("/closing/late/<int:late_id>/settle", permission="ledger.hr")
def settle_late_base(late_id: int) -> Response:
    """Note that HR has seen it."""
    late.settle(current_context(), late_id)
    flash(_("確認済みにしました。"), "success")
    return redirect(url_for("ledger.late_bases"), code=303)
