"""20%の決まり: what HR chooses about the rule, and the kind of period."""

from flask import flash, redirect, render_template, request, url_for

from niwari.dates.working_days import first_day_within
from niwari.errors import DomainError
from niwari.host.settings import settings_of
from niwari.ledger.arranged import kind_on
from niwari.ledger.arranging import rules
from niwari.ledger.forms.hr import PeriodForm, rules_form
from niwari.ledger.presenting import period_name
from niwari.ledger.settings import AREA, SETTINGS
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.words import PERIOD_LABELS
from niwari.ledger.worktime import PeriodKind
from niwari.pages.forms import Form, current_context
from niwari.pages.texts import gettext as _

SETTINGS_PERMISSION = "ledger.settings"
REGION_PERMISSION = "ledger.region_rate"


@blueprint.get("/rules", permission=SETTINGS_PERMISSION, endpoint="rules")
def show_rules() -> str:
    """Show all choices with what they do now."""
    return _page(_rules_form(), _period_form())


@blueprint.post("/rules", permission=SETTINGS_PERMISSION)
def choose() -> Answer:
    """Keep the choices; the button ``preview`` shows what they would do and keeps nothing."""
    form = _rules_form()
    if not form.validate_on_submit():
        return _page(form, _period_form(empty=True)), 422
    if "preview" in request.form:
        return _page(form, _period_form(empty=True), preview=True)
    try:
        values = {setting.key: form[setting.key].data for setting in SETTINGS}
        changed = rules.choose(current_context(), values)
    except DomainError as error:
        form.refuse(error)
        return _page(form, _period_form(empty=True)), error.status
    if changed:
        flash(_("決まりを保存しました。すぐに反映されます。"), "success")
    return redirect(url_for("ledger.rules"), code=303)


@blueprint.post("/rules/period", permission=SETTINGS_PERMISSION)
def choose_period() -> Answer:
    """Let periods be of another kind from a 1 April on."""
    form = _period_form()
    status = 422
    if form.validate_on_submit():
        year = form.year.data
        try:
            changed = rules.choose_period(current_context(), form.kind.data, year)
        except DomainError as error:
            form.refuse(error)
            status = error.status
        else:
            if changed:
                flash(
                    _("%(year)s年4月1日からの、枠を数える期間を決めました。", year=year), "success"
                )
            return redirect(url_for("ledger.rules"), code=303)
    return _page(_rules_form(empty=True), form), status


def _rules_form(*, empty: bool = False) -> Form:
    ctx = current_context()
    values = settings_of(ctx, AREA, "municipality")
    return rules_form(SETTINGS, values, ctx.locale, sent=not empty)


def _period_form(*, empty: bool = False) -> PeriodForm:
    ctx = current_context()
    years = rules.years_ahead(ctx.today)
    present = kind_on(ctx.municipality, ctx.today)
    return PeriodForm.of(str(present), years, ctx.locale, sent=not empty)


def _page(form: Form, period_form: PeriodForm, *, preview: bool = False) -> str:
    ctx = current_context()
    workday, days = form["closing_workday"].data, form["after_fact_days"].data
    year = rules.years_ahead(ctx.today)[0]
    return render_template(
        "ledger/rules.html",
        form=form,
        period_form=period_form,
        settings={setting.key: setting for setting in SETTINGS},
        preview=preview,
        closing=rules.closing_days(ctx, workday) if workday in range(1, 21) else (),
        over_since=first_day_within(ctx.today, days) if days in range(1, 21) else None,
        leave=rules.leave_effect(ctx),
        periods=rules.periods_shown(ctx),
        period_labels={code: label.text(ctx.locale) for code, label in PERIOD_LABELS.items()},
        example_hints={str(kind): _example(kind, year) for kind in PeriodKind},
    )


def _example(kind: PeriodKind, year: int) -> str:
    first, second = (period_name(one) for one in rules.example_periods(kind, year))
    return _("例：%(first)s、%(second)s", first=first, second=second)
