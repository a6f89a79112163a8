"""Who is away when, for heads: the month, and the week's slip for the section's board."""

from datetime import date, timedelta

from flask import g, render_template, request

from niwari.clock import ONE_DAY
from niwari.context import Context
from niwari.dates.working_days import is_closed, is_weekend
from niwari.ledger.deciding import away
from niwari.ledger.deciding.approvers import Charge, charge_of
from niwari.ledger.views.blueprint import blueprint
from niwari.ledger.worktime import PeriodError, parse_period
from niwari.pages.forms import current_context
from niwari.pages.parts import place_under

BLANK_LINES = 5
"""Lines of the slip for an oral OK, to be filled in by hand."""
_WEEK = timedelta(days=7)


@blueprint.get("/heads/month", permission="ledger.decide")
def away_month() -> str:
    """Show who is away when in a month: ``?month=2026-11``, else the present one."""
    ctx = current_context()
    period, stretch = away.month_away(ctx, _charge(ctx), _wanted_month(ctx))
    days = [
        (day, is_weekend(day) or is_closed(day), stretch.avoided_on(day))
        for day in _days(period.starts_on, period.ends_on)
    ]
    return render_template(
        "ledger/away_month.html", period=period, stretch=stretch, days=days, most=away.MOST
    )


@blueprint.get("/heads/slip", permission="ledger.decide")
def slip() -> str:
    """Show the week's slip to print: of the week with the day ``?week=2026-11-16``, else this one."""
    ctx = current_context()
    place_under("ledger.away_month")
    monday = _wanted_week(ctx)
    stretch = away.agreed_between(ctx, _charge(ctx), monday, monday + timedelta(days=6))
    return render_template(
        "ledger/slip.html",
        stretch=stretch,
        before=monday - _WEEK,
        after=monday + _WEEK,
        blank_lines=BLANK_LINES,
        most=away.MOST,
    )


def _charge(ctx: Context) -> Charge:
    """Return what the acting person answers for; the menu's number asks for it no second time."""
    g.charge = charge_of(ctx)
    found: Charge = g.charge
    return found


def _days(first: date, last: date) -> list[date]:
    return [first + number * ONE_DAY for number in range((last - first).days + 1)]


def _wanted_month(ctx: Context) -> date:
    try:
        return parse_period(request.args.get("month", "")).starts_on
    except PeriodError:
        return ctx.today


def _wanted_week(ctx: Context) -> date:
    """Return the Monday of the week that was asked for, within ten years of today."""
    try:
        day = date.fromisoformat(request.args.get("week", ""))
    except ValueError:
        day = ctx.today
    if abs(day - ctx.today) > timedelta(days=3660):
        day = ctx.today
    return day - day.weekday() * ONE_DAY
