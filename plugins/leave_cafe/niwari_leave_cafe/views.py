"""The pages of the leave cafe: parse the form, call one service function, render."""

from dataclasses import asdict

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from niwari.api import (
    Blueprint,
    Context,
    DomainError,
    Invalid,
    current_context,
    gettext,
    new_key,
    own_acts,
    prepare_texts,
)
from niwari_leave_cafe.dates import calendar_file
from niwari_leave_cafe.dates.drawing import charts
from niwari_leave_cafe.dates.planning import Plan, Rules
from niwari_leave_cafe.dates.schemes import (
    EMPLOYMENT_LABELS,
    EMPLOYMENTS,
    PARENT_LABELS,
    PARENTS,
    SCHEME_LABELS,
    SCHEMES,
)
from niwari_leave_cafe.dates_form import DatesForm
from niwari_leave_cafe.experience_form import ChangeForm, ExperienceForm
from niwari_leave_cafe.service import changing, dates, in_force, reading, writing
from niwari_leave_cafe.texts import FIRST_YEAR

blueprint = Blueprint("leave_cafe", __name__)

_LARGEST = 2147483647
_EXPERIENCE = f"/experiences/<int(max={_LARGEST}):experience_id>"


@blueprint.get("/", permission="leave_cafe.read")
def start() -> str:
    """Show the form for dates."""
    ctx = current_context()
    return _dates_page(DatesForm(ctx), in_force.rules_of_town(ctx))


@blueprint.post("/", permission="leave_cafe.dates")
def work_out() -> str | tuple[str, int]:
    """Show the dates; what was typed is in the page alone."""
    ctx = current_context()
    form, rules = DatesForm(ctx), in_force.rules_of_town(ctx)
    plan = _plan(ctx, form, rules)
    if plan is None:
        return _dates_page(form, rules), 422
    return _dates_page(form, rules, plan)


