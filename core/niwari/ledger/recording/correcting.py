"""Correcting a record: the whole original is reversed, and a new entry stands in its place (L6, L7).

Before its period closes the person's word is enough. Afterwards a correction is asked for, and HR
decides (``approving``). A record that is taken back whole is reversed, and nothing replaces it: the
request stays recorded, with 0 minutes, and may be corrected again; so no other sum has to move.
"""

from dataclasses import dataclass
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.errors import N_, DomainError, Invalid, Minutes, NotFound
from niwari.identity.sessions.reach import within_reach
from niwari.ledger import accounts
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking.requests import own_locked
from niwari.ledger.errors import (
    AlreadyAsked,
    AlreadyDecided,
    CorrectionWaits,
    NothingToCorrect,
    NotRecorded,
    OverAgreement,
)
from niwari.ledger.models import AGREED_STATES, Correction, Request, State
from niwari.ledger.recording import supplements
from niwari.ledger.recording.postings import Held, draws, held_among, postings_of, reverse
from niwari.ledger.recording.recording import recorded_minutes
from niwari.ledger.standing.drawing import check_day
from niwari.texts import is_blank

LONGEST_REASON = 400
MOST_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form asks for: the record by its last entry, or the only one; its minutes; why.

    ``minutes`` may be 0, which takes the record back whole. ``key`` makes a double click one act.
    """

    minutes: int
    reason: str
    key: str
    entry_id: int | None = None


def correct(ctx: Context, request_id: int, wanted: Wanted) -> Correction:
    """Correct a record of an own request at once, or ask HR to where its period is closed.

    The same ``key`` again returns the first. Raises ``NotRecorded``, ``NothingToCorrect``,
    what ``supplements.check`` says of more than was agreed to (L17), ``OverFree`` for more than is left
    (L3), of an
    allowance what ``drawing.draw`` says of a day that does not hold it,
    ``CorrectionWaits`` while HR has not answered an earlier one, and ``Invalid`` for a reason that is
    missing after closing, or too long.
    """
    reason = wanted.reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("400文字以内で入力してください。"), field="reason")
    if not 0 <= wanted.minutes <= MOST_MINUTES:
        raise Invalid(N_("0分以上1,440分以内で入力してください。"), field="minutes")
    with transaction(ctx):
        opened, request = own_locked(ctx, request_id)
        first = Correction.get_or_none(
            (Correction.request == request.id) & (Correction.form_key == wanted.key)
        )
        if first is not None:
            return _same(first, wanted)
        held = _held(request, wanted.entry_id)
        check(ctx, opened, request, held, wanted.minutes)
        closed = opened.account.closed_at is not None
        if closed and is_blank(reason):
            raise Invalid(
                N_("締めた月の訂正です。人事担当が確かめられるように、理由を入力してください。"),
                field="reason",
            )
        entry = None if closed else put_right(ctx, opened, request, held, wanted.minutes)
        made: Correction = Correction.create(
            request=request.id,
            former=held.minutes,
            minutes=wanted.minutes,
            reason=reason,
            state="asked" if closed else "posted",
            after_closing=closed,
            form_key=wanted.key,
            asked_at=ctx.now,
            asked_by=ctx.acting.id,
            decided_at=None if closed else ctx.now,
            entry=entry,
            original=held.entry.id,
        )
        audit.record(
            ctx,
            "ledger.ask_correction" if closed else "ledger.correct",
            "ledger_request",
            request.id,
            municipality_id=request.municipality_id,
            former=held.minutes,
            minutes=wanted.minutes,
        )
    return made


def withdraw(ctx: Context, correction_id: int) -> Correction:
    """Take back what HR has not answered yet; again changes nothing.

    Raises ``NotFound`` for what is not one's own, and ``AlreadyDecided``.
    """
    own = (Request.person == ctx.person_id) & within_reach(ctx, Request.municipality)
    with transaction(ctx):
        query = (
            Correction.select(Correction, Request.municipality.alias("town"))
            .join(Request)
            .where((Correction.id == correction_id) & own)
            .objects()
        )
        asked: Any = locked(query, of=Correction).first()
        if asked is None:
            raise NotFound
        if asked.state == "withdrawn":
            return Correction.get_by_id(asked.id)
        if asked.state != "asked":
            raise AlreadyDecided
        Correction.update(state="withdrawn").where(Correction.id == asked.id).execute()
        audit.record(
            ctx,
            "ledger.withdraw_correction",
            "ledger_request",
            asked.request_id,
            municipality_id=asked.town,
        )
        taken_back: Correction = Correction.get_by_id(asked.id)
    return taken_back


def check(ctx: Context, opened: OpenAccount, request: Request, held: Held, minutes: int) -> None:
    """Refuse another number of minutes of a record by rule, under the account's lock.

    More than before must be within what was agreed to, or its tolerance, and within what is left; of
    an allowance also within the hours of its day (L10, L12). Raises as ``correct``.
    """
    if minutes == held.minutes:
        raise NothingToCorrect(minutes=Minutes(minutes))
    more = minutes - held.minutes
    if more < 0:
        return
    total = sum(one.minutes for one in held_among(postings_of(request.id)))
    stands = request.state in (*AGREED_STATES, State.RECORDED)
    most = request.agreed_minutes if stands else total  # what ended gives nothing more
    if total + more > most:
        if request.allowance or not stands:
            raise OverAgreement(agreed=Minutes(most))
        supplements.check(ctx, opened, request, minutes, more)
    if request.allowance:
        _check_day(ctx, opened, request, held, minutes)
    if not draws(request):
        supplements.check_free(opened, request, more)


def put_right(
    ctx: Context,
    opened: OpenAccount,
    request: Request,
    held: Held,
    minutes: int,
    *,
    after_closing: bool = False,
) -> int:
    """Post the reversal of what holds, and ``minutes`` in its place; returns the first row's id.

    In the caller's transaction. Of what was taken back nothing is left to reverse, and 0 minutes
    replace nothing. While the period is open an allowance is agreed to as long as something is left
    of it, and recorded when nothing is.
    """
    rows = []
    runs = draws(request)
    if not runs and not after_closing and _is_used_up(request):
        _set_state(request, _agreed_state(request))
        runs = True
    former = None
    if not held.is_taken_back:
        rows.append(reverse(ctx, opened.account, request, held.entry, after_closing=after_closing))
        former = supplements.take_back(ctx, opened, request, held, after_closing=after_closing)
    # What is beyond the agreement is a posting of its own; an allowance has none (L17).
    within = minutes if request.allowance else min(minutes, request.agreed_minutes)
    if within:
        rows.append(
            accounts.post(
                ctx,
                opened.account,
                request,
                "record",
                minutes=within,
                reserved=-within if draws(request) else 0,
                work_date=held.entry.work_date,
                replaces=held.entry.id,
                after_closing=after_closing,
            )
        )
    if minutes > within:
        supplements.post(
            ctx, opened, request, minutes - within, former=former, after_closing=after_closing
        )
    if runs and accounts.reserved_of(request) == 0:
        _set_state(request, State.RECORDED)
    return rows[0]


def _is_used_up(request: Request) -> bool:
    """Tell whether an allowance is recorded because all of it was drawn, and not because it ended."""
    if not request.allowance or request.state != State.RECORDED or request.ended_at is not None:
        return False
    return bool(recorded_minutes(request) == request.agreed_minutes)


def _agreed_state(request: Request) -> State:
    whole = request.agreed_minutes == request.minutes
    return State.AGREED if whole else State.PARTLY_AGREED


def _set_state(request: Request, state: State) -> None:
    Request.update(state=state).where(Request.id == request.id).execute()
    request.state = state


def _check_day(
    ctx: Context, opened: OpenAccount, request: Request, held: Held, minutes: int
) -> None:
    try:
        check_day(ctx, opened, request, held.entry.work_date, minutes, besides=held.minutes)
    except DomainError as error:
        error.field = "minutes"  # the day of a record stays
        raise


def _held(request: Request, entry_id: int | None) -> Held:
    """Return the record that is meant; raises ``NotRecorded`` and ``CorrectionWaits``."""
    found = [
        one
        for one in held_among(postings_of(request.id))
        if entry_id is None or one.entry.id == entry_id
    ]
    if len(found) != 1:
        raise NotRecorded
    waits = Correction.select().where(
        (Correction.request == request.id)
        & (Correction.state == "asked")
        & (Correction.original == found[0].entry.id)
    )
    if waits.exists():
        raise CorrectionWaits
    return found[0]


def _same(first: Correction, wanted: Wanted) -> Correction:
    if (first.minutes, first.reason) != (wanted.minutes, wanted.reason.strip()):
        raise AlreadyAsked(
            N_(
                "この画面からの訂正は、もう受け付けています。内容を確かめて、もう一度押してください。"
            )
        )
    return first
