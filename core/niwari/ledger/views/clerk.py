"""代理入力: what a section clerk enters for others, and what they say to it."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for

from niwari.context import Context
from niwari.errors import DomainError
from niwari.ledger.asking import after_fact, objecting, served
from niwari.ledger.asking import entering as clerks
from niwari.ledger.asking.entering import LinesRefused
from niwari.ledger.asking.refusals import RefusedTooOften
from niwari.ledger.asking.served import Served
from niwari.ledger.deciding.approvers import tree_now
from niwari.ledger.forms.clerk import EntryForm, ObjectionForm, RecordsForm, Summary
from niwari.ledger.forms.deciding import DecisionForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.models import Request
from niwari.ledger.settings import choices_of
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.pages.forms import current_context
from niwari.pages.parts import offered_activities, place_under
from niwari.pages.texts import gettext as _
from niwari.pages.texts import ngettext
from niwari.specs.contributions import Activity
from niwari.written import new_key


@blueprint.route("/entering", methods=("GET", "POST"), permission="ledger.enter")
def entering() -> Answer:
    """Enter requests for several people of the clerk's sections at once."""
    ctx = current_context()
    form, offered = EntryForm(), _offered(ctx)
    people = _offer(ctx, form, offered)
    if "more" not in request.form and form.validate_on_submit():
        try:
            entered = clerks.enter(ctx, [line.line() for line in form.used], offered)
        except LinesRefused as error:
            form.refuse_lines(error.refusals)
        except RefusedTooOften as error:
            form.refuse(error)
        else:
            _say_entered(entered)
            return redirect(url_for("ledger.entering"), code=303)
    page = _entry_page(ctx, form, None, people)
    return (page, 422) if Summary(form, form.lines).errors else page


def _say_entered(entered: Sequence[Request]) -> None:
    oral = sum(one.oral_answer is not None for one in entered)
    waiting = len(entered) - oral
    if waiting:
        said = ngettext(
            "%(num)d件を代理入力しました。所属長の了承を待ちます。",
            "%(num)d件を代理入力しました。所属長の了承を待ちます。",
            waiting,
        )
        flash(said, "success")
    if oral:
        said = ngettext(
            "口頭の了承がある%(num)d件を代理入力し、時間を確保しました。所属長があとから確かめます。",
            "口頭の了承がある%(num)d件を代理入力し、時間を確保しました。所属長があとから確かめます。",
            oral,
        )
        flash(said, "success")


@blueprint.post("/entering/records", permission="ledger.enter")
def enter_records() -> Answer:
    """Record what was done of what the clerk entered and the head agreed to."""
    ctx = current_context()
    lines = clerks.entered_by_me(ctx)
    records = RecordsForm()
    records.offer(line for line in lines if line.may_record)
    if records.validate_on_submit():
        try:
            clerks.enter_records(ctx, records.minutes)
        except LinesRefused as error:
            records.refuse_lines(error.refusals)
        else:
            flash(_("代理で記録しました。本人に知らせます。"), "success")
            return redirect(url_for("ledger.entering"), code=303)
    form = EntryForm(formdata=None)
    people = _offer(ctx, form, _offered(ctx))
    return _entry_page(ctx, form, records, people), 422


def _offer(ctx: Context, form: EntryForm, offered: Mapping[str, Activity]) -> list[Served]:
    """Fill the choices of the table; returns for whom the clerk enters."""
    tree = tree_now(ctx)
    people = served.people_served(ctx, tree)
    oral = served.oral_choices(ctx, people, tree)
    form.offer(ctx, people, offered.values(), oral, after_fact=choices_of(ctx).after_fact)
    return people


def _offered(ctx: Context) -> dict[str, Activity]:
    """Return the activities but the discreet ones: which of those it is is the person's alone (L14)."""
    return {code: one for code, one in offered_activities(ctx).items() if not one.discreet}


def _entry_page(
    ctx: Context, form: EntryForm, records: RecordsForm | None, people: Sequence[Served]
) -> str:
    lines = clerks.entered_by_me(ctx, people)
    if records is None:
        records = RecordsForm(formdata=None)
        records.offer(line for line in lines if line.may_record)
    return render_template(
        "ledger/entering.html",
        form=form,
        summary=Summary(form, form.lines),
        has_people=bool(people),
        over_since=after_fact.first_day(ctx),
        entered=lines,
        records=records,
        records_summary=Summary(records, records.amounts.values()),
    )


@blueprint.post("/requests/<int:request_id>/object", permission="ledger.ask")
def object_to(request_id: int) -> Answer:
    """Say that what was entered is not right."""
    form = ObjectionForm()
    if form.validate_on_submit():
        try:
            objecting.object_to(current_context(), request_id, text=form.objection.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("異議を、所属長と入力した職員に伝えました。"), "success")
            return redirect(url_for("ledger.show", request_id=request_id), code=303)
    page = request_page(
        request_id,
        RecordForm(formdata=None),
        DecisionForm(key=new_key(), formdata=None),
        objection_form=form,
    )
    return page, 422


@blueprint.get("/objections", permission="ledger.decide")
def objections() -> str:
    """Show the head what people object to of what was entered for them."""
    place_under("ledger.approvals")
    found = objecting.objections(current_context())
    return render_template("ledger/objections.html", found=found)
