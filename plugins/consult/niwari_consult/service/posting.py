"""Asking, answering, accepting, with one's name or without. Each is one transaction.

What is done by name has its audit row in it; what is done without is asked for, and done by
``hiding`` at the next quarter of an hour.
"""

from dataclasses import dataclass, replace
from typing import Any

from niwari.api import (
    REGION,
    Context,
    NotFound,
    Ref,
    StaleForm,
    Uploads,
    active_now,
    attach,
    audit,
    checked_choice,
    checked_key,
    hold_self,
    is_mine,
    later_hidden,
    transaction,
    within_reach,
)
from niwari_consult.models import AUDIENCES, Answer, Question
from niwari_consult.service.changing import (
    check_open,
    choose,
    count_answer,
    may_choose,
    question_to_change,
)
from niwari_consult.service.hiding import ACCEPT, ANSWER, ASK
from niwari_consult.service.rows import PLUGIN
from niwari_consult.service.telling import tell_of_answer, tell_of_question
from niwari_consult.texts import InParts, Plain, checked_body, checked_title
from niwari_consult.topics import checked_topic


@dataclass(frozen=True, slots=True)
class Posted:
    """The row that a form led to; ``new`` is false where the form had been sent before.

    ``waits``: it was sent without a name, and there is no row before the next quarter of an hour; the
    id is 0. ``answer_count`` is the number of answers that the question has now.
    """

    id: int
    new: bool
    answer_count: int = 0
    waits: bool = False


def audiences(ctx: Context) -> tuple[str, ...]:
    """Return who may be let read the acting person's question: without a region, the own town.

    Never a section: its people would know who of them asked without a name.
    """
    return tuple(a for a in AUDIENCES if a != REGION or ctx.municipality.region_id is not None)


def ask(
    ctx: Context,
    *,
    topic: str,
    title: str,
    text: Plain | InParts,
    audience: str,
    form_key: str,
    hide_name: bool = False,
    uploads: Uploads | None = None,
) -> Posted:
    """Post a question of the acting person, by name or with ``hide_name`` without.

    ``form_key`` is a UUID made when the form was shown: the same form sent again leads to the same
    question and changes nothing. Raises ``NotChosen``, ``StaleForm``, what the rules for texts
    refuse (``Blank``, ``TooLong``, ``Illegible``), what is refused of files, and of somebody hidden what
    ``later_hidden`` refuses.
    """
    checked_choice(audience, audiences(ctx), "audience")
    values = {"topic": checked_topic(topic), "title": checked_title(title), "audience": audience}
    values |= text.checked()
    key = checked_key(form_key)
    with transaction(ctx):
        if hide_name:
            _check_on_here(ctx)
            new = later_hidden(ctx, ASK, key=key, uploads=uploads, **values)
            return Posted(0, new, waits=True)
        hold_self(ctx)
        if sent := _sent_before(ctx, Question, key):
            return sent
        _check_on_here(ctx)
        question = Question.create(
            **Question.owned_by(ctx),
            **values,
            author=ctx.acting.id,
            asked_at=ctx.now,
            last_activity_at=ctx.now,
            has_files=bool(uploads),
            key=key,
        )
        if uploads:
            attach(ctx, Ref("consult.question", question.id), uploads)
        audit(ctx, ASK, "consult.question", question.id, topic=topic, audience=audience)
        tell_of_question(ctx, question)
        return Posted(question.id, new=True)


def answer(
    ctx: Context, question_id: int, *, body: str, form_key: str, hide_name: bool = False
) -> Posted:
    """Post an answer of the acting person, by name or with ``hide_name`` without.

    ``form_key`` as in ``ask``. Raises ``NotFound`` for a question that one may not read, ``Paused``
    where its municipality has consult off, ``StaleForm``, or what the rules for texts refuse.
    """
    body = checked_body(body)
    key = checked_key(form_key)
    with transaction(ctx):
        question = question_to_change(ctx, question_id)
        if hide_name:
            _check_on_here(ctx)
            check_open(question)
            new = later_hidden(ctx, ANSWER, key=key, question_id=question.id, body=body)
            return Posted(0, new, question.answer_count, waits=True)
        if sent := _sent_before(ctx, Answer, key):
            return replace(sent, answer_count=question.answer_count)
        _check_on_here(ctx)
        check_open(question)
        row = Answer.create(
            question=question.id,
            author=ctx.acting.id,
            municipality=ctx.municipality.id,
            section=ctx.acting.section_id,
            body=body,
            answered_at=ctx.now,
            key=key,
        )
        count_answer(ctx, question)
        audit(ctx, ANSWER, "consult.answer", row.id, question=question.id)
        hidden = Answer.select().where(
            (Answer.question == question.id) & Answer.hidden_on.is_null(False)
        )
        tell_of_answer(ctx, question, hidden)
        return Posted(row.id, new=True, answer_count=question.answer_count + 1)


def accept(ctx: Context, question_id: int, answer_id: int, *, form_key: str = "") -> bool:
    """Let the asker say which answer solved the question; it may be changed once.

    Returns whether it is done: of who asked without a name it waits for the next quarter of an hour,
    under the UUID ``form_key``. Accepting the accepted answer again changes nothing. Raises
    ``NotFound`` for a question that one may not read, an answer to another question or one that is
    held back, and where consult was switched off here, ``NotTheAsker``, ``Paused`` where the
    question's municipality has it off, ``ChangedAlready``.
    """
    with transaction(ctx):
        reached = within_reach(ctx, Question.municipality).alias("reached")
        question = question_to_change(ctx, question_id, reached)
        _check_on_here(ctx)
        if question.hidden_on is not None:
            own = question.id in is_mine(ctx, "consult.question", [question.id])
            if may_choose(question, answer_id, is_asker=own):
                key = checked_key(form_key)
                later_hidden(ctx, ACCEPT, key=key, question_id=question.id, answer_id=answer_id)
            return False
        asker = question.author and question.author.person_id
        own = asker == ctx.person_id and bool(question.reached)
        if choose(ctx, question, answer_id, is_asker=own):
            audit(ctx, ACCEPT, "consult.question", question.id, answer=answer_id)
        return True


def _check_on_here(ctx: Context) -> None:
    """Raise ``NotFound`` where consult was switched off here while the page stood open."""
    if not active_now(ctx, PLUGIN):
        raise NotFound


def _sent_before(ctx: Context, model: type[Any], form_key: str) -> Posted | None:
    """Return what this form has led to already; raises ``StaleForm`` for somebody else's key."""
    row = model.get_or_none(model.key == form_key)
    if row is None:
        return None
    if row.author is None or row.author.person_id != ctx.person_id:
        raise StaleForm
    return Posted(row.id, new=False)
