"""When a period closes by itself, and which ones of a municipality are not closed yet (rule L7)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from niwari.context import Context
from niwari.dates.working_days import working_days_after
from niwari.db import rows
from niwari.ledger.arranged import period_for
from niwari.ledger.models import Account, Closing
from niwari.ledger.settings import choices_of
from niwari.ledger.worktime import Period

LONGEST_LOOK_BACK = timedelta(days=400)
"""How far back periods close of which nobody has an account."""


def closes_on(ctx: Context, period: Period) -> date:
    """Return the Tokyo day on which a period closes by itself: the n-th working day after it."""
    return working_days_after(period.ends_on, choices_of(ctx).closing_workday)


def over_and_open(ctx: Context) -> list[Period]:
    """Return the periods of the acting municipality that are over and not closed, the oldest first.

    The one before today's always counts, an earlier one where somebody has an account of it or of one
    before; longer ago than ``LONGEST_LOOK_BACK`` those alone of which somebody has one.
    """
    town = ctx.municipality
    days = _not_closed(ctx)
    before = period_for(town, period_for(town, ctx.today).starts_on - timedelta(days=1))
    begins = max(min([before.starts_on, *days]), ctx.today - LONGEST_LOOK_BACK)
    period = period_for(town, begins)
    long_past = {period_for(town, day) for day in days if day < period.starts_on}
    found = sorted(long_past, key=lambda one: one.starts_on)
    closed = _closed(ctx, period.starts_on)
    while period.ends_on < ctx.today:
        if (period.starts_on, period.ends_on) not in closed:
            found.append(period)
        period = period_for(town, period.ends_on + timedelta(days=1))
    return found


def _not_closed(ctx: Context) -> list[date]:
    """Return the first days of periods of which somebody has an account, and which are not closed."""
    closed = Closing.select(Closing.starts_on).where(Closing.municipality == ctx.municipality.id)
    query = Account.select(Account.starts_on).where(
        (Account.municipality == ctx.municipality.id) & Account.starts_on.not_in(closed)
    )
    return [day for (day,) in rows(query.distinct())]


def due(ctx: Context, periods: Iterable[Period]) -> list[Period]:
    """Return those of ``periods`` whose day has come."""
    return [period for period in periods if closes_on(ctx, period) <= ctx.today]


def closing_of(municipality_id: int, period: Period) -> Closing | None:
    """Return the row of a period that is closed."""
    found: Closing | None = Closing.get_or_none(
        (Closing.municipality == municipality_id)
        & (Closing.starts_on == period.starts_on)
        & (Closing.ends_on == period.ends_on)
    )
    return found


def _closed(ctx: Context, since: date) -> set[tuple[date, date]]:
    query: Any = Closing.select(Closing.starts_on, Closing.ends_on).where(
        (Closing.municipality == ctx.municipality.id) & (Closing.starts_on >= since)
    )
    return set(query.tuples())
