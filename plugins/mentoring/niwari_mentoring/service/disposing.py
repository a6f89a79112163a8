"""Removing questions as old as the municipality keeps them, and pairs and open days over so long ago."""

from datetime import date, datetime, time
from typing import Any

from niwari.api import TOKYO, Context, Receipt, locked
from niwari_mentoring.models import (
    DECLINED,
    ENDED,
    WITHDRAWN,
    Meeting,
    Message,
    Note,
    OpenDay,
    Pair,
    Seat,
    SectionProfile,
)

PORTION = 200
"""So many go in one transaction."""
QUESTIONS, PAIRS, OPEN_DAYS = "questions", "pairs", "open_days"


def dispose(ctx: Context, category: str, before: date) -> Receipt:
    """Remove the municipality's next rows of a category that ended before a day.

    Questions go with their answers, a day after the last word in them; pairs with meetings and notes;
    open days with their seats.
    In the caller's transaction.
    """
    until = datetime.combine(before, time(), TOKYO)
    if category == OPEN_DAYS:
        return _open_days(ctx, until)
    return _questions(ctx, until) if category == QUESTIONS else _pairs(ctx, before, until)


def _questions(ctx: Context, until: datetime) -> Receipt:
    answers = Message.alias()
    since = answers.select(answers.question).where(
        answers.question.is_null(False) & (answers.said_at >= until)
    )
    old = (
        Message.question.is_null()
        & (Message.said_at < until)
        & Message.id.not_in(since)
        & Message.profile.in_(
            SectionProfile.select(SectionProfile.id).where(
                SectionProfile.municipality == ctx.municipality.id
            )
        )
    )
    ids = _next(Message, old)
    if not ids:
        return Receipt()
    gone: int = Message.delete().where(Message.question.in_(ids)).execute()
    gone += Message.delete().where(Message.id.in_(ids)).execute()
    return Receipt(erased=gone)


def _pairs(ctx: Context, before: date, until: datetime) -> Receipt:
    over = ((Pair.state == DECLINED) & (Pair.answered_at < until)) | (
        Pair.state.in_((WITHDRAWN, ENDED)) & (Pair.ended_at < until)
    )
    ids = _next(Pair, (Pair.municipality == ctx.municipality.id) & (over | (Pair.ends_on < before)))
    if not ids:
        return Receipt()
    gone: int = Note.delete().where(Note.pair.in_(ids)).execute()
    gone += Meeting.delete().where(Meeting.pair.in_(ids)).execute()
    gone += Pair.delete().where(Pair.id.in_(ids)).execute()
    return Receipt(erased=gone)


def _open_days(ctx: Context, until: datetime) -> Receipt:
    over = (OpenDay.municipality == ctx.municipality.id) & (OpenDay.ends_at < until)
    ids = _next(OpenDay, over)
    if not ids:
        return Receipt()
    gone: int = Seat.delete().where(Seat.open_day.in_(ids)).execute()
    gone += OpenDay.delete().where(OpenDay.id.in_(ids)).execute()
    return Receipt(erased=gone)


def _next(model: Any, old: Any) -> list[int]:
    query = model.select(model.id).where(old).order_by(model.id).limit(PORTION)
    return [row.id for row in locked(query)]
