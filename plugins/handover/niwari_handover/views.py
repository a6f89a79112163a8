"""The pages of handover: parse the form, call one service function, render."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import Blueprint, DomainError, current_context, gettext, prepare_texts
from niwari_handover.forms import DutyForm, HolderForm, NotebookForm
from niwari_handover.service import asking, duties, listing, opening, reading

blueprint = Blueprint("handover", __name__)

# A larger number is no row's: the databases' integer keys end here.
NOTEBOOK = "/notebooks/<int(max=2147483647):notebook_id>"
DUTY = "/duties/<int(max=2147483647):duty_id>"
_LARGEST = 2147483647

Answer = Response | str | tuple[str, int]


def whole_number(name: str) -> int:
    """Return a number of the address; 0 for anything that no row has."""
    return min(max(request.args.get(name, 0, type=int), 0), _LARGEST)


@blueprint.get("/", permission="handover.read")
def notebooks() -> str:
    """Show the notebooks that the acting person sees: the own, those to take over, the section's."""
    ctx = current_context()
    return render_template(
        "handover/notebooks.html",
        listing=listing.list_notebooks(ctx, whole_number("after")),
        is_first=not whole_number("after"),
        may_name=ctx.may(listing.NAME_ANY),
    )


@blueprint.get("/posts", permission="handover.name")
def posts() -> str:
    """Show HR the posts of the municipality, and nothing of what their notebooks say."""
    page, following = listing.list_posts(current_context(), whole_number("after"))
    return render_template("handover/posts.html", posts=page, following=following)


@blueprint.get("/new", permission="handover.write")
def new_notebook() -> str:
    """Show the form for a notebook."""
    return render_template("handover/new.html", form=NotebookForm())


@blueprint.post("/new", permission="handover.write")
def open_notebook() -> Answer:
    """Open a notebook of the own post."""
    form = NotebookForm()
    if form.validate_on_submit():
        try:
            notebook_id = opening.open_notebook(
                current_context(), post=form.post.data or "", form_key=form.form_key.data or ""
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("ノートを作りました。最初の業務を書いてみましょう。"), "success")
            return redirect(url_for("handover.notebook", notebook_id=notebook_id), code=303)
    return render_template("handover/new.html", form=form), 422


@blueprint.get(NOTEBOOK, permission="handover.read")
def notebook(notebook_id: int) -> str:
    """Show a notebook: its duties, to its holder what they lack, and what was asked inside."""
    book = reading.get_book(current_context(), notebook_id)
    before = whole_number("before")
    questions = asking.questions(notebook_id, before)
    prepare_texts([one.text for one in questions.said])
    return render_template(
        "handover/notebook.html", book=book, questions=questions, is_first=not before
    )


@blueprint.get(NOTEBOOK + "/year", permission="handover.read")
def year(notebook_id: int) -> str:
    """Show what is done and due in each month of the fiscal year."""
    book = reading.get_book(current_context(), notebook_id)
    return render_template("handover/year.html", book=book, months=reading.year_of(book))


@blueprint.get(NOTEBOOK + "/print", permission="handover.read")
def printed(notebook_id: int) -> str:
    """Show the whole notebook for A4 paper."""
    book = reading.get_book(current_context(), notebook_id, with_files=True)
    prepare_texts([text for duty in book.duties for text in (duty.steps, duty.trouble)])
    return render_template("handover/print.html", book=book, months=reading.year_of(book))


@blueprint.get(NOTEBOOK + "/duties/new", permission="handover.write")
def new_duty(notebook_id: int) -> str:
    """Show the form for a duty."""
    book = reading.get_own(current_context(), notebook_id)
    return render_template("handover/duty_form.html", form=DutyForm(), notebook=book, duty=None)


@blueprint.post(NOTEBOOK + "/duties/new", permission="handover.write", attachments=True)
def add_duty(notebook_id: int) -> Answer:
    """Write a new duty into a notebook."""
    ctx = current_context()
    form = DutyForm()
    if form.validate_on_submit():
        try:
            duty_id = duties.add_duty(
                ctx,
                notebook_id,
                form.written(),
                form_key=form.form_key.data or "",
                uploads=form.files.data,
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("業務を書きました。"), "success")
            return redirect(url_for("handover.duty", duty_id=duty_id), code=303)
    book = reading.get_own(ctx, notebook_id)
    return render_template("handover/duty_form.html", form=form, notebook=book, duty=None), 422


@blueprint.get(DUTY, permission="handover.read")
def duty(duty_id: int) -> str:
    """Show a duty."""
    page = reading.get_duty(current_context(), duty_id)
    prepare_texts([page.duty.steps, page.duty.trouble])
    return render_template("handover/duty.html", page=page)


