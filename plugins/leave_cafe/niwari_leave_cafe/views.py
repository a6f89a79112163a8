"""The pages of the leave cafe: parse the form, call one service function, render."""

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from niwari.api import Blueprint, Context, Invalid, current_context, gettext
from niwari_leave_cafe.dates import calendar_file
from niwari_leave_cafe.dates.drawing import charts
from niwari_leave_cafe.dates.planning import Plan, Rules
from niwari_leave_cafe.dates.schemes import EMPLOYMENTS, SCHEME_LABELS
from niwari_leave_cafe.dates_form import DatesForm
from niwari_leave_cafe.service import dates, in_force

blueprint = Blueprint("leave_cafe", __name__)


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
    flash(gettext("規程を確認しました。見本の断り書きは、もう出ません。"), "success")
    return redirect(url_for("leave_cafe.rules"), code=303)


@blueprint.post("/rules/take-back", permission="leave_cafe.confirm")
def take_back() -> Answer:
    """Let HR take the confirmation back."""
    in_force.take_back(current_context())
    flash(gettext("確認を取り消しました。断り書きが、また出ます。"), "success")
    return redirect(url_for("leave_cafe.rules"), code=303)


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
