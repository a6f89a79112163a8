"""Ending a standing agreement: its person takes it back, or the head calls off the rest (L4, L12)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger import accounts, events
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.arranged import period_for
from niwari.ledger.asking.requests import TAKEN_BACK, has_started
from niwari.ledger.deciding.decisions import LONGEST_NOTE
from niwari.ledger.deciding.revoking import DEFAULT_REASON
from niwari.ledger.errors import AlreadyDecided
from niwari.ledger.models import AGREED_STATES, Request, Standing, State
from niwari.ledger.recording.postings import ends_as
from niwari.ledger.standing.asking import is_own_standing, own_locked
from niwari.ledger.standing.deciding import to_answer
from niwari.ledger.standing.telling import tell_standing_decided

_WITHDRAWABLE = (State.REQUESTED, State.RETURNED, State.AGREED)


def withdraw(ctx: Context, standing_id: int) -> Standing:
    """Take a standing agreement back: what is ahead returns at once, the past stays.

    Again changes nothing. Raises ``NotFound``, and ``AlreadyDecided`` for what is declined or ended.
    """
    with transaction(ctx):
        opened = _locked_accounts(ctx, (Standing.id == standing_id) & is_own_standing(ctx))
        standing = own_locked(ctx, standing_id)
        if standing.state == State.WITHDRAWN:
            return standing
        if standing.state not in _WITHDRAWABLE:
            raise AlreadyDecided
        gone: dict[str, object] = {"state": State.WITHDRAWN, "ended_at": ctx.now}
        released = _release_rest(ctx, standing, opened, gone | TAKEN_BACK, events.tell_withdrawn)
        _ended(ctx, standing, gone)
        audit.record(
            ctx,
            "ledger.withdraw_standing",
            "ledger_standing",
            standing.id,
            municipality_id=standing.municipality_id,
            released=released,
        )
        events.tell_standing_answered(ctx, standing)
    return standing


def revoke(ctx: Context, standing_id: int, *, reason: str = "") -> Standing:
    """Call off the rest of a standing agreement: what is ahead is released, the past stays (L4).

    ``reason`` is ``DEFAULT_REASON`` where none is given. Again changes nothing. Raises ``NotFound``,
    ``OwnRequest`` and ``NotTheApprover`` (L9), and ``AlreadyDecided`` for what is not agreed.
    """
    if len(reason) > LONGEST_NOTE:
        raise Invalid(N_("400文字以内で入力してください。"), field="reason")
    with transaction(ctx):
        here = (Standing.id == standing_id) & (Standing.municipality == ctx.municipality.id)
        opened = _locked_accounts(ctx, here)
        standing, behalf = to_answer(ctx, standing_id)
        if standing.state == State.REVOKED:
            return standing
        if standing.state != State.AGREED:
            raise AlreadyDecided
        ended: dict[str, object] = {
            "state": State.REVOKED,
            "ended_at": ctx.now,
            "ended_by": ctx.acting.id,
            "ended_reason": reason.strip() or DEFAULT_REASON,
        }
        for_whom = {"ended_for": behalf.id if behalf else None}
        rest = ended | for_whom
        released = _release_rest(ctx, standing, opened, rest, events.tell_revoked)
        _ended(ctx, standing, ended)
        audit.record(
            replace(ctx, on_behalf_of=behalf),
            "ledger.revoke_standing",
            "ledger_standing",
            standing.id,
            released=released,
        )
        events.tell_standing_answered(ctx, standing)
        tell_standing_decided(ctx, standing)
    return standing


def _locked_accounts(ctx: Context, wanted: Any) -> dict[Any, OpenAccount]:
    """Lock the accounts of all open times of the agreement that ``wanted`` finds, in their order."""
    found: Standing | None = Standing.get_or_none(wanted)
    if found is None:
        raise NotFound
    days = [one.work_date for one in _open_times(found)]
    return accounts.open_accounts(ctx, found.person_id, found.municipality_id, days)


def _agreed_times(standing: Standing) -> Any:
    return (
        Request.select()
        .where((Request.standing == standing.id) & Request.state.in_(AGREED_STATES))
        .order_by(Request.work_date, Request.id)
    )


def _release_rest(
    ctx: Context,
    standing: Standing,
    opened: dict[Any, OpenAccount],
    ended: dict[str, object],
    tell: Callable[[Context, Request], None],
) -> int:
    """Release every time that is ahead, and ``tell`` of each; returns how many.

    Of an allowance what was drawn stays. What rests reserves nothing, and ends by its state alone.
    """
    released = 0
    for request in locked(_open_times(standing)):
        account = opened.get(period_for(ctx.municipality, request.work_date).starts_on)
        if account is None:  # agreed to in the moment before the locks
            raise AlreadyDecided
        if has_started(ctx, request) or account.account.closed_at is not None:
            continue
        changes = {**ended, **ends_as(request, State(str(ended["state"])))}
        rests = request.state == State.SUSPENDED
        if not rests:
            reserved = accounts.reserved_of(request)
            accounts.post(ctx, account.account, request, "release", reserved=-reserved)
        Request.update(changes).where(Request.id == request.id).execute()
        if not rests:
            tell(ctx, request)
            released += 1
    return released


def _ended(ctx: Context, standing: Standing, changes: dict[str, object]) -> None:
    Standing.update(changes).where(Standing.id == standing.id).execute()
    for name, value in changes.items():
        setattr(standing, name, value)


def _open_times(standing: Standing) -> Any:
    """Return the query for what is agreed, and for what rests: that would come back by being revived."""
    return (
        Request.select()
        .where(
            (Request.standing == standing.id) & Request.state.in_((*AGREED_STATES, State.SUSPENDED))
        )
        .order_by(Request.work_date, Request.id)
    )
