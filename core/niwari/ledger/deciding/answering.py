"""What every act of a head begins with: the request locked, and in whose place the head acts (L9)."""

from typing import Any

from niwari.context import AppointmentRef, Context
from niwari.directory.models import Appointment
from niwari.directory.people import appointment_ref
from niwari.errors import NotFound
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking.requests import check_no_way, locked_with_account
from niwari.ledger.deciding.approvers import OWN_PLACE, Charge, charge_of
from niwari.ledger.errors import NotTheApprover, OwnRequest
from niwari.ledger.models import Request


def to_answer(
    ctx: Context, request_id: int, charge: Charge | None = None, *, of_record: bool = False
) -> tuple[OpenAccount, Request, AppointmentRef | None]:
    """Lock a request that the acting person answers, its account first.

    ``charge`` saves a query. Returns also the head in whose place they act, ``None`` for one's own.
    What one may not see is not there. Raises ``NotFound``, ``OwnRequest``,
    ``NotTheApprover``, and ``GoesWithRequest`` for a way (L16), but where it is about its record.
    """
    here = Request.municipality == ctx.municipality.id
    place = (charge or charge_of(ctx)).in_place_of().alias("in_place_of")
    opened, request = locked_with_account(ctx, request_id, here, place)
    behalf = in_whose_place(ctx, request)
    if not of_record:
        check_no_way(request)
    return opened, request, behalf


def in_whose_place(ctx: Context, asked: Any) -> AppointmentRef | None:
    """Return the head in whose place the acting person answers ``asked``, ``None`` for one's own.

    A request or standing agreement, with ``Charge.in_place_of`` as ``in_place_of``. What one may not
    see is not there. Raises ``NotFound``, ``OwnRequest`` and ``NotTheApprover`` (L9).
    """
    if asked.person_id == ctx.person_id:
        raise OwnRequest
    if asked.in_place_of is None:
        own = (Appointment.id == asked.decided_by_id) & (Appointment.person == ctx.person_id)
        raise NotTheApprover if Appointment.select().where(own).exists() else NotFound
    if asked.in_place_of == OWN_PLACE:
        return None
    return appointment_ref(asked.in_place_of, ctx.today)
