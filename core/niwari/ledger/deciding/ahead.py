"""What is still to come of what was asked for: for freezes and transfers (rules L11, L13)."""

from typing import Any

from niwari.context import Context
from niwari.ledger.arranged import period_for
from niwari.ledger.models import Request


def still_ahead(ctx: Context) -> Any:
    """Return the condition that a ``Request`` has not begun, as ``has_started`` tells of one.

    An allowance without dates is ahead while its period lasts: the rest of it can still be used. What
    was asked for after the fact never is.
    """
    timed = Request.starts_at.is_null(False) & (Request.starts_at > ctx.now)
    untimed = Request.starts_at.is_null() & (Request.work_date >= ctx.today)
    period = period_for(ctx.municipality, ctx.today)
    allowance = Request.allowance & (Request.work_date >= period.starts_on)
    return ~Request.after_fact & (timed | untimed | allowance)
