"""The person's agreed 20% time, for the person's own calendar."""

from collections.abc import Sequence
from datetime import date

from niwari.calendar.events import CalendarEvent
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.dates.recurrence import Occurrence
from niwari.ledger.asking.requests import is_own
from niwari.ledger.asking.slots import ends_at_of
from niwari.ledger.models import Request, State
from niwari.specs.contributions import Label

_AGREED = (State.AGREED, State.PARTLY_AGREED, State.RECORDED)
_DISCREET = Label("学び・相談", "Learning and consulting")
_MOST = 500
_LONGEST_TITLE = 80


def plans_between(ctx: Context, first: date, last: date) -> Sequence[CalendarEvent]:
    """Return what was agreed to from ``first`` to ``last``, as it may leave Niwari.

    A calendar is synchronised and shown to others: of a discreet class no more than 「学び・相談」
    is told (rule L14). An allowance without dates has no place in a calendar (L12). There are 500 at
    most.
    """
    found = (
        Request.select()
        .where(
            is_own(ctx)
            & Request.state.in_(_AGREED)
            & ~Request.allowance
            & Request.work_date.between(first, last)
        )
        .order_by(Request.work_date, Request.id)
        .limit(_MOST)
    )
    return [_plan(ctx, request) for request in found]


def _plan(ctx: Context, request: Request) -> CalendarEvent:
    purpose = " ".join(str(request.purpose).split())[:_LONGEST_TITLE]
    title = _DISCREET.text(ctx.locale) if request.discreet else purpose
    if request.starts_at is None:
        at = Occurrence(request.work_date, request.work_date)
    else:
        ends_at = ends_at_of(request)
        at = Occurrence(request.work_date, tokyo_day(ends_at), request.starts_at, ends_at)
    return CalendarEvent(
        uid=f"ledger.request-{request.id}",
        title=title,
        at=at,
        endpoint="ledger.show",
        values={"request_id": request.id},
        is_own=True,
    )