@blueprint.get(DUTY + "/edit", permission="handover.write")
def edit_duty(duty_id: int) -> str:
    """Show the form for a duty as it stands."""
    page = reading.get_own_duty(current_context(), duty_id)
    return render_template(
        "handover/duty_form.html",
        form=DutyForm(page.duty),
        notebook=page.notebook,
        duty=page.duty,
        files=page.files,
    )


@blueprint.post(DUTY + "/edit", permission="handover.write", attachments=True)
def save_duty(duty_id: int) -> Answer:
    """Save a duty; where somebody saved it meanwhile, both are shown to be made into one."""
    ctx = current_context()
    form = DutyForm()
    beside = None
    if form.validate_on_submit():
        try:
            duties.save_duty(
                ctx, duty_id, form.written(), base=form.version, uploads=form.files.data
            )
        except duties.ChangedMeanwhile as error:
            form.refuse(error)
            beside = reading.beside(ctx, duty_id, form.written())
            form.base.data = form.base.raw_data = str(beside.version)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("業務を保存しました。前の内容は履歴に残っています。"), "success")
            return redirect(url_for("handover.duty", duty_id=duty_id), code=303)
    page = reading.get_own_duty(ctx, duty_id)
    return render_template(
        "handover/duty_form.html",
        form=form,
        notebook=page.notebook,
        duty=page.duty,
        files=page.files,
        beside=beside,
    ), 422


@blueprint.post(DUTY + "/remove", permission="handover.write")
def remove_duty(duty_id: int) -> Response:
    """Take a duty out of its notebook."""
    duties.remove_duty(current_context(), duty_id, removed=True)
    flash(gettext("ノートから外しました。この画面から戻せます。"), "success")
    return redirect(url_for("handover.duty", duty_id=duty_id), code=303)


@blueprint.post(DUTY + "/restore", permission="handover.write")
def restore_duty(duty_id: int) -> Response:
    """Put a duty back into its notebook."""
    duties.remove_duty(current_context(), duty_id, removed=False)
    flash(gettext("ノートに戻しました。"), "success")
    return redirect(url_for("handover.duty", duty_id=duty_id), code=303)


@blueprint.post(DUTY + "/files/<int(max=2147483647):file_id>/remove", permission="handover.write")
def remove_file(duty_id: int, file_id: int) -> Response:
    """Remove a file of a duty."""
    duties.remove_file(current_context(), duty_id, file_id)
    flash(gettext("添付ファイルを消しました。"), "success")
    return redirect(url_for("handover.duty", duty_id=duty_id), code=303)


@blueprint.get(DUTY + "/history", permission="handover.read")
def history(duty_id: int) -> str:
    """Show every saved version of a duty."""
    found = reading.history(current_context(), duty_id, whole_number("before"))
    return render_template("handover/history.html", history=found)


@blueprint.get(DUTY + "/history/<int(max=2147483647):number>", permission="handover.read")
def change(duty_id: int, number: int) -> str:
    """Show what a version changed."""
    found = reading.get_change(current_context(), duty_id, number)
    return render_template("handover/change.html", change=found)


@blueprint.get(NOTEBOOK + "/holders", permission="handover.read")
def holders(notebook_id: int) -> str:
    """Show who holds and held a post."""
    found = opening.get_holders(current_context(), notebook_id)
    return render_template("handover/holders.html", holders=found, form=HolderForm())


@blueprint.post(NOTEBOOK + "/holders", permission="handover.write")
def add_holder(notebook_id: int) -> Answer:
    """Let somebody hold the post, as the head decides."""
    ctx = current_context()
    form = HolderForm()
    if form.validate_on_submit():
        try:
            opening.add_holder(ctx, notebook_id, form.login.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("担当者を決めました。"), "success")
            return redirect(url_for("handover.holders", notebook_id=notebook_id), code=303)
    found = opening.get_holders(ctx, notebook_id)
    return render_template("handover/holders.html", holders=found, form=form), 422


@blueprint.post("/holders/<int(max=2147483647):holder_id>/end", permission="handover.write")
def end_holder(holder_id: int) -> Response:
    """Take the post from somebody."""
    notebook_id = opening.end_holder(current_context(), holder_id)
    flash(gettext("担当から外しました。"), "success")
    return redirect(url_for("handover.holders", notebook_id=notebook_id), code=303)


@blueprint.post(NOTEBOOK + "/reading", permission="handover.write")
def choose_reading(notebook_id: int) -> Response:
    """Say whether everybody of the section reads its notebooks."""
    members_read = request.form.get("members_read") == "yes"
    opening.choose_reading(current_context(), notebook_id, members_read=members_read)
    flash(gettext("この所属のノートを読める人を変えました。"), "success")
    return redirect(url_for("handover.holders", notebook_id=notebook_id), code=303)


from niwari_handover import handing_views  # noqa: E402, F401 - it adds its pages to the blueprint
