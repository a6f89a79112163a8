"""Standing agreements: asking with a preview, the page of one, the own list, and the answers."""

from collections.abc import Callable
from hashlib import sha256

from flask import flash, g, redirect, render_template, request, url_for

from niwari.context import Context
from niwari.errors import DomainError, NotFound
from niwari.ledger.deciding.approvers import charge_of
from niwari.ledger.errors import AlreadyAsked, AlreadyDecided, HeldChanged
from niwari.ledger.forms.fields import EmptyForm
from niwari.ledger.forms.standing import (
    RevokeStandingForm,
    StandingDecisionForm,
    StandingForm,
    first_choice,
    typed,
)
from niwari.ledger.models import Standing, State
from niwari.ledger.settings import choices_of
from niwari.ledger.standing import asking, deciding, ending, sight
from niwari.ledger.standing.asking import StandingWish
from niwari.ledger.standing.planning import Plan
from niwari.ledger.standing.terms import Terms, last_possible_day
from niwari.ledger.views.answering import answered, with_word
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import offered_activities, place_under
from niwari.pages.texts import gettext as _
from niwari.pages.texts import ngettext
from niwari.pages.wording import minutes
from niwari.written import new_key


@blueprint.get("/standing", permission="ledger.read")
def standing_list() -> str:
    """List the acting person's standing agreements, with what is held in each period."""
    ctx = current_context()
    found = sight.own_list(ctx, whole_number(request.args.get("before")))
    more = url_for("ledger.standing_list", before=found[-1].standing.id) if found else ""
    return render_template(
        "ledger/standing_list.html",
        agreements=found,
        more=more if len(found) == sight.PAGE else "",
        may_ask=choices_of(ctx).standing,
    )


@blueprint.route("/standing/new", methods=("GET", "POST"), permission="ledger.ask")
def standing_new() -> Answer:
    """Ask for a standing agreement, once its preview was seen."""
    ctx = current_context()
    form = _form(ctx, **first_choice(ctx.today), last_day=last_possible_day(ctx.today))
    return _asking(ctx, form, None, lambda wish: asking.ask(ctx, wish, offered_activities(ctx)))


@blueprint.route(
    "/standing/<int:standing_id>/again", methods=("GET", "POST"), permission="ledger.ask"
)
def standing_again(standing_id: int) -> Answer:
    """Change a returned standing agreement and put it to the head again."""
    ctx = current_context()
    former = sight.own(ctx, standing_id)
    if request.method == "GET" and former.state != State.RETURNED:
        raise AlreadyDecided
    same = {name: getattr(former, name) for name in ("activity", "purpose", "place")}
    form = _form(ctx, **same, **typed(Terms.of(former)))

    def again(wish: StandingWish) -> Standing:
        return asking.ask_again(ctx, standing_id, wish, offered_activities(ctx))

    return _asking(ctx, form, former, again)


def _form(ctx: Context, **values: object) -> StandingForm:
    if not choices_of(ctx).standing:
        raise NotFound
    form = StandingForm(form_key=new_key(), data=values)
    form.offer(offered_activities(ctx).values(), ctx.locale)
    return form


def _asking(
    ctx: Context,
    form: StandingForm,
    former: Standing | None,
    ask: Callable[[StandingWish], Standing],
) -> Answer:
    """Show the form; sent, first what would be held, and sent again as it was seen, ask."""
    plan: Plan | None = None
    if form.validate_on_submit():
        wish = form.wish()
        try:
            plan = asking.look_ahead(ctx, wish, offered_activities(ctx))
            if plan.held and form.seen.data == _seen(wish, plan):
                standing = ask(wish)
                flash(_("包括了承を申し込みました。所属長の了承を待ちます。"), "success")
                return redirect(url_for("ledger.standing", standing_id=standing.id), code=303)
            form.seen.data = _seen(wish, plan)
        except AlreadyAsked as error:
            form.refuse(error)
            form.form_key.data = new_key()
        except DomainError as error:
            form.refuse(_in_form(error))
    page = render_template("ledger/standing_ask.html", form=form, plan=plan, former=former)
    return (page, 422) if form.errors else page


def _in_form(error: DomainError) -> DomainError:
    """Return the refusal beside the field of this form: rules speak of others."""
    error.field = {"until": "last_day", "rule": "every"}.get(error.field, error.field)
    return error


