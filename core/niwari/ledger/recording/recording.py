"""Recording what was done of an agreed request: what the person does, once it has begun."""

from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.ledger import accounts
from niwari.ledger.asking.requests import in_place_of, is_own, locked_with_account
from niwari.ledger.errors import (
    AlreadyDecided,
    BadMinutes,
    HasLeft,
    NotAgreed,
    TooEarlyToRecord,
)
from niwari.ledger.models import AGREED_STATES, Request, State
from niwari.ledger.recording import supplements
from niwari.ledger.telling import tell_entered
from niwari.ledger.ways import Posting, act
from niwari.ledger.worktime import Why


def record(
    ctx: Context, request_id: int, *, minutes: int | None = None, whose: Any = None
) -> Request:
    """Record what was done of an agreed request: used grows by ``minutes``, the reservation ends.

    Without ``minutes`` exactly those agreed to; its ways that are not recorded yet are recorded as agreed
    to (L16). A way may be recorded alone. It is an own request, or one that the condition
    ``whose`` lets the acting person enter for (L9). Recording the same again changes nothing. Open until
    the period closes. Raises ``NotAgreed``, ``TooEarlyToRecord``, ``ClosedPeriod`` (L7), ``HasLeft``
    for a day on which the person was not appointed any more. More than was agreed to is a supplement
    that the head answers, and is refused as ``supplements.check`` says (rule L17).
    """
    if minutes is not None and minutes < 1:
        raise BadMinutes
    with transaction(ctx):
        wanted = is_own(ctx) if whose is None else whose
        request: Request
        opened, request = locked_with_account(ctx, request_id, wanted)
        minutes = minutes or request.agreed_minutes or 0
        if request.state == State.RECORDED:
            if recorded_minutes(request) == minutes:
                return request
            raise AlreadyDecided
        accounts.check_open(opened)
        if request.state not in AGREED_STATES or request.allowance:  # that is drawn by the day
            raise NotAgreed
        if not has_begun(ctx, request):
            raise TooEarlyToRecord
        if any(one.code is Why.NOT_APPOINTED for one in opened.day(request.work_date).why):
            raise HasLeft
        beyond = minutes - request.agreed_minutes
        if beyond > 0:
            supplements.check(ctx, opened, request, minutes, beyond)
        done = min(minutes, request.agreed_minutes)
        posting = Posting(request, "record", done, -request.agreed_minutes)
        act(ctx, opened, request, {"state": State.RECORDED}, posting=posting)
        if beyond > 0:
            supplements.post(ctx, opened, request, beyond)
        entered = request.person_id != ctx.person_id
        audit.record(
            in_place_of(ctx, request) if entered else ctx,
            "ledger.enter_record" if entered else "ledger.record",
            "ledger_request",
            request.id,
            municipality_id=request.municipality_id,
            minutes=minutes,
        )
        if entered:
            tell_entered(ctx, request)
    return request


def has_begun(ctx: Context, request: Request) -> bool:
    """Tell whether there can be something to record: from the start on, else from the day on."""
    if request.starts_at is not None:
        return bool(request.starts_at <= ctx.now)
    return bool(request.work_date <= ctx.today)


def recorded_minutes(request: Request) -> int:
    """Return the minutes recorded for a request, reversals taken off; also what does not count."""
    return sum(entry.minutes for entry in request.entries)
