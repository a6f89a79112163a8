"""Asking, answering and accepting without one's name: what the worker does at the quarter of an hour."""

from typing import Any

from niwari.api import Context, HiddenAuthor, Ref, Uploads, attach
from niwari_consult.models import Answer, Question
from niwari_consult.service.changing import check_open, choose, count_answer, question_to_change
from niwari_consult.service.telling import tell_of_answer, tell_of_question

ASK, ANSWER, ACCEPT = "consult.ask", "consult.answer", "consult.accept"


def publish_question(
    ctx: Context,
    author: HiddenAuthor,
    *,
    topic: str,
    title: str,
    audience: str,
    uploads: Uploads | None = None,
    **text: str,
) -> None:
    """Publish a question whose author is hidden; ``text`` are the columns of its shape."""
    question = Question.create(
        **author.columns(ctx, Question),
        topic=topic,
        title=title,
        audience=audience,
        **text,
        asked_at=ctx.now,
        last_activity_at=ctx.now,
        day_only=True,
        has_files=uploads is not None,
    )
    if uploads is not None:
        attach(ctx, Ref("consult.question", question.id), uploads)
    tell_of_question(ctx, question)
    author.keep(ctx, ASK, question, topic=topic, audience=audience)


def publish_answer(ctx: Context, author: HiddenAuthor, *, question_id: int, body: str) -> None:
    """Publish an answer whose author is hidden; who asked so keeps the letter of the question."""
    question = question_to_change(ctx, question_id)
    check_open(question)
    hidden = list(_hidden_answers(question))
    row = Answer.create(
        **author.columns(ctx, Answer, thread=[question, *hidden]),
        question=question.id,
        body=body,
        answered_at=ctx.now,
    )
    count_answer(ctx, question, day_only=True)
    tell_of_answer(ctx, question, hidden, but=row.alias_letter)
    author.keep(ctx, ANSWER, row, question, question=question.id)


def publish_acceptance(
    ctx: Context, author: HiddenAuthor, *, question_id: int, answer_id: int
) -> None:
    """Accept an answer for a hidden asker; of somebody else's question nothing is changed."""
    question = question_to_change(ctx, question_id)
    if choose(ctx, question, answer_id, is_asker=author.wrote(question)):
        author.audit(ctx, ACCEPT, question, answer=answer_id)


def _hidden_answers(question: Question) -> Any:
    of_thread = (Answer.question == question.id) & Answer.hidden_on.is_null(False)
    return Answer.select().where(of_thread).order_by(Answer.id)
