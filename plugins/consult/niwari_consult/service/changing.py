"""What changes a question, whoever does it and whether by name: the rules are here once."""

from typing import Any

from niwari.api import Context, NotFound, Ref, is_held, locked, paused, tell_author, visible
from niwari_consult.errors import ChangedAlready, NotTheAsker, Paused
from niwari_consult.models import SOLVED, Answer, Question
from niwari_consult.notices import ACCEPTED

ACCEPTANCES = 2  # choosing an answer, and changing one's mind once


def question_to_change(ctx: Context, question_id: int, *more: Any) -> Any:
    """Return the question, locked until the transaction ends; raises ``NotFound``."""
    query = Question.select(Question, *more).where(
        (Question.id == question_id) & visible(ctx, Question)
    )
    question = locked(query).first()
    if question is None:
        raise NotFound
    return question


def check_open(question: Question) -> None:
    """Raise ``Paused`` where the municipality that owns ``question`` has consult off.

    Not of a hidden author's: it would tell from which municipality it is.
    """
    if question.hidden_on is None and paused(question):
        raise Paused(municipality=question.municipality.name)


def count_answer(ctx: Context, question: Question, *, day_only: bool = False) -> None:
    """Let the question say that it has one answer more."""
    Question.update(
        answer_count=Question.answer_count + 1, last_activity_at=ctx.now, day_only=day_only
    ).where(Question.id == question.id).execute()


def may_choose(question: Question, answer_id: int, *, is_asker: bool) -> bool:
    """Tell whether accepting the answer changes anything; raises what ``posting.accept`` does."""
    if not is_asker:
        raise NotTheAsker
    here = (Answer.id == answer_id) & (Answer.question == question.id) & ~is_held(Answer)
    if not Answer.select().where(here).exists():
        raise NotFound
    check_open(question)
    if question.accepted_answer_id == answer_id:
        return False
    if question.acceptances >= ACCEPTANCES:
        raise ChangedAlready
    return True


def choose(ctx: Context, question: Question, answer_id: int, *, is_asker: bool) -> bool:
    """Let an answer be the accepted one and tell its author; returns whether anything changed.

    ``question`` is locked by the caller. Raises what ``posting.accept`` does.
    """
    if not may_choose(question, answer_id, is_asker=is_asker):
        return False
    Question.update(
        state=SOLVED, accepted_answer_id=answer_id, acceptances=Question.acceptances + 1
    ).where(Question.id == question.id).execute()
    answer = Answer.get_by_id(answer_id)
    tell_author(ctx, ACCEPTED.code, answer, Ref("consult.question", question.id))
    return True
