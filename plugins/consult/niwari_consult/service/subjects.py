"""What consult keeps of a person or a municipality: handed out, and erased."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from niwari.api import Appointment, Receipt, Record, Subject
from niwari_consult.models import OPEN, Answer, Question

ERASED = "—"
"""Stands where the author of a question had the text erased; the pages say so in words."""


def records(subject: Subject) -> Iterator[Record]:
    """Yield the questions and answers of ``subject``, the oldest first."""
    for question in _of(subject, Question).order_by(Question.id).iterator():
        yield Record(
            "consult.question",
            question.id,
            {
                "topic": question.topic,
                "title": question.title,
                "background": question.background,
                "heard": question.heard,
                "ask": question.ask,
                "body": question.body,
                "audience": question.audience,
                "asked_at": question.asked_at.isoformat(),
            },
        )
    for answer in _of(subject, Answer).order_by(Answer.id).iterator():
        yield Record(
            "consult.answer",
            answer.id,
            {
                "question": answer.question_id,
                "body": answer.body,
                "answered_at": answer.answered_at.isoformat(),
            },
        )


def erase(subject: Subject) -> Receipt:
    """Remove the answers of ``subject``, and the questions that nobody else has answered.

    A question with answers of others stays for their sake, without author and words.
    """
    answers = [(row.id, row.question_id) for row in _of(subject, Answer)]
    Answer.delete().where(Answer.id.in_([answer for answer, _ in answers])).execute()
    for question in sorted({question for _, question in answers}):
        _recount(question)
    mine = [row.id for row in _of(subject, Question).order_by(Question.id)]
    answered = Question.id.in_(Answer.select(Answer.question).distinct())
    removed: int = Question.delete().where(Question.id.in_(mine) & ~answered).execute()
    kept = [row.id for row in Question.select(Question.id).where(Question.id.in_(mine))]
    for question in kept:
        _redact(question)
    return Receipt(erased=len(answers) + removed, redacted=len(kept))


def _of(subject: Subject, model: Any) -> Any:
    """Return the rows of ``model`` that ``subject`` wrote."""
    found = model.select().where(model.author.is_null(False))
    if subject.person_id is not None:
        posts = Appointment.select(Appointment.id).where(Appointment.person == subject.person_id)
        found = found.where(model.author.in_(posts))
    if subject.municipality_id is not None:
        found = found.where(model.municipality == subject.municipality_id)
    return found


def _recount(question_id: int) -> None:
    """Let a question say again how many answers it has; one that lost its accepted answer is open."""
    left = Answer.select().where(Answer.question == question_id)
    Question.update(answer_count=left.count()).where(Question.id == question_id).execute()
    Question.update(state=OPEN, accepted_answer_id=None).where(
        (Question.id == question_id)
        & Question.accepted_answer_id.is_null(False)
        & Question.accepted_answer_id.not_in(left.select(Answer.id))
    ).execute()


def _redact(question_id: int) -> None:
    Question.update(
        author=None,
        title=ERASED,
        background="",
        heard="",
        ask="",
        body=ERASED,
        form_key=str(uuid4()),
    ).where(Question.id == question_id).execute()
