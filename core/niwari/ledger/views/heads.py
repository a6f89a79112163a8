"""The head's list, and the answers."""

from collections.abc import Callable, Mapping

from flask import flash, g, redirect, render_template, request, url_for

from niwari.context import Context
from niwari.errors import DomainError
from niwari.ledger.arranged import freeze_of
from niwari.ledger.deciding import (
    bulk,
    decisions,
    reviewing,
    reviving,
    supplements,
    waiting_list,
)
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.deciding.bulk import Outcome
from niwari.ledger.deciding.unconfirmed import to_confirm
from niwari.ledger.deciding.waiting_list import WaitingPage
from niwari.ledger.forms.deciding import DecisionForm
from niwari.ledger.forms.heads import ChosenForm, place_of, place_text
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.models import State
from niwari.ledger.standing import sight as standing
from niwari.ledger.views.answering import answered, with_word
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of
from niwari.written import new_key


@blueprint.get("/approvals", permission="ledger.decide")
def approvals() -> str:
    """Show the head what waits, what rests, and what others answered in the head's place.

    ``?tick=all`` ticks what can be agreed to; ``?after=`` is where a further page begins.
    """
    return approvals_page()


def approvals_page(
    not_revived: Mapping[int, str] | None = None,
    form: ChosenForm | None = None,
    outcome: Outcome | None = None,
) -> str:
    """Return the page.

    ``not_revived`` says by request why it could not be revived (rule L13); ``form`` is what was ticked,
    ``outcome`` what came of it.
    """
    ctx = current_context()
    # The menu counts what waits too: what the page has found out is not asked again.
    g.charge = charge_of(ctx)
    g.waiting = waiting_list.waiting_counts(ctx, g.charge)
    form = form or ChosenForm(formdata=None, key=new_key())
    after = place_of(request.args.get("after", ""))
    some = g.waiting.requested
    page = waiting_list.waiting_page(ctx, g.charge, after) if some else WaitingPage((), None)
    return render_template(
        "ledger/approvals.html",
        page=page,
        following=place_text(page.following),
        outcome=outcome,
        ticked=form.requests.data or [],
        tick_all=request.args.get("tick") == "all",
        standing_waiting=standing.waiting(ctx, g.charge) if g.waiting.standing else [],
        resting=reviving.to_revive(ctx, g.charge) if g.waiting.resting else [],
        not_revived=not_revived or {},
        frozen=freeze_of(ctx.municipality),
        reviewed=waiting_list.answered_in_my_place(ctx),
        to_confirm=to_confirm(ctx, g.charge) if g.waiting.oral else [],
        to_accept=supplements.to_accept(ctx, g.charge) if g.waiting.beyond else [],
        beyond_reviewed=(
            supplements.answered_in_my_place(ctx) if g.waiting.beyond_answered else []
        ),
        new_key=new_key,
        sentence_of=sentence_of,
        form=form,
    )


@blueprint.post("/requests/<int:request_id>/agree", permission="ledger.decide")
def agree(request_id: int) -> Answer:
    """Agree, or agree to fewer minutes."""

    def decide(ctx: Context, form: DecisionForm) -> str:
        decided = decisions.agree(
            ctx,
            request_id,
            key=form.key.data or "",
            minutes=form.minutes.data,
            note=form.note.data or "",
        )
        less = decided.state == State.PARTLY_AGREED
        return _("短くして了承しました。") if less else _("了承しました。")

    return _decide(request_id, decide)


@blueprint.post("/requests/<int:request_id>/return", permission="ledger.decide")
def return_(request_id: int) -> Answer:
    """Give the request back to talk about it."""

    said = _("「相談して直す」で返しました。")
    return _decide(request_id, with_word(decisions.return_, request_id, said))


@blueprint.post("/requests/<int:request_id>/decline", permission="ledger.decide")
def decline(request_id: int) -> Answer:
    """Decline the request this time."""

    said = _("今回は見送りにしました。")
    return _decide(request_id, with_word(decisions.decline, request_id, said))


def _decide(request_id: int, decide: Callable[[Context, DecisionForm], str]) -> Answer:
    form = DecisionForm()
    return answered(
        form,
        decide,
        back=url_for("ledger.approvals"),
        page=lambda: request_page(request_id, RecordForm(formdata=None), form),
    )


@blueprint.post("/approvals/agree", permission="ledger.decide")
def agree_to_chosen() -> Answer:
    """Agree to all that is ticked; say line by line what could not be agreed to."""
    form = ChosenForm()
    if not form.validate_on_submit():
        return approvals_page(form=form), 422
    try:
        outcome = bulk.agree_to_all(current_context(), form.chosen, key=form.key.data or "")
    except DomainError as error:
        form.refuse(error)
        return approvals_page(form=form), 422
    if not outcome.is_whole:
        return approvals_page(outcome=outcome), 422
    flash(_("%(count)s件を了承しました。", count=len(outcome.agreed)), "success")
    return redirect(url_for("ledger.approvals"), code=303)


@blueprint.post("/requests/<int:request_id>/seen", permission="ledger.decide")
def seen(request_id: int) -> Answer:
    """Note that the head has seen what was answered in the head's place (後閲)."""
    reviewing.mark_seen(current_context(), request_id)
    flash(_("「見ました」と記録しました。"), "success")
    return redirect(url_for("ledger.approvals"), code=303)
