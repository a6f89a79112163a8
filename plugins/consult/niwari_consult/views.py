"""The pages of consult: parse the form, call one service function, render."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import (
    Blueprint,
    Context,
    DomainError,
    current_context,
    gettext,
    own_acts,
    prepare_texts,
)
from niwari_consult.forms import AnswerForm, AskForm
from niwari_consult.service import posting
from niwari_consult.service.hiding import ACCEPT, ANSWER, ASK
from niwari_consult.service.listing import Tab, list_questions
from niwari_consult.service.thread import get_thread, page_of
from niwari_consult.topics import TOPICS

blueprint = Blueprint("consult", __name__)

# A larger number is no row's: the databases' integer keys end here.
_QUESTION = "/<int(max=2147483647):question_id>"
_LARGEST = 2147483647


def whole_number(name: str) -> int:
    """Return a number of the address; 0 for anything that no row has."""
    return min(max(request.args.get(name, 0, type=int), 0), _LARGEST)


@blueprint.get("/", permission="consult.read")
def questions() -> str:
    """Show everybody's questions."""
    return _list_page(Tab.EVERYONE)


@blueprint.get("/waiting", permission="consult.read")
def waiting() -> str:
    """Show the questions that nobody has answered yet."""
    return _list_page(Tab.WAITING)


@blueprint.get("/mine", permission="consult.read")
def mine() -> str:
    """Show the acting person's own questions."""
    return _list_page(Tab.MINE)


def _list_page(tab: Tab) -> str:
    ctx = current_context()
    topic, after = request.args.get("topic", ""), request.args.get("after", "")
    return render_template(
        "consult/questions.html",
        listing=list_questions(ctx, tab, topic=topic, after=after),
        acts=own_acts(ctx, ASK, ANSWER, ACCEPT) if tab is Tab.MINE and not after else (),
        tab=tab,
        topic=topic,
        topics=TOPICS,
        first_page=not after,
    )


@blueprint.get("/ask", permission="consult.ask")
def new_question() -> str:
    """Show the form for a question."""
    return render_template("consult/ask.html", form=AskForm(current_context()))


@blueprint.post("/ask", permission="consult.ask", attachments=True)
def ask() -> Response | tuple[str, int]:
    """Post a question, then show it."""
    ctx = current_context()
    form = AskForm(ctx)
    if form.validate_on_submit():
        try:
            posted = posting.ask(
                ctx,
                topic=form.topic.data,
                title=form.title.data or "",
                text=form.text(),
                audience=form.audience.data,
                form_key=form.form_key.data or "",
                hide_name=bool(form.hide_name.data),
                uploads=form.files.data,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            if posted.waits:
                flash(
                    gettext("名前を出さない相談を受け付けました。15分以内に公開されます。"),
                    "success",
                )
                return redirect(url_for("consult.mine"), code=303)
            if posted.new:
                flash(gettext("相談しました。回答が付くと、この画面に出ます。"), "success")
            else:
                flash(gettext("この相談は、もう届いています。二重には投稿されません。"), "info")
            return redirect(url_for("consult.thread", question_id=posted.id), code=303)
    return render_template("consult/ask.html", form=form), 422


@blueprint.get(_QUESTION, permission="consult.read")
def thread(question_id: int) -> str:
    """Show a question with its answers."""
    return _thread_page(current_context(), question_id, AnswerForm())


@blueprint.post(_QUESTION + "/answers", permission="consult.answer")
def answer(question_id: int) -> Response | tuple[str, int]:
    """Post an answer, then show it in its thread."""
    ctx = current_context()
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            posted = posting.answer(
                ctx,
                question_id,
                body=form.body.data or "",
                form_key=form.form_key.data or "",
                hide_name=bool(form.hide_name.data),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            if posted.waits:
                flash(
                    gettext("名前を出さない回答を受け付けました。15分以内に公開されます。"),
                    "success",
                )
                return redirect(url_for("consult.thread", question_id=question_id), code=303)
            if posted.new:
                flash(gettext("回答しました。ありがとうございます。"), "success")
            else:
                flash(gettext("この回答は、もう届いています。二重には投稿されません。"), "info")
            return redirect(
                url_for(
                    "consult.thread",
                    question_id=question_id,
                    after=page_of(posted.id, posted.answer_count),
                    _anchor=f"answer-{posted.id}",
                ),
                code=303,
            )
    return _thread_page(ctx, question_id, form), 422


@blueprint.post("/accept", permission="consult.ask")
def accept() -> Response:
    """Let the asker say that an answer solved the question.

    Which ones is in the query and never in the path: the access log of ``niwari serve`` has paths beside
    machines, and nobody but the asker accepts.
    """
    question_id, answer_id = (whole_number(name) for name in ("question_id", "answer_id"))
    form_key = request.form.get("form_key", "")
    if posting.accept(current_context(), question_id, answer_id, form_key=form_key):
        flash(gettext("解決にしました。同じことで困った人の助けになります。"), "success")
    else:
        flash(gettext("受け付けました。15分以内に解決になります。"), "success")
    return redirect(url_for("consult.thread", question_id=question_id), code=303)


def _thread_page(ctx: Context, question_id: int, form: AnswerForm) -> str:
    after = whole_number("after")
    thread = get_thread(ctx, question_id, after=after)
    prepare_texts(thread.written())
    if thread.mine and thread.question.hidden and not form.is_submitted():
        form.hide_name.data = (
            True  # whoever asked without a name does not want to be seen by mistake
        )
    return render_template(
        "consult/thread.html", thread=thread, after=after, form=form, accept_key=str(uuid4())
    )
