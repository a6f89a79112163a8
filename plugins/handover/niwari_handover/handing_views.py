"""The pages of a handing over: successor, checklist, confirmations, questions, help."""

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from niwari.api import DomainError, current_context, gettext
from niwari_handover.errors import NotHelper
from niwari_handover.forms import AnswerForm, HelpForm, ItemForm, QuestionForm, SuccessorForm
from niwari_handover.service import asking, checklist, handing, helping, progress, reading
from niwari_handover.service.sight import NAME_ANY
from niwari_handover.views import NOTEBOOK, Answer, blueprint

_ITEM = "/items/<int(max=2147483647):item_id>"


def _back(endpoint: str, notebook_id: int) -> Response:
    return redirect(url_for(endpoint, notebook_id=notebook_id), code=303)


@blueprint.get(NOTEBOOK + "/handing", permission="handover.read")
def handing_over(notebook_id: int) -> str:
    """Show what goes on with a post: who, when, the checklist, what comes next."""
    return _progress_page(notebook_id, ItemForm())


def _progress_page(notebook_id: int, form: ItemForm) -> str:
    ctx = current_context()
    found = progress.get_progress(ctx, notebook_id)
    return render_template("handover/handing.html", progress=found, form=form)


@blueprint.get(NOTEBOOK + "/successor", permission="handover.write")
def successor(notebook_id: int) -> str:
    """Show the form that names a successor, to whom may."""
    post = handing.get_arranged(current_context(), notebook_id)
    return render_template("handover/successor.html", post=post, form=SuccessorForm())


@blueprint.post(NOTEBOOK + "/successor", permission="handover.write")
def name_successor(notebook_id: int) -> Answer:
    """Name a successor, after the 内示."""
    ctx = current_context()
    form = SuccessorForm()
    if form.validate_on_submit():
        try:
            handing.name_successor(
                ctx, notebook_id, form.named(), form_key=form.form_key.data or ""
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(
                gettext("後任を決めました。後任はこのノートを読めるようになりました。"), "success"
            )
            if ctx.may(NAME_ANY):
                return redirect(url_for("handover.posts"), code=303)
            return _back("handover.handing_over", notebook_id)
    post = handing.get_arranged(ctx, notebook_id)
    return render_template("handover/successor.html", post=post, form=form), 422


@blueprint.post(NOTEBOOK + "/call-off", permission="handover.write")
def call_off(notebook_id: int) -> Response:
    """Call off a handing over before its day."""
    handing.call_off(current_context(), notebook_id)
    flash(
        gettext("引継ぎを取りやめました。後任だった職員は、このノートを読めなくなりました。"),
        "success",
    )
    return redirect(url_for("handover.successor", notebook_id=notebook_id), code=303)


@blueprint.post(NOTEBOOK + "/confirm", permission="handover.write")
def confirm(notebook_id: int) -> Response:
    """Let the successor confirm."""
    handing.confirm(current_context(), notebook_id)
    flash(gettext("引継ぎを受けたことを確認しました。次は上司が確認します。"), "success")
    return _back("handover.handing_over", notebook_id)


@blueprint.post(NOTEBOOK + "/approve", permission="handover.write")
def approve(notebook_id: int) -> Response:
    """Let the superior confirm."""
    handing.approve(current_context(), notebook_id)
    flash(gettext("上司として引継ぎを確認しました。"), "success")
    return _back("handover.handing_over", notebook_id)


@blueprint.post(NOTEBOOK + "/items", permission="handover.write")
def add_item(notebook_id: int) -> Answer:
    """Add a line to the checklist."""
    form = ItemForm()
    if form.validate_on_submit():
        try:
            checklist.add_item(
                current_context(), notebook_id, form.lined(), form_key=form.form_key.data or ""
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("確認事項を足しました。"), "success")
            return _back("handover.handing_over", notebook_id)
    return _progress_page(notebook_id, form), 422


@blueprint.get(_ITEM, permission="handover.write")
def item(item_id: int) -> str:
    """Show the form for a line of the checklist."""
    found = checklist.get_item(current_context(), item_id)
    form = ItemForm()
    form.text.data, form.due_on.data = found.text, found.due_on
    return render_template("handover/item.html", item=found, form=form)


@blueprint.post(_ITEM, permission="handover.write")
def change_item(item_id: int) -> Answer:
    """Write a line of the checklist anew."""
    ctx = current_context()
    form = ItemForm()
    if form.validate_on_submit():
        try:
            notebook_id = checklist.change_item(ctx, item_id, form.lined())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("確認事項を直しました。"), "success")
            return _back("handover.handing_over", notebook_id)
    found = checklist.get_item(ctx, item_id)
    return render_template("handover/item.html", item=found, form=form), 422


