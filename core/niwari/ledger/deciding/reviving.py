"""Reviving what a freeze suspended, once it is lifted: agreement anew, by the head (rule L13)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from peewee import JOIN

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.models import Person, Section
from niwari.directory.people import appointment_ref
from niwari.directory.sections import section_name
from niwari.errors import DomainError, Minutes, NotFound
from niwari.ledger import accounts, events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import fitting
from niwari.ledger.asking.refusals import told_to_head
from niwari.ledger.asking.requests import check_no_way, has_set_out, locked_with_account
from niwari.ledger.asking.slots import Slot
from niwari.ledger.deciding.ahead import still_ahead
from niwari.ledger.deciding.approvers import OWN_PLACE, Charge, charge_of
from niwari.ledger.errors import AlreadyDecided, Frozen, OverFree, OwnRequest, TooLate
from niwari.ledger.models import DISCREET_ACTIVITY, Freeze, Request, Standing, State
from niwari.ledger.recording.recording import recorded_minutes
from niwari.ledger.telling import tell_decided
from niwari.ledger.ways import Posting, act, is_no_way, needed_by, set_out, travel_minutes

PAGE = 50


@dataclass(frozen=True, slots=True)
class Resting:
    """A suspended request in the head's list; ``travel`` are the minutes of its ways, which go with it."""

    request: Request
    person_name: str
    section_name: str
    travel: int


def to_revive(ctx: Context, charge: Charge | None = None) -> list[Resting]:
    """Return what rests and the acting person answers, by day.

    It rests after a freeze that was lifted, or because its period held too little. What belongs to a
    standing agreement that ended is left out, and what the person would have set out for. At most
    ``PAGE``, in one query; ``charge`` saves another.
    """
    found: Any = (
        Request.select(
            Request,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            travel_minutes().alias("travel_minutes"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .join_from(Request, Freeze, JOIN.LEFT_OUTER, on=(Request.freeze == Freeze.id))
        .join_from(Request, Standing, JOIN.LEFT_OUTER, on=(Request.standing == Standing.id))
        .where(
            (Request.municipality == ctx.municipality.id)
            & (Request.state == State.SUSPENDED)
            & is_no_way()
            & (Request.freeze.is_null() | Freeze.lifted_at.is_null(False))
            & (Request.standing.is_null() | (Standing.state == State.AGREED))
            & still_ahead(ctx)
            & (set_out(ctx) == 0)
            & (charge or charge_of(ctx)).condition()
        )
        .order_by(Request.work_date, Request.id)
        .limit(PAGE)
        .objects()
    )
    return [
        Resting(_shown(one), one.person_name, one.section_name, one.travel_minutes) for one in found
    ]


def _shown(request: Request) -> Request:
    if request.discreet:  # to anybody but the person it is 「学び・相談」 (rule L14)
        request.activity = DISCREET_ACTIVITY
    return request


@dataclass(frozen=True, slots=True)
class Revived:
    """What became of a list: how many stand again, and why each of the others does not, by id."""

    count: int
    refused: dict[int, DomainError]


def revive_all(ctx: Context, *, key: str) -> Revived:
    """Revive all that ``to_revive`` lists, each in a transaction of its own.

    What cannot be is refused line by line; the others stand. The same ``key`` again finds them done.
    """
    listed: Sequence[Resting] = to_revive(ctx)
    refused: dict[int, DomainError] = {}
    for one in listed:
        try:
            revive(ctx, one.request.id, key=key)
        except DomainError as error:
            refused[one.request.id] = error
    return Revived(len(listed) - len(refused), refused)


def revive(ctx: Context, request_id: int, *, key: str) -> Request:
    """Agree anew to what was suspended, to as many minutes as before; of an allowance what was not drawn.

    Free is read again under the account's lock (L2). Raises ``OverFree`` (L3), ``TooLate`` for what
    is not ahead any more, its way there included (L1), ``Overlap`` and ``NoWorkThen`` where something
    else took the time, ``Frozen`` while a freeze holds, ``AlreadyDecided`` also where its standing
    agreement ended (L12), and as ``agree`` does. The same ``key`` again changes nothing.
    """
    with transaction(ctx):
        here = Request.municipality == ctx.municipality.id
        place_of = charge_of(ctx).in_place_of().alias("in_place_of")
        opened, request = locked_with_account(ctx, request_id, here, place_of)
        if request.person_id == ctx.person_id:
            raise OwnRequest
        if request.in_place_of is None:
            raise NotFound
        check_no_way(request)
        if request.decision_key == key and request.state != State.SUSPENDED:
            return _plain(request)
        if request.state != State.SUSPENDED or _has_ended(request.standing_id):
            raise AlreadyDecided
        minutes = _checked(ctx, opened, request)
        posting = Posting(request, "agreement", reserved=minutes)
        behalf = (
            None
            if request.in_place_of == OWN_PLACE
            else appointment_ref(request.in_place_of, ctx.today)
        )
        whole = request.agreed_minutes == request.minutes
        agreed = State.AGREED if whole else State.PARTLY_AGREED
        changes: dict[str, Any] = {
            "state": agreed if minutes else State.RECORDED,
            "decided_by": ctx.acting.id,
            "on_behalf_of": behalf.id if behalf else None,
            "decided_at": ctx.now,
            "decision_key": key,
            "ended_at": None,
            "ended_by": None,
            "ended_reason": "",
            "freeze": None,
        }
        act(ctx, opened, request, changes, posting=posting)
        audit.record(
            replace(ctx, on_behalf_of=behalf),
            "ledger.revive",
            "ledger_request",
            request.id,
            minutes=minutes,
        )
        events.tell_revived(ctx, request)
        tell_decided(ctx, request)
    return _plain(request)


def _checked(ctx: Context, opened: OpenAccount, request: Request) -> int:
    """Return the minutes to reserve anew, once every rule has said yes."""
    freeze = Freeze.get_by_id(request.freeze_id) if request.freeze_id is not None else None
    if freeze is not None and freeze.lifted_at is None:
        raise Frozen(reason=freeze.reason)
    accounts.check_open(opened)
    minutes = int(request.agreed_minutes)
    if request.allowance:
        minutes -= recorded_minutes(request)
        fitting.check_not_frozen(opened, replace(Slot.of(request), work_date=ctx.today))
    else:
        if has_set_out(ctx, request):
            raise TooLate
        ways = [way for way in request.ways if way.state == State.SUSPENDED]
        with told_to_head():
            for one in (request, *ways):
                slot = Slot.of(one)
                fitting.check_ahead(ctx, opened, slot, one.agreed_minutes)
                fitting.check_free_time(opened, slot, request.id)
    needed = (minutes if request.counts else 0) + needed_by(request.ways, State.SUSPENDED)
    if needed and needed > opened.free:
        raise OverFree(free=Minutes(max(opened.free, 0)))
    return minutes


def _plain(request: Any) -> Request:
    found: Request = request
    return found


def _has_ended(standing_id: int | None) -> bool:
    """Tell whether the standing agreement that a time belongs to stands no longer; not where it has none."""
    if standing_id is None:
        return False
    standing = Standing.get_by_id(standing_id)
    return bool(standing.state != State.AGREED)
