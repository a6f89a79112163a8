"""The pages."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import REGION, Blueprint, DomainError, current_context, prepare_texts, settings_of
from niwari_dummy import service
from niwari_dummy.forms import NoteForm, ReplyForm

blueprint = Blueprint("dummy", __name__)
_NOTE = "/<int:note_id>"


@blueprint.get("/", permission="dummy.read")
def board() -> str:
    """Show the newest notes."""
    ctx = current_context()
    before = min(max(request.args.get("before", 2**31 - 1, type=int), 0), 2**31 - 1)
    return render_template(
        "dummy/board.html",
        notes=service.notes(ctx, before=before),
        settings=settings_of(ctx, "dummy"),
        page=service.PAGE,
    )


@blueprint.route("/new", methods=("GET", "POST"), permission="dummy.write", attachments=True)
def new() -> str | Response | tuple[str, int]:
    """Write a note."""
    form = NoteForm()
    if form.validate_on_submit():
        try:
            note_id = service.write(
                current_context(),
                title=form.title.data or "",
                body=form.body.data or "",
                audience=REGION,
                form_key=form.form_key.data or "",
                uploads=form.files.data,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(url_for("dummy.show", note_id=note_id), code=303)
    page = render_template("dummy/new.html", form=form)
    return (page, 422) if form.is_submitted() else page


@blueprint.get(_NOTE, permission="dummy.read")
def show(note_id: int) -> str:
    """Show a note."""
    return _note_page(note_id, ReplyForm())


@blueprint.post(_NOTE + "/replies", permission="dummy.write")
def reply(note_id: int) -> Response | tuple[str, int]:
    """Answer a note."""
    form = ReplyForm()
    if form.validate_on_submit():
        try:
            service.reply(
                current_context(),
                note_id,
                body=form.body.data or "",
                form_key=form.form_key.data or "",
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return redirect(url_for("dummy.show", note_id=note_id), code=303)
    return _note_page(note_id, form), 422


@blueprint.get("/hours", public="whoever comes by may know when the board is open")
def hours() -> str:
    """Say when it is open."""
    return "dummy: open from 8:30"


def _note_page(note_id: int, form: ReplyForm) -> str:
    note, paused, replies = service.note(current_context(), note_id)
    prepare_texts([note.body, *(reply.body for reply in replies)])
    return render_template(
        "dummy/note.html",
        note=note,
        files=service.files_of(current_context(), note_id),
        paused=paused,
        replies=replies,
        form=form,
    )
