"""When a period closes by itself, and which ones of a municipality are not closed yet (rule L7)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.dates.working_days import working_days_after
from niwari.ledger.arranged import period_for
from niwari.ledger.models import Account, Closing
from niwari.ledger.settings import choices_of
from niwari.ledger.worktime import Period

LONGEST_LOOK_BACK = timedelta(days=400)
"""How far back the job closes what it was never run for."""


def closes_on(ctx: Context, period: Period) -> date:
    """Return the Tokyo day on which a period closes by itself: the n-th working day after it."""
    return working_days_after(period.ends_on, choices_of(ctx).closing_workday)


def over_and_open(ctx: Context) -> list[Period]:
    """Return the periods of the acting municipality that are over and not closed, the oldest first.

    The one before today's always counts, an earlier one where an account of it is still open.
    """
    first: date | None = (
        Account.select(fn.MIN(Account.starts_on))
        .where((Account.municipality == ctx.municipality.id) & Account.closed_at.is_null())
        .scalar()
    )
    before = period_for(
        ctx.municipality, period_for(ctx.municipality, ctx.today).starts_on - timedelta(days=1)
    )
    earliest = ctx.today - LONGEST_LOOK_BACK
    begins = max(min(first or before.starts_on, before.starts_on), earliest)
    closed = _closed(ctx, period_for(ctx.municipality, begins).starts_on)
    found = []
    period = period_for(ctx.municipality, begins)
    while period.ends_on < ctx.today:
        if (period.starts_on, period.ends_on) not in closed:
            found.append(period)
        period = period_for(ctx.municipality, period.ends_on + timedelta(days=1))
    return found


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
    rows: Any = Closing.select(Closing.starts_on, Closing.ends_on).where(
        (Closing.municipality == ctx.municipality.id) & (Closing.starts_on >= since)
    )
    return set(rows.tuples())