def _seen(wish: StandingWish, plan: Plan) -> str:
    """Return what changes with whatever was shown: the wish, and what can be held."""
    asked = repr((wish.activity, wish.place, wish.terms, plan.mark))
    return sha256(asked.encode()).hexdigest()


@blueprint.get("/standing/<int:standing_id>", permission="ledger.read")
def standing(standing_id: int) -> str:
    """Show one to its person or to the head who answers it."""
    return _page(standing_id, StandingDecisionForm(key=new_key()), RevokeStandingForm())


def _page(
    standing_id: int, decision_form: StandingDecisionForm, revoke_form: RevokeStandingForm
) -> str:
    ctx = current_context()
    g.charge = charge_of(ctx)  # the menu counts what waits too
    seen = sight.see(ctx, standing_id, g.charge)
    if not seen.mine:
        place_under("ledger.approvals")
    if seen.plan is not None:
        decision_form.seen.data = seen.plan.mark
    return render_template(
        "ledger/standing.html",
        seen=seen,
        decision_form=decision_form,
        revoke_form=revoke_form,
        empty_form=EmptyForm(),
    )


@blueprint.post("/standing/<int:standing_id>/agree", permission="ledger.decide")
def standing_agree(standing_id: int) -> Answer:
    """Agree, to what the head saw."""

    def decide(ctx: Context, form: StandingDecisionForm) -> str:
        try:
            agreed = deciding.agree(
                ctx,
                standing_id,
                key=form.key.data or "",
                seen=form.seen.data or "",
                note=form.note.data or "",
            )
        except HeldChanged:
            form.key.data = new_key()
            raise
        said = ngettext(
            "包括了承の申込みを了承し、%(num)d回、合わせて%(minutes)sを確保しました。",
            "包括了承の申込みを了承し、%(num)d回、合わせて%(minutes)sを確保しました。",
            agreed.held,
            minutes=minutes(agreed.minutes),
        )
        if not agreed.left_out:
            return said
        return said + ngettext(
            "%(num)d回は確保できませんでした。",
            "%(num)d回は確保できませんでした。",
            agreed.left_out,
        )

    return _decide(standing_id, decide)


@blueprint.post("/standing/<int:standing_id>/return", permission="ledger.decide")
def standing_return(standing_id: int) -> Answer:
    """Give it back to talk about it."""

    said = _("「相談して直す」で返しました。")
    return _decide(standing_id, with_word(deciding.return_, standing_id, said))


@blueprint.post("/standing/<int:standing_id>/decline", permission="ledger.decide")
def standing_decline(standing_id: int) -> Answer:
    """Decline it this time."""

    said = _("今回は見送りにしました。")
    return _decide(standing_id, with_word(deciding.decline, standing_id, said))


def _decide(standing_id: int, decide: Callable[[Context, StandingDecisionForm], str]) -> Answer:
    form = StandingDecisionForm()
    return answered(
        form,
        decide,
        back=url_for("ledger.standing", standing_id=standing_id),
        page=lambda: _page(standing_id, form, RevokeStandingForm(formdata=None)),
    )


@blueprint.post("/standing/<int:standing_id>/revoke", permission="ledger.decide")
def standing_revoke(standing_id: int) -> Answer:
    """Call off what is ahead."""
    form, status = RevokeStandingForm(), 422
    if form.validate_on_submit():
        try:
            ending.revoke(current_context(), standing_id, reason=form.reason.data or "")
        except DomainError as error:
            form.refuse(error)
            status = 422 if error.field in form else error.status
        else:
            flash(_("これからの予定を取りやめました。"), "success")
            return redirect(url_for("ledger.standing", standing_id=standing_id), code=303)
    decision = StandingDecisionForm(key=new_key(), formdata=None)
    return _page(standing_id, decision, form), status


@blueprint.post("/standing/<int:standing_id>/withdraw", permission="ledger.ask")
def standing_withdraw(standing_id: int) -> Answer:
    """Take it back, with what is ahead."""
    ending.withdraw(current_context(), standing_id)
    flash(_("包括了承を取り下げました。"), "success")
    return redirect(url_for("ledger.standing", standing_id=standing_id), code=303)
