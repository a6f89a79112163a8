"""Asking, answering, accepting. Each is one transaction with its audit row."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from niwari.api import (
    REGION,
    Appointment,
    Context,
    NotFound,
    Ref,
    active_now,
    audit,
    is_held,
    locked,
    notify,
    paused,
    transaction,
    visible,
    within_reach,
)
from niwari_consult.errors import (
    ChangedAlready,
    NotTheAsker,
    Paused,
    StaleForm,
    UnknownAudience,
)
from niwari_consult.models import AUDIENCES, SOLVED, Answer, Question
from niwari_consult.notices import ACCEPTED, ANSWERED
from niwari_consult.service.rows import PLUGIN
from niwari_consult.texts import InParts, Plain, checked_body, checked_title
from niwari_consult.topics import checked_topic

ACCEPTANCES = 2  # choosing an answer, and changing one's mind once


@dataclass(frozen=True, slots=True)
class Posted:
    """The row that a form led to; ``new`` is false where the form had been sent before.

    ``answer_count`` is the number of answers that the question has now.
    """

    id: int
    new: bool
    answer_count: int = 0


def audiences(ctx: Context) -> tuple[str, ...]:
    """Return who may be let read the acting person's question: without a region, the own town."""
    return tuple(a for a in AUDIENCES if a != REGION or ctx.municipality.region_id is not None)


def ask(
    ctx: Context, *, topic: str, title: str, text: Plain | InParts, audience: str, form_key: str
) -> Posted:
    """Post a question of the acting person.

    ``form_key`` is a UUID made when the form was shown: the same form sent again leads to the same
    question and changes nothing. Raises ``UnknownTopic``, ``UnknownAudience``, ``StaleForm``, or
    what the rules for texts refuse (``Blank``, ``TooLong``, ``Illegible``).
    """
    if audience not in audiences(ctx):
        raise UnknownAudience
    values = {"topic": checked_topic(topic), "title": checked_title(title), "audience": audience}
    values |= text.checked()
    key = _checked_key(form_key)
    with transaction(ctx):
        # Two clicks at the same moment come one after the other here.
        locked(Appointment.select(Appointment.id).where(Appointment.id == ctx.acting.id)).execute()
        if sent := _sent_before(ctx, Question, key):
            return sent
        _check_on_here(ctx)
        question = Question.create(
            **Question.owned_by(ctx),
            **values,
            author=ctx.acting.id,
            asked_at=ctx.now,
            last_activity_at=ctx.now,
            form_key=key,
        )
        audit(ctx, "consult.ask", "consult.question", question.id, topic=topic, audience=audience)
        return Posted(question.id, new=True)


def answer(ctx: Context, question_id: int, *, body: str, form_key: str) -> Posted:
    """Post an answer of the acting person; returns the answer's id.

    ``form_key`` as in ``ask``. Raises ``NotFound`` for a question that one may not read, ``Paused``
    where its municipality has consult off, ``StaleForm``, or what the rules for texts refuse.
    """
    body = checked_body(body)
    key = _checked_key(form_key)
    with transaction(ctx):
        question = _question_to_change(ctx, question_id)
        if sent := _sent_before(ctx, Answer, key):
            return replace(sent, answer_count=question.answer_count)
        _check_on_here(ctx)
        _check_open(question)
        row = Answer.create(
            question=question.id,
            author=ctx.acting.id,
            municipality=ctx.municipality.id,
            section=ctx.acting.section_id,
            body=body,
            answered_at=ctx.now,
            form_key=key,
        )
        Question.update(answer_count=Question.answer_count + 1, last_activity_at=ctx.now).where(
            Question.id == question.id
        ).execute()
        audit(ctx, "consult.answer", "consult.answer", row.id, question=question.id)
        _tell_of_answer(ctx, question)
        return Posted(row.id, new=True, answer_count=question.answer_count + 1)


def accept(ctx: Context, question_id: int, answer_id: int) -> None:
    """Let the asker say which answer solved the question; it may be changed once.

    Accepting the accepted answer again changes nothing. Raises ``NotFound`` for a question that one
    may not read, an answer to another question or one that is held back, ``NotTheAsker``,
    ``Paused`` where the question's municipality has consult off, ``ChangedAlready``.
    """
    with transaction(ctx):
        question = _question_to_change(ctx, question_id)
        asker = question.author and question.author.person_id
        if asker != ctx.person_id or not question.reached:
            raise NotTheAsker
        if (
            not Answer.select()
            .where((Answer.id == answer_id) & (Answer.question == question.id) & ~is_held(Answer))
            .exists()
        ):
            raise NotFound
        _check_open(question)
        if question.accepted_answer_id == answer_id:
            return
        if question.acceptances >= ACCEPTANCES:
            raise ChangedAlready
        Question.update(
            state=SOLVED,
            accepted_answer_id=answer_id,
            acceptances=Question.acceptances + 1,
        ).where(Question.id == question.id).execute()
        audit(ctx, "consult.accept", "consult.question", question.id, answer=answer_id)
        author = Answer.select(Answer.author).where(Answer.id == answer_id)
        notify(ctx, ACCEPTED.code, author, Ref("consult.question", question.id))


def _tell_of_answer(ctx: Context, question: Question) -> None:
    """Tell whoever asked, and those who answered before; the one who answers is not told."""
    involved = Answer.select(Answer.author).where(Answer.question == question.id)
    if question.author_id is not None:
        asker = Appointment.select(Appointment.id).where(Appointment.id == question.author_id)
        involved = involved | asker
    notify(ctx, ANSWERED.code, involved, Ref("consult.question", question.id))


def _question_to_change(ctx: Context, question_id: int) -> Any:
    """Return the question, locked until the transaction ends; raises ``NotFound``.

    ``reached`` tells whether it is within reach of the session, for whoever asked it.
    """
    query = Question.select(
        Question, within_reach(ctx, Question.municipality).alias("reached")
    ).where((Question.id == question_id) & visible(ctx, Question))
    question = locked(query).first()
    if question is None:
        raise NotFound
    return question


def _check_open(question: Question) -> None:
    """Raise ``Paused`` where the municipality that owns ``question`` has consult off."""
    if paused(question):
        raise Paused(municipality=question.municipality.name)


def _check_on_here(ctx: Context) -> None:
    """Raise ``NotFound`` where consult was switched off here while the page stood open."""
    if not active_now(ctx, PLUGIN):
        raise NotFound


def _checked_key(form_key: str) -> str:
    try:
        return str(UUID(form_key))
    except ValueError as error:
        raise StaleForm from error


def _sent_before(ctx: Context, model: type[Any], form_key: str) -> Posted | None:
    """Return what this form has led to already; raises ``StaleForm`` for somebody else's key."""
    row = model.get_or_none(model.form_key == form_key)
    if row is None:
        return None
    if row.author is None or row.author.person_id != ctx.person_id:
        raise StaleForm
    return Posted(row.id, new=False)
