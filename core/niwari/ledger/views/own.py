"""わたしの20%: the month, asking, and what becomes of an own request."""

from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.clock import tokyo_wall_time
from niwari.context import Context
from niwari.errors import DomainError
from niwari.ledger import overview, sight
from niwari.ledger.arranged import freeze_of
from niwari.ledger.asking import after_fact, requests
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.attending import absence
from niwari.ledger.deciding import avoided
from niwari.ledger.deciding.approvers import charge_of, tree_now
from niwari.ledger.deciding.people import people_answering
from niwari.ledger.errors import AlreadyAsked, AlreadyDecided
from niwari.ledger.forms.asking import OfferAgainForm, RequestForm
from niwari.ledger.forms.deciding import DecisionForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.models import Request, State
from niwari.ledger.recording import recording
from niwari.ledger.reports.disposed import disposed_label
from niwari.ledger.settings import choices_of
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.ledger.ways import lengths
from niwari.ledger.worktime import PeriodKind, parse_period, period_of
from niwari.pages.forms import Form, current_context
from niwari.pages.parts import offered_activities
from niwari.pages.texts import gettext as _
from niwari.pages.wording import minutes
from niwari.written import new_key


@blueprint.get("/", permission="ledger.read")
def month() -> str:
    """Show one period of the acting person's ledger, else the present one.

    ``?month=2026-11`` names it by a key, ``?day=2026-11-18`` by one of its days.
    """
    ctx = current_context()
    shown = overview.month_of(ctx, _wanted_day(ctx))
    first = max(ctx.today, shown.period.starts_on)
    return render_template(
        "ledger/month.html",
        month=shown,
        avoided=avoided.of_person(ctx, first, shown.period.ends_on),
        frozen=freeze_of(ctx.municipality),
        choices=choices_of(ctx),
        disposed_label=disposed_label,
    )


def _wanted_day(ctx: Context) -> date:
    try:
        if "day" in request.args:
            day = date.fromisoformat(request.args["day"])
        else:
            day = parse_period(request.args.get("month", "")).starts_on
        parse_period(period_of(PeriodKind.FISCAL_YEAR, day).key)  # the year's line stands beside it
    except ValueError:  # a PeriodError is one
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
            flash(_asked(wanted), "success")
            return redirect(url_for("ledger.show", request_id=wanted.id), code=303)
    return _request_page(ctx, form, None)


def _asked(wanted: Request) -> str:
    if wanted.oral_answer:
        return _("口頭の了承を書きとめ、時間を確保しました。所属長があとから確かめます。")
    return _("申し込みました。所属長の了承を待ちます。")


def _request_form(ctx: Context, **values: object) -> RequestForm:
    now = tokyo_wall_time(ctx.now)
    said = {"oral_day": now.date(), "oral_time": now.time().replace(second=0, microsecond=0)}
    form = RequestForm(form_key=new_key(), data={"work_date": ctx.today, **said, **values})
    form.offer(offered_activities(ctx).values(), ctx.locale)
    choices = choices_of(ctx)
    form.offer_travel(used=choices.travel)
    tree = tree_now(ctx)
    # The menu of a head counts what waits: who answers where is not asked twice.
    g.charge = charge_of(ctx, tree)
    form.offer_oral(people_answering(ctx, tree) if choices.oral else ())
    form.offer_after_fact(offered=choices.after_fact or "after_fact" in values)
    return form


def _request_page(ctx: Context, form: Form, again: Request | None) -> Answer:
    page = render_template(
        "ledger/ask.html",
        form=form,
        month=overview.rest_of(ctx, ctx.today),
        again=again,
        frozen=freeze_of(ctx.municipality),
        may_ask_together=choices_of(ctx).joint,
        over_since=after_fact.first_day(ctx),
        over_days=choices_of(ctx).after_fact_days,
        travel_counts=choices_of(ctx).travel_counts,
        avoided=avoided.of_person(ctx, ctx.today, ctx.today + avoided.AHEAD),
    )
    return (page, 422) if request.method == "POST" else page


@blueprint.route(
    "/requests/<int:request_id>/again", methods=("GET", "POST"), permission="ledger.ask"
)
def ask_again(request_id: int) -> Answer:
    """Change a returned request and put it to the head again."""
    ctx = current_context()
    former = sight.own(ctx, request_id)
    if request.method == "GET" and former.state != State.RETURNED:
        raise AlreadyDecided
    if former.source_kind is not None:
        return _ask_again_as_offered(ctx, former)
    form = _request_form(
        ctx,
        activity=former.activity,
        purpose=former.purpose,
        place=former.place,
        work_date=former.work_date,
        how="interval" if former.starts_at else "minutes",
        minutes=former.minutes,
        **sight.wall_times(former),
        **({"after_fact": True} if former.after_fact else {}),
        **{f"travel_{way}": minutes for way, minutes in lengths(former).items()},
    )
    if form.validate_on_submit() and _asked_again(ctx, former, form, form.wish()):
        return redirect(url_for("ledger.show", request_id=request_id), code=303)
    return _request_page(ctx, form, former)


def _ask_again_as_offered(ctx: Context, former: Request) -> Answer:
    form = OfferAgainForm.of(former)
    if form.validate_on_submit() and _asked_again(ctx, former, form, form.wish(former)):
        return redirect(url_for("ledger.show", request_id=former.id), code=303)
    return _request_page(ctx, form, former)


def _asked_again(ctx: Context, former: Request, form: Form, wish: Wish) -> bool:
    try:
        requests.ask_again(ctx, former.id, wish, offered_activities(ctx))
    except DomainError as error:
        form.refuse(error)
        return False
    flash(_("直して、もう一度申し込みました。"), "success")
    return True


@blueprint.post("/requests/<int:request_id>/withdraw", permission="ledger.ask")
def withdraw(request_id: int) -> Response:
    """Take a request back."""
    requests.withdraw(current_context(), request_id)
    flash(_("取り下げました。"), "success")
    return redirect(url_for("ledger.month"), code=303)


@blueprint.post("/requests/<int:request_id>/cancel", permission="ledger.ask")
def cancel(request_id: int) -> Response:
    """Say that one is absent."""
    absence.cancel(current_context(), request_id)
    flash(_("欠席を伝えました。時間は枠に戻りました。"), "success")
    return redirect(url_for("ledger.show", request_id=request_id), code=303)


@blueprint.post("/requests/<int:request_id>/record", permission="ledger.ask")
def record(request_id: int) -> Answer:
    """Record what was done."""
    form = RecordForm()
    if form.validate_on_submit():
        try:
            amount = form.minutes.data or 0
            done = recording.record(current_context(), request_id, minutes=amount)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_recorded(done, amount), "success")
            return redirect(url_for("ledger.show", request_id=request_id), code=303)
    return request_page(request_id, form, DecisionForm(key=new_key(), formdata=None)), 422


def _recorded(done: Request, amount: int) -> str:
    beyond = amount - done.agreed_minutes
    if beyond > 0:
        return _(
            "記録しました。了承より長い%(beyond)sは、所属長が確かめます。", beyond=minutes(beyond)
        )
    return _("記録しました。")
