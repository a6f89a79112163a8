"""The pages about sections: parse the form, call one service function, render."""

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
from niwari_mentoring.errors import ChangedMeanwhile, NotOfSection
from niwari_mentoring.forms import AnswerForm, QuestionForm, SectionForm, version_of
from niwari_mentoring.models import SectionProfile
from niwari_mentoring.service import asking, open_day_lists, sections

blueprint = Blueprint("mentoring", __name__)

Answer = Response | tuple[str, int]
# A larger number is no row's: the databases' integer keys end here.
LARGEST = 2**31 - 1
_SECTION = "/sections/<int(max=2147483647):section_profile_id>"
_QUESTION = _SECTION + "/questions/<int(max=2147483647):question_id>"


def whole_number(name: str) -> int:
    """Return a number of the address, 0 where there is none that a row could have."""
    return min(max(request.args.get(name, 0, type=int), 0), LARGEST)


def code(name: str, known: tuple[str, ...]) -> str:
    """Return a code of the address, empty where it is none of ``known``."""
    value = request.args.get(name, "")
    return value if value in known else ""


@blueprint.get("/", permission="mentoring.read")
def sections_page() -> str:
    """Show the profiles of sections."""
    ctx = current_context()
    towns = sections.towns(ctx, SectionProfile)
    town = code("town", tuple(one for one, _name in towns))
    before = whole_number("before")
    page, following = sections.list_profiles(ctx, town=town, before=before)
    return render_template(
        "mentoring/sections.html",
        profiles=page,
        following=following,
        towns=towns,
        town=town,
        is_first=not before,
    )


@blueprint.get("/sections/mine", permission="mentoring.ask")
def edit_section() -> str:
    """Show the form for the profile of the own section."""
    ctx = current_context()
    own = sections.own_profile(ctx)
    return render_template(
        "mentoring/section_form.html", form=SectionForm(ctx, own), own=own, beside=None
    )


@blueprint.post("/sections/mine", permission="mentoring.ask")
def save_section() -> Answer:
    """Write the profile of the own section, then show it."""
    ctx = current_context()
    form = SectionForm(ctx)
    beside = None
    if form.validate_on_submit():
        try:
            id_ = sections.save_profile(ctx, form.written(), base=version_of(form.base))
        except ChangedMeanwhile as error:
            form.refuse(error)
            beside = sections.own_profile(ctx)
            form.base.data = form.base.raw_data = str(beside.version if beside else 0)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("所属の紹介を保存しました。"), "success")
            return redirect(url_for("mentoring.section", section_profile_id=id_), code=303)
    own = sections.own_profile(ctx)
    return render_template("mentoring/section_form.html", form=form, own=own, beside=beside), 422


@blueprint.get(_SECTION, permission="mentoring.read")
def section(section_profile_id: int) -> str:
    """Show a section with its questions; with ``answer`` the form for answering one of them."""
    return _section_page(current_context(), section_profile_id, answered=whole_number("answer"))


@blueprint.post(_SECTION + "/ask", permission="mentoring.ask")
def ask(section_profile_id: int) -> Answer:
    """Ask a section, with one's name or without."""
    ctx = current_context()
    form = QuestionForm()
    if form.validate_on_submit():
        try:
            asked = asking.ask(
                ctx,
                section_profile_id,
                body=form.body.data or "",
                form_key=form.form_key.data or "",
                hide_name=bool(form.hide_name.data),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            if asked is None:
                flash(
                    gettext("名前を出さない質問を受け付けました。15分以内に公開されます。"),
                    "success",
                )
            else:
                flash(gettext("質問しました。答えが届くと、お知らせします。"), "success")
            return _to_section(section_profile_id, asked)
    return _section_page(ctx, section_profile_id, form), 422


@blueprint.post(_QUESTION + "/answers", permission="mentoring.ask")
def answer(section_profile_id: int, question_id: int) -> Answer:
    """Answer a question to the own section."""
    ctx = current_context()
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            said = asking.answer(
                ctx,
                section_profile_id,
                question_id,
                body=form.body.data or "",
                form_key=form.form_key.data or "",
            )
        except DomainError as error:
            form.refuse(error)
        else:
            flash(gettext("答えました。質問した人に知らせました。"), "success")
            return _to_section(section_profile_id, said)
    return _section_page(ctx, section_profile_id, form, question_id), 422


@blueprint.post(_SECTION + "/hide", permission="mentoring.ask")
def hide_section(section_profile_id: int) -> Response:
    """Let the head hide the profile of the section, or show it again."""
    hidden = request.form.get("hidden") == "yes"
    sections.hide_profile(current_context(), section_profile_id, hidden=hidden)
    if hidden:
        flash(gettext("表示を止めました。この所属の職員だけに見えます。"), "success")
    else:
        flash(gettext("もう一度表示しました。"), "success")
    return _to_section(section_profile_id)


def _to_section(section_profile_id: int, message_id: int | None = None) -> Response:
    anchor = f"message-{message_id}" if message_id else "questions"
    return redirect(
        url_for("mentoring.section", section_profile_id=section_profile_id, _anchor=anchor),
        code=303,
    )


def _section_page(
    ctx: Context,
    section_profile_id: int,
    form: QuestionForm | AnswerForm | None = None,
    answered: int = 0,
) -> str:
    """Show a section; who works there answers the question ``answered``, where there is one."""
    profile = sections.get_profile(ctx, section_profile_id)
    if not profile.works_here:
        if isinstance(form, AnswerForm):
            raise NotOfSection
        answered = 0
    form = form or (AnswerForm() if answered else QuestionForm())
    before = whole_number("before")
    questions = asking.questions(ctx, profile.id, before)
    prepare_texts((*profile.written, *(one.body for one in questions.said)))
    acts = [
        act
        for act in own_acts(ctx, asking.ASK)
        if act.values.get("section_profile_id") == profile.id
    ]
    return render_template(
        "mentoring/section.html",
        profile=profile,
        open_days=open_day_lists.ahead_of(ctx, profile.id),
        questions=questions,
        acts=acts,
        form=form,
        answered=answered if isinstance(form, AnswerForm) else None,
        is_first=not before,
    )


from niwari_mentoring import (  # noqa: E402, F401 - they add their pages to the blueprint
    open_day_views,
    pair_views,
    practice_views,
    profile_views,
)
