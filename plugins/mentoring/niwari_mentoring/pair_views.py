"""The pages of a pair, for the two alone: the answer, the meetings, the notes, the end."""

from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from niwari.api import Context, DomainError, current_context, gettext, prepare_texts
from niwari_mentoring.pair_forms import MeetingForm, NoteForm, ReplyForm
from niwari_mentoring.service import meetings, notes, pairs, reading
from niwari_mentoring.views import Answer, blueprint, whole_number

_PAIR = "/pairs/<int(max=2147483647):pair_id>"
_MEETING = "/meetings/<int(max=2147483647):meeting_id>"


@blueprint.get("/pairs", permission="mentoring.read")
def my_pairs() -> str:
    """Show the own pairs."""
    before = whole_number("before")
    found, following = reading.list_pairs(current_context(), before)
    return render_template(
        "mentoring/pairs.html", pairs=found, following=following, is_first=not before
    )


@blueprint.get(_PAIR, permission="mentoring.read")
def pair(pair_id: int) -> str:
    """Show a pair to one of the two."""
    return _pair_page(current_context(), pair_id)


@blueprint.post(_PAIR + "/answer", permission="mentoring.pair")
def answer_pair(pair_id: int) -> Answer:
    """Accept to accompany somebody, or decline with a kind word."""
    ctx = current_context()
    form = ReplyForm()
    accepts = request.form.get("answer") == "accept"
    if form.validate_on_submit():
        try:
            if accepts:
                pairs.accept(ctx, pair_id, form.reply.data or "")
            else:
                pairs.decline(ctx, pair_id, form.reply.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            if accepts:
                flash(gettext("引き受けました。最初の面談の日を決めましょう。"), "success")
            else:
                flash(gettext("お返事を送りました。"), "success")
            return _to_pair(pair_id)
    return _pair_page(ctx, pair_id, reply=form), 422


@blueprint.post(_PAIR + "/withdraw", permission="mentoring.pair")
def withdraw_pair(pair_id: int) -> Response:
    """Take the own request back."""
    pairs.withdraw(current_context(), pair_id)
    flash(gettext("お願いを取り下げました。"), "success")
    return redirect(url_for("mentoring.my_pairs"), code=303)


@blueprint.post(_PAIR + "/end", permission="mentoring.pair")
def end_pair(pair_id: int) -> Response:
    """End a pair, without a reason."""
    pairs.end(current_context(), pair_id)
    flash(
        gettext(
            "ペアを終えました。これからの面談は取りやめになりました。"
            "時間を申し込んであるときは、台帳で取り下げてください。"
        ),
        "success",
    )
    return redirect(url_for("mentoring.my_pairs"), code=303)


@blueprint.post(_PAIR + "/meetings", permission="mentoring.pair")
def plan_meeting(pair_id: int) -> Answer:
    """Set a meeting of a pair."""
    ctx = current_context()
    form = MeetingForm()
    if form.validate_on_submit():
        try:
            meeting_id = meetings.plan(
                ctx, pair_id, form.planned(), form_key=form.form_key.data or ""
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("面談を決めました。二人のカレンダーに入りました。"), "success")
            return redirect(url_for("mentoring.meeting", meeting_id=meeting_id), code=303)
    return _pair_page(ctx, pair_id, planning=form), 422


@blueprint.post(_PAIR + "/notes", permission="mentoring.pair")
def write_note(pair_id: int) -> Answer:
    """Write a note for the two."""
    ctx = current_context()
    form = NoteForm()
    if form.validate_on_submit():
        try:
            notes.write(ctx, pair_id, text=form.text.data or "", form_key=form.form_key.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("メモを残しました。二人だけに見えます。"), "success")
            return _to_pair(pair_id, "notes")
    return _pair_page(ctx, pair_id, note=form), 422


@blueprint.post(_PAIR + "/notes/<int(max=2147483647):note_id>/remove", permission="mentoring.pair")
def remove_note(pair_id: int, note_id: int) -> Response:
    """Remove one of one's own notes."""
    notes.remove(current_context(), pair_id, note_id)
    flash(gettext("メモを消しました。"), "success")
    return _to_pair(pair_id, "notes")


@blueprint.get(_MEETING, permission="mentoring.read")
def meeting(meeting_id: int) -> str:
    """Show a meeting to one of the two."""
    return _meeting_page(current_context(), meeting_id)


@blueprint.post(_MEETING, permission="mentoring.pair")
def move_meeting(meeting_id: int) -> Answer:
    """Give a meeting another time, place or topic."""
    ctx = current_context()
    form = MeetingForm()
    if form.validate_on_submit():
        try:
            meetings.move(ctx, meeting_id, form.planned())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("面談を直しました。相手に知らせました。"), "success")
            return redirect(url_for("mentoring.meeting", meeting_id=meeting_id), code=303)
    return _meeting_page(ctx, meeting_id, form), 422


@blueprint.post(_MEETING + "/call-off", permission="mentoring.pair")
def call_off_meeting(meeting_id: int) -> Response:
    """Call a meeting off."""
    pair_id = meetings.call_off(current_context(), meeting_id)
    flash(gettext("面談を取りやめました。相手に知らせました。"), "success")
    return _to_pair(pair_id)


@blueprint.post(_MEETING + "/time", permission="mentoring.pair")
def ask_meeting_time(meeting_id: int) -> Answer:
    """Ask the own head for the time of a meeting, by one tap."""
    ctx = current_context()
    try:
        meetings.ask_for_time(ctx, meeting_id, form_key=request.form.get("form_key", ""))
    except DomainError as error:
        form = MeetingForm(reading.get_meeting(ctx, meeting_id))
        form.refuse(error)
        return _meeting_page(ctx, meeting_id, form), 422
    flash(
        gettext("所属長に申し込みました。所属長に見えるのは「学び・相談」と時間だけです。"),
        "success",
    )
    return redirect(url_for("mentoring.meeting", meeting_id=meeting_id), code=303)


def _to_pair(pair_id: int, anchor: str | None = None) -> Response:
    return redirect(url_for("mentoring.pair", pair_id=pair_id, _anchor=anchor), code=303)


def _pair_page(
    ctx: Context,
    pair_id: int,
    *,
    reply: ReplyForm | None = None,
    planning: MeetingForm | None = None,
    note: NoteForm | None = None,
) -> str:
    found = reading.get_pair(ctx, pair_id)
    before = whole_number("before")
    written, following = notes.notes_of(ctx, pair_id, before)
    prepare_texts((found.message, found.reply, *(one.text or "" for one in written)))
    return render_template(
        "mentoring/pair.html",
        pair=found,
        meetings=reading.meetings_of(ctx, pair_id),
        notes=written,
        following=following,
        is_first=not before,
        reply=reply or ReplyForm(),
        planning=planning or MeetingForm(),
        note=note or NoteForm(),
    )


def _meeting_page(ctx: Context, meeting_id: int, form: MeetingForm | None = None) -> str:
    found = reading.get_meeting(ctx, meeting_id)
    return render_template(
        "mentoring/meeting.html",
        meeting=found,
        pair=reading.get_pair(ctx, found.pair_id),
        form=form or MeetingForm(found),
        time_key=str(uuid4()),
    )