@blueprint.post(_ITEM + "/tick", permission="handover.write")
def tick_item(item_id: int) -> Response:
    """Say that a line is done."""
    return _back(
        "handover.handing_over", checklist.tick_item(current_context(), item_id, done=True)
    )


@blueprint.post(_ITEM + "/untick", permission="handover.write")
def untick_item(item_id: int) -> Response:
    """Say that a line is not done after all."""
    return _back(
        "handover.handing_over", checklist.tick_item(current_context(), item_id, done=False)
    )


@blueprint.post(
    NOTEBOOK + "/items/<int(max=2147483647):item_id>/remove", permission="handover.write"
)
def remove_item(notebook_id: int, item_id: int) -> Response:
    """Take a line out of the checklist."""
    checklist.remove_item(current_context(), notebook_id, item_id)
    flash(gettext("確認事項を消しました。"), "success")
    return _back("handover.handing_over", notebook_id)


@blueprint.get(NOTEBOOK + "/ask", permission="handover.write")
def new_question(notebook_id: int) -> str:
    """Show the form for a question."""
    book = reading.get_book(current_context(), notebook_id)
    form = QuestionForm(book.duties)
    return render_template("handover/ask.html", notebook=book.notebook, form=form)


@blueprint.post(NOTEBOOK + "/ask", permission="handover.write")
def ask(notebook_id: int) -> Answer:
    """Ask about a notebook."""
    ctx = current_context()
    book = reading.get_book(ctx, notebook_id)
    form = QuestionForm(book.duties)
    if form.validate_on_submit():
        try:
            asking.ask(
                ctx,
                notebook_id,
                text=form.text.data or "",
                duty_id=form.duty_id,
                form_key=form.form_key.data or "",
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("質問しました。担当者と前任に知らせました。"), "success")
            return redirect(
                url_for("handover.notebook", notebook_id=notebook_id, _anchor="questions"), code=303
            )
    return render_template("handover/ask.html", notebook=book.notebook, form=form), 422


@blueprint.get("/questions/<int(max=2147483647):question_id>/answer", permission="handover.write")
def new_answer(question_id: int) -> str:
    """Show the form for an answer, below its question."""
    notebook, question = asking.get_question(current_context(), question_id)
    return render_template(
        "handover/answer.html", notebook=notebook, question=question, form=AnswerForm()
    )


@blueprint.post("/questions/<int(max=2147483647):question_id>/answer", permission="handover.write")
def answer(question_id: int) -> Answer:
    """Answer a question."""
    ctx = current_context()
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            notebook_id = asking.answer(
                ctx, question_id, text=form.text.data or "", form_key=form.form_key.data or ""
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("答えました。質問した人に知らせました。"), "success")
            return redirect(
                url_for("handover.notebook", notebook_id=notebook_id, _anchor="questions"), code=303
            )
    notebook, question = asking.get_question(ctx, question_id)
    return render_template(
        "handover/answer.html", notebook=notebook, question=question, form=form
    ), 422


@blueprint.get(NOTEBOOK + "/help", permission="handover.write")
def help_page(notebook_id: int) -> Response | str:
    """Show the predecessor the form for time to help, in the first year."""
    try:
        found = helping.get_help(current_context(), notebook_id)
    except NotHelper as error:
        flash(gettext(error.text), "info")
        return _back("handover.notebook", notebook_id)
    return render_template("handover/help.html", help=found, form=HelpForm())


@blueprint.post(NOTEBOOK + "/help", permission="handover.write")
def ask_for_help(notebook_id: int) -> Answer:
    """Ask the own head for the time of helping."""
    ctx = current_context()
    form = HelpForm()
    if form.validate_on_submit():
        try:
            helping.ask_for_help(
                ctx,
                notebook_id,
                work_date=form.work_date.data,
                minutes=form.minutes.data,
                purpose=form.purpose.data or "",
                form_key=form.form_key.data or "",
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("申し込みました。今の所属長の了承を待ちます。"), "success")
            return _back("handover.help_page", notebook_id)
    found = helping.get_help(ctx, notebook_id)
    return render_template("handover/help.html", help=found, form=form), 422
