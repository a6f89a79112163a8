"""欠席を伝える: the person is, or was, not there; the minutes return (rule L18)."""

from niwari.context import Context
from niwari.db import transaction
from niwari.ledger import accounts
from niwari.ledger.asking.requests import check_no_way, own_locked
from niwari.ledger.attending.telling import tell_absent
from niwari.ledger.deciding.releasing import release
from niwari.ledger.errors import HostSaw, NothingToCancel
from niwari.ledger.models import AGREED_STATES, Request, State
from niwari.ledger.recording.recording import has_begun


def cancel(ctx: Context, request_id: int) -> Request:
    """Say that the acting person is absent from what was agreed to; the minutes return at once.

    Of what was joined at any time, of any other once it has begun: before that it is withdrawn. The head
    is told, and so is whoever waits for the person. Again changes nothing. Raises ``NothingToCancel``,
    also for what is recorded, ``HostSaw`` where a host has confirmed the person, ``ClosedPeriod`` (L7)
    and ``NotFound``.
    """
    with transaction(ctx):
        opened, request = own_locked(ctx, request_id)
        check_no_way(request)
        if request.state == State.CANCELLED:
            return request
        accounts.check_open(opened)
        if not may_cancel(ctx, request):
            raise NothingToCancel
        if request.attended_at is not None:
            raise HostSaw
        release(ctx, opened, request, State.CANCELLED, reason="", action="ledger.cancel")
        tell_absent(ctx, request)
    return request


def may_cancel(ctx: Context, request: Request) -> bool:
    """Tell whether the person of a request can be absent from it, by its state and time."""
    if request.state not in AGREED_STATES or request.allowance:
        return False
    return request.source_kind is not None or has_begun(ctx, request)
