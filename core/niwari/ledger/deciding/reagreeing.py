"""異動してきた職員の予定: what the former head agreed to, for the new head to agree to anew (L11)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.people import appointment_ref
from niwari.directory.sections import section_name
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger import accounts
from niwari.ledger.asking.requests import has_set_out, locked_with_account
from niwari.ledger.deciding.ahead import still_ahead
from niwari.ledger.deciding.approvers import OWN_PLACE, charge_of
from niwari.ledger.deciding.decisions import LONGEST_NOTE
from niwari.ledger.deciding.releasing import release
from niwari.ledger.errors import AlreadyDecided, OwnRequest
from niwari.ledger.models import AGREED_STATES, DISCREET_ACTIVITY, Request, State
from niwari.ledger.telling import tell_reagreed, tell_revoked
from niwari.ledger.ways import is_no_way, travel_minutes
from niwari.texts import is_blank

MOST = 200
"""How many are shown, and agreed to at once."""


@dataclass(frozen=True, slots=True)
class Brought:
    """An agreed request of somebody who was transferred, and who agreed to it before.

    ``travel`` are the minutes of its ways, which are agreed to anew with it.
    """

    request: Request
    person_name: str
    section_name: str
    agreed_by_name: str
    travel: int


def brought_along(ctx: Context) -> list[Brought]:
    """Return what the acting head has to agree to anew, by day; two queries.

    What has begun meanwhile is not among it: it stands as it was agreed.
    """
    agreeing, former = Appointment.alias(), Person.alias()
    found: Any = (
        Request.select(
            Request,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            former.name.alias("agreed_by_name"),
            travel_minutes().alias("travel_minutes"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .left_outer_join(agreeing, on=(Request.decided_by == agreeing.id), src=Request)
        .left_outer_join(former, on=(agreeing.person == former.id), src=agreeing)
        .where(_waits(ctx) & charge_of(ctx).condition())
        .order_by(Request.work_date, Request.person, Request.id)
        .limit(MOST)
        .objects()
    )
    for one in found:
        if one.discreet:
            one.activity = DISCREET_ACTIVITY
    return [
        Brought(
            one,
            one.person_name,
            one.section_name,
            one.agreed_by_name or "",
            one.travel_minutes,
        )
        for one in found
    ]


def _waits(ctx: Context) -> Any:
    return (
        (Request.municipality == ctx.municipality.id)
        & Request.reagree_since.is_null(False)
        & Request.state.in_(AGREED_STATES)
        & is_no_way()
        & still_ahead(ctx)
    )


def reagree(ctx: Context, request_id: int | None = None) -> int:
    """Agree anew to one request, or to all that wait; returns to how many.

    Amounts stay as they are. Who and when are kept, the former answer stays in the audit; the people
    are told. A second click agrees to none. Raises ``OwnRequest`` and ``NotFound`` (L9), and
    ``AlreadyDecided`` where somebody else has done it.
    """
    with transaction(ctx):
        charge = charge_of(ctx)
        wanted = _waits(ctx) & charge.condition()
        if request_id is not None:
            wanted &= Request.id == request_id
        first = Request.select(Request.id).where(wanted)
        listed = first.order_by(Request.work_date, Request.person, Request.id).limit(MOST)
        ids = [one for (one,) in rows(listed)]
        accounts.lock_accounts_of(ids)
        query = Request.select(Request, charge.in_place_of().alias("in_place_of"))
        ordered = query.where(wanted & Request.id.in_(ids)).order_by(Request.id)
        found: Any = list(locked(ordered.objects(), of=Request))
        if not found and request_id is not None:
            _check_done(ctx, request_id)
        by_place: dict[int, list[Request]] = defaultdict(list)
        for one in found:
            by_place[one.in_place_of].append(one)
        for place, ones in by_place.items():
            _agree_anew(ctx, place, ones)
        people: dict[int, int] = defaultdict(int)
        for one in found:
            people[one.appointment_id] += 1
        for post, count in people.items():
            tell_reagreed(ctx, post, count)
    return len(found)


def _agree_anew(ctx: Context, place: int, ones: list[Request]) -> None:
    behalf = None if place == OWN_PLACE else appointment_ref(place, ctx.today)
    ids = [one.id for one in ones]
    Request.update(
        reagree_since=None,
        decided_by=ctx.acting.id,
        on_behalf_of=behalf.id if behalf else None,
        decided_at=ctx.now,
        decision_note="",
    ).where(Request.id.in_(ids) | Request.travel_for.in_(ids)).execute()
    acting = replace(ctx, on_behalf_of=behalf)
    for one in ones:
        audit.record(
            acting,
            "ledger.reagree",
            "ledger_request",
            one.id,
            before={"decision_note": one.decision_note} if one.decision_note else None,
            person_id=one.person_id,
            minutes=one.agreed_minutes,
            former=one.decided_by_id,
            former_at=one.decided_at.isoformat() if one.decided_at else None,
        )


def _check_done(ctx: Context, request_id: int) -> None:
    """Say why there is nothing to agree to; a second click of the same person is no error."""
    here = (Request.id == request_id) & (Request.municipality == ctx.municipality.id)
    request = Request.select().where(here).first()
    if request is not None and request.person_id == ctx.person_id:
        raise OwnRequest
    if request is None or not charge_of(ctx).covers(request):
        raise NotFound
    if request.decided_by_id != ctx.acting.id or request.reagree_since is not None:
        raise AlreadyDecided


def call_off(ctx: Context, request_id: int, *, reason: str) -> Request:
    """Call off (取りやめ) what somebody brought along, before it begins; its minutes return.

    The person is told, and whoever waits for them. Again changes nothing. Raises ``Invalid`` without
    a reason, ``OwnRequest`` and ``NotFound`` (L9), and ``AlreadyDecided``.
    """
    if is_blank(reason) or len(reason) > LONGEST_NOTE:
        raise Invalid(N_("取りやめる理由を400文字以内で入力してください。"), field="reason")
    with transaction(ctx):
        place = charge_of(ctx).in_place_of().alias("in_place_of")
        here = Request.municipality == ctx.municipality.id
        opened, request = locked_with_account(ctx, request_id, here, place)
        if request.person_id == ctx.person_id:
            raise OwnRequest
        if request.in_place_of is None:
            raise NotFound
        ended = (State.REVOKED, State.RECORDED)  # recorded: what was drawn of an allowance stays
        if request.state in ended and request.ended_by_id == ctx.acting.id:
            found: Request = request
            return found
        waits = request.state in AGREED_STATES and request.reagree_since is not None
        if not waits or has_set_out(ctx, request):
            raise AlreadyDecided
        own = request.in_place_of == OWN_PLACE
        release(
            ctx,
            opened,
            request,
            State.REVOKED,
            reason=reason.strip(),
            action="ledger.call_off",
            behalf=None if own else appointment_ref(request.in_place_of, ctx.today),
        )
        tell_revoked(ctx, request)
        called_off: Request = request
    return called_off
