"""持ち帰り: the page of the section, and what a person says for it."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for

from niwari.errors import DomainError
from niwari.ledger.forms.bringing_home import BringHomeForm
from niwari.ledger.forms.deciding import DecisionForm
from niwari.ledger.forms.recording import RecordForm
from niwari.ledger.recording import bringing_home
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.request_page import request_page
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.texts import gettext as _
from niwari.written import new_key


@blueprint.get("/brought-home", permission="ledger.read")
def brought_home() -> str:
    """Show what people of the own section brought home."""
    page = bringing_home.brought_home(current_context(), _after())
    return render_template("ledger/brought_home.html", page=page)


def _after() -> tuple[date, int] | None:
    last = whole_number(request.args.get("last"))
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return None
    return (day, last) if last is not None else None


@blueprint.post("/requests/<int:request_id>/brought-home", permission="ledger.ask")
def bring_home(request_id: int) -> Answer:
    """Keep what was brought home."""
    form = BringHomeForm()
    if form.validate_on_submit():
        try:
            kept = bringing_home.bring_home(current_context(), request_id, form.text.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            said = (
                _("所属の職員が読めるようにしました。")
                if kept.brought_home
                else _("持ち帰りを消しました。")
            )
            flash(said, "success")
            return redirect(url_for("ledger.show", request_id=request_id), code=303)
    decision_form = DecisionForm(key=new_key(), formdata=None)
    return request_page(
        request_id, RecordForm(formdata=None), decision_form, bring_home_form=form
    ), 422
