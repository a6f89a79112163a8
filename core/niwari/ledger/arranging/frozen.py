"""What a freeze reaches (rule L13): 20% time that begins at its moment or later."""

from datetime import date, datetime
from typing import Any

from niwari.clock import tokyo_day
from niwari.ledger.models import Request


def begins_from(from_at: datetime, work_date: date, starts_at: datetime | None) -> bool:
    """Tell whether 20% time begins at ``from_at`` or later: an interval at its start.

    A date and minutes name no hour; they are ahead until their day is over.
    """
    return starts_at >= from_at if starts_at is not None else work_date >= tokyo_day(from_at)


def rests_from(from_at: datetime) -> Any:
    """Return the same as ``begins_from`` as a condition over ``Request``."""
    timed = Request.starts_at.is_null(False) & (Request.starts_at >= from_at)
    return timed | (Request.starts_at.is_null() & (Request.work_date >= tokyo_day(from_at)))
