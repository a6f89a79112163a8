"""What somebody has left in a period, and what a time on offer would take of it; reads only."""

from dataclasses import dataclass
from datetime import date, datetime

from niwari.context import Context
from niwari.ledger.arranged import period_for
from niwari.ledger.conditions import work_conditions
from niwari.ledger.models import Account
from niwari.ledger.worktime import (
    Period,
    WorkConditions,
    cap,
    counting_minutes,
    counting_parts,
    day_bases,
)


@dataclass(frozen=True, slots=True)
class Left:
    """What the acting person has left in a period: ``free`` minutes, negative for "over by" (L8).

    What waits for an answer is not taken off.
    """

    period: Period
    free: int
    _conditions: WorkConditions

    def taken_by(self, starts_at: datetime, ends_at: datetime) -> int:
        """Return the minutes that an interval of this period takes: those in scheduled hours (L10)."""
        return counting_minutes(counting_parts(self._conditions, starts_at, ends_at))


def left_in_month(ctx: Context, day: date) -> Left:
    """Return what the acting person has left in the month of ``day``, in two queries.

    Raises ``HolidaysUnknown`` for a day so far ahead that its holidays are not known.
    """
    period = period_for(ctx.municipality, day)
    found = work_conditions([ctx.person_id], ctx.municipality, period.starts_on, period.ends_on)
    conditions = found[ctx.person_id]
    taken = (
        Account.select(Account.used + Account.reserved)
        .where(
            (Account.person == ctx.person_id)
            & (Account.municipality == ctx.municipality.id)
            & (Account.starts_on == period.starts_on)
        )
        .scalar()
    )
    allowed = cap(day_bases(conditions, period.starts_on, period.ends_on))
    return Left(period, allowed - int(taken or 0), conditions)
