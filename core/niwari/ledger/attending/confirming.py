"""What a host says of those who joined: they were there, or they were not (rules L14, L18)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.directory.linking import Ref
from niwari.directory.models import Appointment
from niwari.errors import NotFound
from niwari.ledger import accounts, events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import fitting
from niwari.ledger.asking.slots import Slot
from niwari.ledger.attending.guests import LISTED, OPEN, PRESENT, of_row
from niwari.ledger.attending.hosting import check_joinable, hosted
from niwari.ledger.attending.telling import tell_absent, tell_attended
from niwari.ledger.deciding.releasing import release
from niwari.ledger.errors import BadMinutes, LedgerError, NotBegun
from niwari.ledger.models import AGREED_STATES, Request, State
from niwari.ledger.recording.recording import has_begun
from niwari.ledger.ways import attach

_DAY_MINUTES = 24 * 60


def attended(
    ctx: Context, ref: Ref, request_ids: Iterable[int], *, minutes: int | None = None
) -> frozenset[int]:
    """Say that people who joined a row of the calling plugin were there; returns the ids noted so.

    ``request_ids`` are those that the plugin keeps with its places: ``hold`` was given them. Each of
    these people is proposed the record, which stays their own act, of no more than ``minutes`` where
    that is given. An absence that a host had noted is taken back where the time is still free. What has
    ended otherwise and the acting person's own are left out; saying the same again changes nothing.
    Whether the acting person may say so is the plugin's to ask: the page 出席の確認 asks ``hosts`` of
    the ``Resource``. Of a discreet activity there is no request to name.

    Raises ``NotFound`` for a row that the acting municipality may not see, whose plugin is off, or for
    which one of these was not asked, and another ``DomainError`` before the start or for minutes that
    no day has; then nothing changed.
    """
    if minutes is not None and not 1 <= minutes <= _DAY_MINUTES:
        raise BadMinutes
    there = set()
    with transaction(ctx):
        for request in _of_guests(ctx, ref, request_ids):
            if request.state == State.CANCELLED and not _stands_again(ctx, request):
                continue
            if request.state in PRESENT:
                _note(ctx, request, minutes)
                there.add(request.id)
    return frozenset(there)


def absent(ctx: Context, ref: Ref, request_ids: Iterable[int]) -> frozenset[int]:
    """Say that people who joined a row of the calling plugin were absent; returns the ids noted so.

    Their minutes return, and person and head are told. Left out is what is recorded, has ended
    otherwise, lies in a closed period or is the acting person's own. Else as ``attended``.
    """
    gone = set()
    with transaction(ctx):
        for request in _of_guests(ctx, ref, request_ids):
            if request.state in OPEN:
                opened = accounts.open_account(
                    ctx, request.person_id, request.municipality_id, request.work_date
                )
                if opened.account.closed_at is not None:
                    continue
                release(ctx, opened, request, State.CANCELLED, reason="", action="ledger.absent")
                tell_absent(ctx, request)
            if request.state == State.CANCELLED:
                gone.add(request.id)
    return frozenset(gone)


@dataclass(frozen=True, slots=True)
class Marked:
    """What a host's press did: who is noted to have been there, who to be absent, by request."""

    there: frozenset[int]
    absent: frozenset[int]


def mark(ctx: Context, ref: Ref, there: Iterable[int], gone: Iterable[int]) -> Marked:
    """Say as the host of a row who was there and who was absent, in one transaction.

    Raises ``NotFound`` for whoever does not host it, and as ``attended`` and ``absent`` do.
    """
    there, gone = set(there), set(gone)
    with transaction(ctx):
        hosted(ctx, ref)
        accounts.lock_accounts_of(sorted(there | gone))  # of both, in the one order (L2)
        return Marked(attended(ctx, ref, there), absent(ctx, ref, gone))


def _of_guests(ctx: Context, ref: Ref, request_ids: Iterable[int]) -> list[Request]:
    """Lock the requests that are meant, their accounts first (L2), once the row lets say something."""
    wanted = sorted(set(request_ids))
    check_joinable(ctx, ref)
    accounts.lock_accounts_of(wanted)
    query = Request.select().where(Request.id.in_(wanted) & of_row(ref)).order_by(Request.id)
    found: list[Request] = list(locked(query))
    if [one.id for one in found] != wanted:
        raise NotFound
    attach(found)
    listed = [one for one in found if one.state in LISTED and one.person_id != ctx.person_id]
    if not all(has_begun(ctx, one) for one in listed):
        raise NotBegun
    return listed


def _note(ctx: Context, request: Request, minutes: int | None) -> None:
    if request.attended_at is not None and minutes in (None, request.attended_minutes):
        return
    is_first = request.attended_at is None
    _set(request, attended_at=request.attended_at or ctx.now, attended_minutes=minutes)
    audit.record(
        ctx,
        "ledger.attended",
        "ledger_request",
        request.id,
        municipality_id=request.municipality_id,
        minutes=minutes,
    )
    if is_first and request.state in AGREED_STATES:
        tell_attended(ctx, request)


def _stands_again(ctx: Context, request: Request) -> bool:
    """Take back an absence that a host had noted, where the period is open and the time still free.

    What the person said is the person's own word, and stays. The ways there and back that ended with it
    stay ended (L16): whether their time is free still nobody was asked.
    """
    ended_by = Appointment.get_or_none(Appointment.id == request.ended_by_id)
    if ended_by is not None and ended_by.person_id == request.person_id:
        return False
    opened = accounts.open_account(
        ctx, request.person_id, request.municipality_id, request.work_date
    )
    if opened.account.closed_at is not None:
        return False
    minutes = request.agreed_minutes
    if _is_taken(opened, request):
        return False
    if minutes is not None:
        if request.counts and minutes > opened.free:
            return False
        accounts.post(ctx, opened.account, request, "agreement", reserved=minutes)
    _set(request, state=_state_before(request), ended_at=None, ended_by=None, ended_for=None)
    audit.record(
        ctx,
        "ledger.take_absence_back",
        "ledger_request",
        request.id,
        municipality_id=request.municipality_id,
    )
    if minutes is not None:
        events.tell_revived(ctx, request)
    return True


def _is_taken(opened: OpenAccount, request: Request) -> bool:
    """Tell whether the time of what was cancelled is gone: stopped, otherwise used, or joined anew."""
    slot = Slot.of(request)
    try:
        fitting.check_not_frozen(opened, slot)
        fitting.check_free_time(opened, slot, request.id)
    except LedgerError:
        return True
    anew = Request.select().where(
        (Request.person == request.person_id)
        & (Request.id != request.id)
        & (Request.work_date == request.work_date)
        & Request.state.in_(PRESENT)
        & of_row(Ref(request.source_kind, request.source_id))
    )
    return bool(anew.exists())


def _state_before(request: Request) -> State:
    """Return the state in which a host found what was then cancelled; nobody can answer it since."""
    if request.agreed_minutes is None:
        return State.REQUESTED if request.decided_at is None else State.RETURNED
    whole = request.agreed_minutes == request.minutes
    return State.AGREED if whole else State.PARTLY_AGREED


def _set(request: Request, **changes: Any) -> None:
    Request.update(changes).where(Request.id == request.id).execute()
    for name, value in changes.items():
        setattr(request, name, value)
