"""Rates: HR's for municipality, section and person, the secretariat's for the region."""

from flask import flash, redirect, render_template, request, url_for

from niwari.errors import DomainError
from niwari.ledger.arranging import rates, rates_shown
from niwari.ledger.arranging.rate_refusals import RateGone
from niwari.ledger.forms.hr import EndRateForm, RateForm, RegionRateForm, given
from niwari.ledger.views.blueprint import Answer, blueprint
from niwari.ledger.views.hr import REGION_PERMISSION, SETTINGS_PERMISSION
from niwari.ledger.words import RATE_LEVEL_LABELS
from niwari.pages.addresses import whole_number
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under
from niwari.pages.texts import gettext as _
from niwari.pages.wording import sentence_of


@blueprint.route(
    "/rates", methods=("GET", "POST"), permission=SETTINGS_PERMISSION, endpoint="rates"
)
def town_rates() -> Answer:
    """Show what holds in the own municipality, and set a rate."""
    place_under("ledger.rules")
    ctx = current_context()
    form, status = RateForm.of(rates.section_choices(ctx), ctx.today, ctx.locale), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                rates.set_rate(
                    ctx,
                    form.level.data,
                    form.target,
                    form.basis_points,
                    given(form.starts_on.data),
                    form.ends_on.data,
                )
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(_("割合を決めました。枠にすぐに反映されます。"), "success")
                return redirect(url_for("ledger.rates"), code=303)
    shown = rates_shown.rates_shown(ctx, whole_number(request.args.get("before")))
    return _page(form, shown, region=False), status


@blueprint.route(
    "/region-rates",
    methods=("GET", "POST"),
    permission=REGION_PERMISSION,
    endpoint="region_rates",
)
def region_rates() -> Answer:
    """Show the region's rates, and set one."""
    ctx = current_context()
    form, status = RegionRateForm(data={"starts_on": ctx.today}), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                rates.set_region_rate(
                    ctx, form.basis_points, given(form.starts_on.data), form.ends_on.data
                )
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(_("割合を決めました。枠にすぐに反映されます。"), "success")
                return redirect(url_for("ledger.region_rates"), code=303)
    shown = rates_shown.region_rates_shown(ctx, whole_number(request.args.get("before")))
    return _page(form, shown, region=True), status


@blueprint.route(
    "/rates/<int:rate_id>/end", methods=("GET", "POST"), permission=SETTINGS_PERMISSION
)
def end_rate(rate_id: int) -> Answer:
    """Say until when a rate of the own municipality holds."""
    place_under("ledger.rules")
    return _end(rate_id, region=False)


@blueprint.route(
    "/region-rates/<int:rate_id>/end", methods=("GET", "POST"), permission=REGION_PERMISSION
)
def end_region_rate(rate_id: int) -> Answer:
    """Say until when a rate of the region holds."""
    place_under("ledger.region_rates")
    return _end(rate_id, region=True)


def _end(rate_id: int, *, region: bool) -> Answer:
    ctx = current_context()
    back = "ledger.region_rates" if region else "ledger.rates"
    form, status = EndRateForm(data={"last_day": ctx.today}), 200
    if form.is_submitted():
        status = 422
        if form.validate():
            try:
                rates.end_rate(ctx, rate_id, given(form.last_day.data), region=region)
            except RateGone as error:
                flash(sentence_of(error), "info")
                return redirect(url_for(back), code=303)
            except DomainError as error:
                form.refuse(error)
                status = error.status
            else:
                flash(_("割合の終わりの日を決めました。"), "success")
                return redirect(url_for(back), code=303)
    page = render_template(
        "ledger/rate_end.html",
        form=form,
        rate=rates_shown.rate_to_end(ctx, rate_id, region=region),
        back=back,
        levels=_levels(),
    )
    return page, status


def _page(form: RegionRateForm, shown: list[rates_shown.RateShown], *, region: bool) -> str:
    return render_template(
        "ledger/rates.html",
        form=form,
        rates=shown,
        region=region,
        levels=_levels(),
        following=shown[-1].id if len(shown) == rates_shown.PAGE else None,
    )


def _levels() -> dict[str, str]:
    locale = current_context().locale
    return {code: label.text(locale) for code, label in RATE_LEVEL_LABELS.items()}
