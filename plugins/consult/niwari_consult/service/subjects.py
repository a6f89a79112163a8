"""What consult keeps of a person or a municipality: handed out, and erased."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from peewee import Value, fn

from niwari.api import Appointment, Receipt, Record, Subject, forget_author, locked
from niwari_consult.models import OPEN, Answer, Question
from niwari_consult.service.rows import ERASED

BATCH = 500
"""So many questions are held in one statement."""


def records(subject: Subject) -> Iterator[Record]:
    """Yield the questions and answers of ``subject``, the oldest first.

    Nobody is handed out what was written without a name, neither its author nor their municipality:
    whoever makes the file would learn who, or where, it was.
    """
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

    A question with answers of others stays for their sake, without author and words; it goes with
    the last of them. What a person wrote without a name goes in the same way, and of a municipality
    all that its people wrote. In the caller's transaction, which holds every question that it touches.
    """
    theirs, receipt, last = _Theirs.of(subject), Receipt(), 0
    while batch := _next_questions(theirs, last):
        receipt, last = _erase_from(theirs, batch, receipt), batch[-1]
    return receipt


@dataclass(frozen=True, slots=True)
class _Theirs:
    """The conditions under which a question, or an answer, is to be erased."""

    question: Any
    answer: Any

    @classmethod
    def of(cls, subject: Subject) -> Self:
        """Ask the vault whose the hidden ones are, and let it forget that."""
        if subject.person_id is None:
            here = subject.municipality_id
            return cls(Question.municipality == here, Answer.municipality == here)
        questions = sorted(forget_author(subject, Question))
        answers = sorted(forget_author(subject, Answer))
        return cls(
            _by(subject, Question) | Question.id.in_(questions),
            _by(subject, Answer) | Answer.id.in_(answers),
        )


def _next_questions(theirs: _Theirs, after: int) -> list[int]:
    """Lock the next questions that the subject wrote or answered; returns their ids in order.

    Who answers or accepts locks the question first, so that none is counted while another answer is
    on its way. By id, so that two that erase never wait for each other; so many that a statement
    holds them.
    """
    answered = Question.id.in_(Answer.select(Answer.question).where(theirs.answer))
    to_see_to = (theirs.question & (Question.title != ERASED)) | answered
    found = (
        Question.select(Question.id)
        .where((Question.id > after) & to_see_to)
        .order_by(Question.id)
        .limit(BATCH)
    )
    return [row.id for row in locked(found)]


def _erase_from(theirs: _Theirs, batch: list[int], so_far: Receipt) -> Receipt:
    here = Question.id.in_(batch)
    gone: int = Answer.delete().where(Answer.question.in_(batch) & theirs.answer).execute()
    _recount(here)
    orphaned = (Question.answer_count == 0) & ((Question.title == ERASED) | theirs.question)
    gone += Question.delete().where(here & orphaned).execute()
    redacted: int = _redact(here & theirs.question & (Question.title != ERASED))
    return Receipt(erased=so_far.erased + gone, redacted=so_far.redacted + redacted)


def _of(subject: Subject, model: Any) -> Any:
    """Return the rows of ``model`` that ``subject`` wrote."""
    return model.select().where(_by(subject, model))


def _by(subject: Subject, model: Any) -> Any:
    """Return the condition that ``subject`` wrote a row of ``model`` by name."""
    wrote = model.author.is_null(False)
    if subject.person_id is not None:
        posts = Appointment.select(Appointment.id).where(Appointment.person == subject.person_id)
        wrote &= model.author.in_(posts)
    if subject.municipality_id is not None:
        wrote &= model.municipality == subject.municipality_id
    return wrote


def _recount(questions: Any) -> None:
    """Let questions say again how many answers they have.

    One that lost its accepted answer is open, and its asker may choose as if for the first time.
    """
    answers = Answer.select(fn.COUNT(Answer.id)).where(Answer.question == Question.id)
    Question.update(answer_count=answers).where(questions).execute()
    accepted = Answer.select(Answer.id).where(Answer.id == Question.accepted_answer_id)
    Question.update(state=OPEN, accepted_answer_id=None, acceptances=0).where(
        questions & Question.accepted_answer_id.is_null(False) & ~fn.EXISTS(accepted)
    ).execute()


def _redact(questions: Any) -> int:
    redacted: int = (
        Question.update(
            author=None,
            envelope="",
            title=ERASED,
            background="",
            heard="",
            ask="",
            body=ERASED,
            # No form bears such a key, and no other row.
            key=Value("erased-").concat(Question.id),
        )
        .where(questions)
        .execute()
    )
    return redacted
