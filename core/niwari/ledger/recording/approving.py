"""Corrections of closed periods: what HR sees of them, and its answer (rules L6, L7, L9)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, prepared, transaction
from niwari.directory.models import Person, Section
from niwari.directory.sections import section_name
from niwari.errors import N_, Invalid, NotFound
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking.requests import locked_with_account
from niwari.ledger.errors import AlreadyDecided, OwnCorrection, RecordChanged
from niwari.ledger.models import DISCREET_ACTIVITY, Correction, Request
from niwari.ledger.recording.correcting import LONGEST_REASON, check, put_right
from niwari.ledger.recording.postings import held_among, postings_of
from niwari.ledger.telling import tell_correction

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A correction as HR sees it: no purpose, and discreet classes as 「学び・相談」 (L14)."""

    id: int
    person_name: str
    section_name: str
    work_date: date
    activity: str
    former: int
    minutes: int
    reason: str
    asked_at: datetime
    state: str
    mine: bool


def waiting(ctx: Context) -> list[Asked]:
    """Return up to ``PAGE`` corrections of the municipality that wait for HR, the oldest first."""
    query = _of_town(ctx).where(Correction.state == "asked")
    return [_asked(ctx, row) for row in query.order_by(Correction.id).limit(PAGE)]


def decided(ctx: Context) -> list[Asked]:
    """Return the latest ``PAGE`` corrections that HR answered, the newest first."""
    query = _of_town(ctx).where(
        Correction.after_closing & Correction.state.in_(("posted", "refused"))
    )
    return [_asked(ctx, row) for row in query.order_by(Correction.id.desc()).limit(PAGE)]


def waiting_count(ctx: Context) -> int:
    """Return how many corrections of the municipality wait for HR."""
    return int(_waiting_count(ctx).rows()[0][0])


@prepared
def _waiting_count(ctx: Any) -> Any:
    return (
        Correction.select(fn.COUNT(Correction.id))
        .join(Request)
        .where((Correction.state == "asked") & (Request.municipality == ctx.municipality.id))
    )


def approve(ctx: Context, correction_id: int, *, note: str = "") -> Correction:
    """Approve a correction: it is posted, and the number of the closed month changes, marked so.

    The same again by the same person changes nothing. Raises ``NotFound``, ``AlreadyDecided``,
    ``OwnCorrection`` (L9), ``RecordChanged``, and what ``correcting.check`` refuses.
    """

    def post(opened: OpenAccount, request: Request, asked: Correction) -> dict[str, Any]:
        found = [
            one
            for one in held_among(postings_of(request.id))
            if one.entry.id == asked.original_id and one.minutes == asked.former
        ]
        if not found:
            raise RecordChanged
        check(ctx, opened, request, found[0], asked.minutes)
        entry = put_right(ctx, opened, request, found[0], asked.minutes, after_closing=True)
        return {"entry": entry}

    return _answer(ctx, correction_id, "posted", "ledger.approve_correction", note, post)


def refuse(ctx: Context, correction_id: int, *, note: str) -> Correction:
    """Refuse a correction with a word on why; the record stays. Raises as ``approve``, and ``Invalid``."""
    if not note.strip():
        raise Invalid(N_("認めない理由を一言入力してください。"), field="note")
    return _answer(
        ctx, correction_id, "refused", "ledger.refuse_correction", note, lambda *_given: {}
    )


def _answer(
    ctx: Context,
    correction_id: int,
    state: str,
    action: str,
    note: str,
    act: Callable[[OpenAccount, Request, Correction], dict[str, Any]],
) -> Correction:
    if len(note) > LONGEST_REASON:
        raise Invalid(N_("400文字以内で入力してください。"), field="note")
    with transaction(ctx):
        wanted = Correction.select(Correction.request).where(Correction.id == correction_id)
        opened, request = locked_with_account(
            ctx, wanted, Request.municipality == ctx.municipality.id
        )
        asked: Correction = locked(Correction.select().where(Correction.id == correction_id)).get()
        if asked.state == state and asked.decided_by_id == ctx.acting.id:
            return asked
        if asked.state != "asked":
            raise AlreadyDecided(N_("この訂正は、すでに処理されています。"))
        if request.person_id == ctx.person_id:
            raise OwnCorrection
        changes = {
            **act(opened, request, asked),
            "state": state,
            "decided_at": ctx.now,
            "decided_by": ctx.acting.id,
            "decision_note": note.strip(),
        }
        Correction.update(changes).where(Correction.id == asked.id).execute()
        audit.record(
            ctx,
            action,
            "ledger_request",
            request.id,
            former=asked.former,
            minutes=asked.minutes,
        )
        answered: Correction = Correction.get_by_id(asked.id)
        tell_correction(ctx, request, answered)
    return answered


def seen(ctx: Context, correction_id: int) -> Asked:
    """Return a correction of the municipality; else ``NotFound``."""
    row = _of_town(ctx).where(Correction.id == correction_id).first()
    if row is None:
        raise NotFound
    return _asked(ctx, row)


def _of_town(ctx: Context) -> Any:
    return (
        Correction.select(
            Correction.id,
            Correction.former,
            Correction.minutes,
            Correction.reason,
            Correction.asked_at,
            Correction.state,
            Request.work_date,
            Request.activity,
            Request.discreet,
            Request.person,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
        )
        .join_from(Correction, Request)
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .where((Request.municipality == ctx.municipality.id) & Correction.after_closing)
        .objects()
    )


def _asked(ctx: Context, row: Any) -> Asked:
    return Asked(
        row.id,
        row.person_name,
        row.section_name,
        row.work_date,
        DISCREET_ACTIVITY if row.discreet else row.activity,
        row.former,
        row.minutes,
        row.reason,
        row.asked_at,
        row.state,
        mine=row.person == ctx.person_id,
    )
