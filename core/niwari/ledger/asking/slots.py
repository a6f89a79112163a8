"""The time that a request asks for, and what the open requests of a person take now (rule L10)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from peewee import JOIN, fn

from niwari.clock import TOKYO
from niwari.db import prepared
from niwari.ledger.models import AGREED_STATES, JournalEntry, Request, State

_OPEN = (State.REQUESTED, *AGREED_STATES, State.RECORDED)
_CUT = (State.PARTLY_AGREED, State.RECORDED)
Taken = tuple["Slot", int]
"""A time that an open request of the person takes, and the minutes that it takes of it now."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Time on the Tokyo day ``work_date``: from ``starts_at`` to before ``ends_at``, or any.

    ``minutes`` are inside scheduled hours.
    """

    work_date: date
    minutes: int
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    @classmethod
    def of(cls, request: Request) -> Self:
        """Return what a request asks for; where the rest of an interval was called off, what was before.

        The hours after that are free for something else (L4, L10).
        """
        return cls(request.work_date, request.minutes, request.starts_at, ends_at_of(request))


def ends_at_of(request: Request) -> Any:
    """Return when a request ends; ``None`` where it has no hours.

    It is when it was called off, where what is kept of it lies before that.
    """
    starts_at, ends_at, ended_at = request.starts_at, request.ends_at, request.ended_at
    if None in (starts_at, ends_at, ended_at) or request.state not in _CUT:
        return ends_at
    cut = whole_minute(ended_at)
    kept = timedelta(minutes=request.agreed_minutes)
    return cut if starts_at + kept <= cut < ends_at else ends_at


def whole_minute(now: datetime) -> datetime:
    """Return the next whole minute: the one that has begun is not ahead any more."""
    whole = now.astimezone(TOKYO).replace(second=0, microsecond=0)
    return whole if whole == now else whole + timedelta(minutes=1)


def taken_between(
    person_id: int, first: date, last: date, *, besides: int | None = None
) -> list[Taken]:
    """Return what the person's open requests take from ``first`` to ``last``, in one query.

    With each the minutes that it takes now: recorded, else agreed, else asked. An allowance without
    dates takes only what was drawn of it, on the days of the records (rule L12). What the request
    ``besides`` and its ways take is left out.
    """
    rows = _open_between({"person": person_id, "first": first, "last": last}).objects()
    own = () if besides is None else (besides,)
    return [_taken(row) for row in rows if row.id not in own and row.travel_for_id not in own]


@prepared
def _open_between(of: Any) -> Any:
    drawn = Request.allowance & (JournalEntry.minutes != 0)
    return (
        Request.select(
            Request,
            JournalEntry.work_date.alias("entered_on"),
            fn.COALESCE(fn.SUM(JournalEntry.minutes), 0).alias("recorded"),
        )
        .join(JournalEntry, JOIN.LEFT_OUTER)
        .where(
            (Request.person == of.person)
            & (
                ~Request.allowance
                & Request.work_date.between(of.first, of.last)
                & Request.state.in_(_OPEN)
                | drawn & JournalEntry.work_date.between(of.first, of.last)
            )
        )
        .group_by(Request.id, JournalEntry.work_date)
        .objects()
    )


def _taken(row: Any) -> Taken:
    if row.allowance:
        return Slot(row.entered_on, row.recorded), row.recorded
    if row.state == State.RECORDED:
        return Slot.of(row), row.recorded
    return Slot.of(row), row.agreed_minutes or row.minutes
