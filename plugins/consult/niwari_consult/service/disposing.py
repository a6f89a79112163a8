"""Removing questions that nobody has touched for as long as the municipality keeps them."""

from datetime import date, datetime, time

from niwari.api import TOKYO, Context, Receipt, locked
from niwari_consult.models import Answer, Question

PORTION = 200
"""So many questions go in one transaction."""


def dispose(ctx: Context, before: date) -> Receipt:
    """Remove the municipality's next questions whose last activity was before a day, with all answers.

    The questions are locked first, as whoever answers does. In the caller's transaction.
    """
    until = datetime.combine(before, time(), TOKYO)
    old = (Question.municipality == ctx.municipality.id) & (Question.last_activity_at < until)
    next_ones = Question.select(Question.id).where(old).order_by(Question.id).limit(PORTION)
    ids = [row.id for row in locked(next_ones)]
    if not ids:
        return Receipt()
    gone: int = Answer.delete().where(Answer.question.in_(ids)).execute()
    gone += Question.delete().where(Question.id.in_(ids)).execute()
    return Receipt(erased=gone)
