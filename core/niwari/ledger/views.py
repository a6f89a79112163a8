"""わたしの20% and the head's list."""

from collections.abc import Callable
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.context import Context
from niwari.errors import DomainError
from niwari.host.blueprint import Blueprint
from niwari.ledger import decisions, overview, requests, sight
from niwari.ledger.errors import AlreadyAsked, AlreadyDecided
from niwari.ledger.forms import DecisionForm, EmptyForm, RecordForm, RequestForm, new_key
from niwari.ledger.models import State
from niwari.ledger.worktime import PeriodError, PeriodKind, parse_period, period_of
from niwari.pages.forms import current_context
from niwari.pages.parts import offered_activities, place_under
from niwari.pages.texts import gettext as _

blueprint = Blueprint("ledger", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/", permission="ledger.read")
def month() -> str:
    """Show one month of the acting person's ledger: ``?month=2026-11``, else the present one."""
    ctx = current_context()
    return render_template("ledger/month.html", month=overview.month_of(ctx, _wanted_day(ctx)))


def _wanted_day(ctx: Context) -> date:
    try:
        day = parse_period(request.args.get("month", "")).starts_on
        parse_period(period_of(PeriodKind.FISCAL_YEAR, day).key)  # the year's line stands beside it
    except PeriodError:
        return ctx.today
    return day


@blueprint.route("/requests/new", methods=("GET", "POST"), permission="ledger.ask")
def ask() -> Answer:
    """Ask for 20% time."""
    ctx = current_context()
    form = _request_form(ctx)
    if form.validate_on_submit():
        try:
            wanted = requests.ask(ctx, form.wish(), offered_activities(ctx))
        except AlreadyAsked as error:
            form.refuse(error)
            form.form_key.data = new_key()
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("申し込みました。所属長の了承を待ちます。"), "success")
            return redirect(url_for("ledger.show", request_id=wanted.id), code=303)
    return _request_page(ctx, form, None)


def _request_form(ctx: Context, **values: object) -> RequestForm:
    form = RequestForm(form_key=new_key(), data={"work_date": ctx.today, **values})
    form.offer(offered_activities(ctx).values(), ctx.locale)
    return form


def _request_page(ctx: Context, form: RequestForm, again: int | None) -> Answer:
    page = render_template(
        "ledger/ask.html",
        form=form,
        month=overview.month_of(ctx, ctx.today, with_year=False),
        again=again,
    )
    return (page, 422) if request.method == "POST" else page


@blueprint.get("/requests/<int:request_id>", permission="ledger.read")
def show(request_id: int) -> str:
    """Show one request to its person or to the head who answers it."""
    return _show(request_id, RecordForm(), DecisionForm(key=new_key()))


def _show(request_id: int, record_form: RecordForm, decision_form: DecisionForm) -> str:
    seen = sight.see(current_context(), request_id)
    if not seen.mine:
        place_under("ledger.approvals")
    if record_form.minutes.data is None and seen.request.agreed_minutes:
        record_form.minutes.data = seen.request.agreed_minutes
    return render_template(
        "ledger/request.html",
        seen=seen,
        record_form=record_form,
        decision_form=decision_form,
        empty_form=EmptyForm(),
    )


@blueprint.route(
    "/requests/<int:request_id>/again", methods=("GET", "POST"), permission="ledger.ask"
)
def ask_again(request_id: int) -> Answer:
    """Change a returned request and put it to the head again."""
    ctx = current_context()
    former = sight.own(ctx, request_id)
    if request.method == "GET" and former.state != State.RETURNED:
        raise AlreadyDecided
    form = _request_form(
        ctx,
        activity=former.activity,
        purpose=former.purpose,
        place=former.place,
        work_date=former.work_date,
        how="interval" if former.starts_at else "minutes",
        minutes=former.minutes,
        **sight.wall_times(former),
    )
    if form.validate_on_submit():
        try:
            requests.ask_again(ctx, request_id, form.wish(), offered_activities(ctx))
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("直して、もう一度申し込みました。"), "success")
            return redirect(url_for("ledger.show", request_id=request_id), code=303)
    return _request_page(ctx, form, request_id)


@blueprint.post("/requests/<int:request_id>/withdraw", permission="ledger.ask")
def withdraw(request_id: int) -> Response:
    """Take a request back."""
    requests.withdraw(current_context(), request_id)
    flash(_("取り下げました。"), "success")
    return redirect(url_for("ledger.month"), code=303)


@blueprint.post("/requests/<int:request_id>/record", permission="ledger.ask")
def record(request_id: int) -> Answer:
    """Record what was done."""
    form = RecordForm()
    if form.validate_on_submit():
        try:
            decisions.record(current_context(), request_id, minutes=form.minutes.data or 0)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("記録しました。"), "success")
            return redirect(url_for("ledger.show", request_id=request_id), code=303)
    return _show(request_id, form, DecisionForm(key=new_key(), formdata=None)), 422


@blueprint.get("/approvals", permission="ledger.decide")
def approvals() -> str:
    """Show the head what waits, and what others answered in the head's place."""
    return render_template(
        "ledger/approvals.html",
        waiting=overview.waiting_for(current_context()),
        reviewed=overview.answered_in_my_place(current_context()),
        new_key=new_key,
        form=EmptyForm(),
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

    def decide(ctx: Context, form: DecisionForm) -> str:
        decisions.return_(ctx, request_id, key=form.key.data or "", note=form.note.data or "")
        return _("「相談して直す」で返しました。")

    return _decide(request_id, decide)


@blueprint.post("/requests/<int:request_id>/decline", permission="ledger.decide")
def decline(request_id: int) -> Answer:
    """Decline the request this time."""

    def decide(ctx: Context, form: DecisionForm) -> str:
        decisions.decline(ctx, request_id, key=form.key.data or "", note=form.note.data or "")
        return _("今回は見送りにしました。")

    return _decide(request_id, decide)


def _decide(request_id: int, decide: Callable[[Context, DecisionForm], str]) -> Answer:
    """Run a decision and go back to the list, or show its refusal on the request's page.

    Whoever may not even see the request gets 404, as everywhere.
    """
    form = DecisionForm()
    status = 422
    if form.validate_on_submit():
        try:
            said = decide(current_context(), form)
        except DomainError as error:
            form.refuse(error)
            status = 422 if error.field in form else error.status
        else:
            flash(said, "success")
            return redirect(url_for("ledger.approvals"), code=303)
    return _show(request_id, RecordForm(formdata=None), form), status