@blueprint.post("/calendar", permission="leave_cafe.dates")
def calendar() -> Answer | tuple[str, int]:
    """Give the dates as a file for a calendar."""
    ctx = current_context()
    form, rules = DatesForm(ctx), in_force.rules_of_town(ctx)
    plan = _plan(ctx, form, rules)
    if plan is None:
        return _dates_page(form, rules), 422
    content = calendar_file.written(plan, now=ctx.now, locale=ctx.locale)
    answer = Response(content, content_type=f"{calendar_file.MEDIA_TYPE}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{calendar_file.NAME}"'
    return answer


@blueprint.post("/paper", permission="leave_cafe.dates")
def paper() -> str | tuple[str, int]:
    """Show the dates as a sheet of paper."""
    ctx = current_context()
    form, rules = DatesForm(ctx), in_force.rules_of_town(ctx)
    plan = _plan(ctx, form, rules)
    if plan is None:
        return _dates_page(form, rules), 422
    return render_template("leave_cafe/paper.html", plan=plan, charts=charts(plan))


@blueprint.get("/rules", permission="leave_cafe.read")
def rules() -> str:
    """Show the rules in force with their sources; HR confirms them here."""
    return render_template(
        "leave_cafe/rules.html",
        state=in_force.confirmed_rules(current_context()),
        labels=SCHEME_LABELS,
        employments=EMPLOYMENTS,
    )


@blueprint.post("/rules/confirm", permission="leave_cafe.confirm")
def confirm() -> Answer:
    """Let HR confirm the rules in force."""
    in_force.confirm(current_context(), request.form.get("fingerprint", ""))
    flash(gettext("規程を確認しました。断り書きは、もう出ません。"), "success")
    return redirect(url_for("leave_cafe.rules"), code=303)


@blueprint.post("/rules/take-back", permission="leave_cafe.confirm")
def take_back() -> Answer:
    """Let HR take the confirmation back."""
    in_force.take_back(current_context())
    flash(gettext("確認を取り消しました。断り書きが、また出ます。"), "success")
    return redirect(url_for("leave_cafe.rules"), code=303)


@blueprint.get("/experiences", permission="leave_cafe.read")
def experiences() -> str:
    """Show experiences by scheme, parent, employment type and year."""
    ctx = current_context()
    filters = _filters()
    before = min(max(request.args.get("before", 0, type=int), 0), _LARGEST)
    rows, following = reading.found(ctx, filters, before=before)
    return render_template(
        "leave_cafe/experiences.html",
        rows=rows,
        following=following,
        filters=filters,
        schemes=SCHEMES,
        parents=PARENTS,
        employments=EMPLOYMENTS,
        years=range(writing.fiscal_year(ctx), FIRST_YEAR - 1, -1),
        waiting=own_acts(ctx, writing.TASK, changing.CHANGE, changing.WITHDRAW),
    )


@blueprint.get("/experiences/new", permission="leave_cafe.write")
def new_experience() -> str:
    """Show the form for an experience."""
    return render_template("leave_cafe/write.html", form=ExperienceForm(current_context()))


@blueprint.post("/experiences/new", permission="leave_cafe.write")
def write() -> Answer | tuple[str, int]:
    """Post an experience."""
    ctx = current_context()
    form = ExperienceForm(ctx)
    if form.validate_on_submit():
        try:
            posted = writing.write(
                ctx,
                form.written(),
                audience=str(form.audience.data),
                is_hidden=bool(form.hide_name.data),
                key=form.key.data or "",
            )
        except DomainError as error:
            form.refuse(error)
        else:
            return _written(posted)
    return render_template("leave_cafe/write.html", form=form), 422


def _written(posted: writing.Posted) -> Answer:
    if not posted.new:
        flash(gettext("この体験談は、もう届いています。二重には載りません。"), "info")
    elif posted.id is None:
        flash(gettext("受け付けました。名前を出さずに、15分以内に載ります。"), "success")
    else:
        flash(gettext("体験談を載せました。ありがとうございます。"), "success")
    if posted.id is None:
        return redirect(url_for("leave_cafe.experiences"), code=303)
    return redirect(url_for("leave_cafe.experience", experience_id=posted.id), code=303)


@blueprint.get(_EXPERIENCE, permission="leave_cafe.read")
def experience(experience_id: int) -> str:
    """Show one experience."""
    told = reading.one(current_context(), experience_id)
    prepare_texts(told.written)
    return render_template("leave_cafe/experience.html", told=told, key=new_key())


@blueprint.get("/experiences/change", permission="leave_cafe.write")
def change_experience() -> Answer | str:
    """Show the form with one's own experience; without one, the list."""
    ctx = current_context()
    if "experience_id" not in request.args:
        return redirect(url_for("leave_cafe.experiences"))
    own = changing.own(ctx, _own_one())
    return _change_page(own, ChangeForm(ctx, **asdict(own.written)))


@blueprint.post("/experiences/change", permission="leave_cafe.write")
def change() -> Answer | tuple[str, int]:
    """Change one's own experience."""
    ctx = current_context()
    own, form = changing.own(ctx, _own_one()), ChangeForm(ctx)
    if form.validate_on_submit():
        try:
            changing.change(ctx, own.id, form.written(), key=form.key.data or "")
        except DomainError as error:
            form.refuse(error)
        else:
            return _changed(own)
    return _change_page(own, form), 422


@blueprint.post("/experiences/withdraw", permission="leave_cafe.write")
def withdraw() -> Answer:
    """Withdraw one's own experience."""
    key = request.form.get("key", "")
    if changing.withdraw(current_context(), _own_one(), key=key):
        flash(gettext("体験談を取り下げました。"), "success")
    else:
        flash(gettext("受け付けました。15分以内に、体験談がなくなります。"), "success")
    return redirect(url_for("leave_cafe.experiences"), code=303)


def _own_one() -> int:
    """Read which experience is meant; 0 for anything that no row has.

    In the query and never in the path: the access log of ``niwari serve`` has paths beside machines, and
    nobody but its author opens these pages.
    """
    return min(max(request.args.get("experience_id", 0, type=int), 0), _LARGEST)


def _changed(own: changing.Own) -> Answer:
    if own.is_hidden:
        flash(gettext("受け付けました。15分以内に、体験談が直ります。"), "success")
    else:
        flash(gettext("体験談を直しました。"), "success")
    return redirect(url_for("leave_cafe.experience", experience_id=own.id), code=303)


def _change_page(own: changing.Own, form: ChangeForm) -> str:
    return render_template("leave_cafe/change.html", own=own, form=form)


@blueprint.post(_EXPERIENCE + "/thanks", permission="leave_cafe.write")
def thank(experience_id: int) -> Answer:
    """Set or take back the reader's mark."""
    on = request.form.get("on") == "y"
    writing.thank(current_context(), experience_id, on=on)
    flash(
        gettext("「助かりました」を押しました。")
        if on
        else gettext("「助かりました」を取り消しました。"),
        "success",
    )
    return redirect(url_for("leave_cafe.experience", experience_id=experience_id), code=303)


def _filters() -> reading.Filters:
    """Return what the address narrows the list to; what is none of the lists narrows nothing."""
    asked = request.args
    return reading.Filters(
        scheme=asked.get("scheme", "") if asked.get("scheme") in SCHEME_LABELS else "",
        role=asked.get("role", "") if asked.get("role") in PARENT_LABELS else "",
        employment=asked.get("employment", "")
        if asked.get("employment") in EMPLOYMENT_LABELS
        else "",
        year=min(max(asked.get("year", 0, type=int), 0), _LARGEST),
    )


def _plan(ctx: Context, form: DatesForm, rules: Rules) -> Plan | None:
    """Return the plan for what was typed; where something is wrong, the form says it."""
    if not form.validate():
        return None
    try:
        return dates.plan(
            ctx,
            rules,
            form.birth(),
            form.parents(),
            with_grandchild=bool(form.with_grandchild.data),
        )
    except Invalid as error:
        form.refuse(error)
        return None


def _dates_page(form: DatesForm, rules: Rules, plan: Plan | None = None) -> str:
    return render_template(
        "leave_cafe/dates.html",
        form=form,
        rules=rules,
        plan=plan,
        charts=charts(plan) if plan else (),
    )
