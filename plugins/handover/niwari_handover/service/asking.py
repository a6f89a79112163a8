"""Questions inside a notebook, and their answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from niwari.api import (
    Appointment,
    Context,
    NotFound,
    Person,
    Questions,
    Ref,
    StaleForm,
    audit,
    check_room_for_answer,
    checked_key,
    checked_text,
    is_held,
    notify,
    questions_page,
    transaction,
    visible,
)
from niwari_handover.models import Duty, Handing, Message
from niwari_handover.notices import ANSWERED, ASKED
from niwari_handover.service.sight import Seen, get_seen, held, posts_holding
from niwari_handover.texts import MESSAGE_LIMIT

KIND = "handover.notebook"


@dataclass(frozen=True, slots=True)
class Said:
    """A question or an answer as it is shown; ``author`` is empty where it was erased."""

    id: int
    question_id: int | None
    text: str
    author: str
    said_at: datetime
    is_held: bool
    duty_id: int | None
    duty: str


def ask(ctx: Context, notebook_id: int, *, text: str, duty_id: int | None, form_key: str) -> int:
    """Ask about a notebook, or one of its duties; returns the question's id.

    Whoever sees the notebook may. Those who hold the post are told, and the predecessor in the first
    year. The same ``form_key`` again returns the first. Raises ``NotFound``, ``StaleForm``, and what the
    texts refuse.
    """
    with transaction(ctx):
        notebook = held(ctx, notebook_id)
        if duty_id is not None and not _has(ctx, notebook.id, duty_id):
            raise NotFound
        row, new = _say(ctx, notebook.id, text, form_key, duty=duty_id)
        if new:
            audit(ctx, "handover.ask", KIND, notebook.id, message=row.id)
            notify(ctx, ASKED.code, _who_know(ctx, notebook.id), Ref(KIND, notebook.id))
    return int(row.id)


def answer(ctx: Context, question_id: int, *, text: str, form_key: str) -> int:
    """Answer a question; whoever asked is told. Returns the notebook's id.

    Raises as ``ask`` does, and ``TooManyAnswers``.
    """
    with transaction(ctx):
        notebook = held(ctx, _question(question_id).notebook_id)
        question = _question(question_id)
        row, new = _say(ctx, notebook.id, text, form_key, question=question.id)
        if new:
            audit(ctx, "handover.answer", KIND, notebook.id, message=row.id)
            if question.author_id is not None:
                notify(ctx, ANSWERED.code, [question.author_id], Ref(KIND, notebook.id))
    return int(notebook.id)


def get_question(ctx: Context, question_id: int) -> tuple[Seen, Said]:
    """Return a question with its notebook, for answering it; raises ``NotFound``."""
    notebook = get_seen(ctx, _question(question_id).notebook_id)
    return notebook, _said(_messages().where(Message.id == question_id).first())


def _question(question_id: int) -> Any:
    here = (Message.id == question_id) & Message.question.is_null() & ~is_held(Message)
    question = Message.get_or_none(here)
    if question is None:
        raise NotFound
    return question


def questions(notebook_id: int, before: int = 0) -> Questions[Said]:
    """Return a page of questions with their answers; one query.

    For a notebook that the caller has read through ``get_seen``.
    """
    here = Message.notebook == notebook_id
    return questions_page(_messages(), here, Message.question, _said, before)


def _messages() -> Any:
    return (
        Message.select(
            Message,
            Person.name.alias("author_name"),
            Duty.name.alias("duty_name"),
            is_held(Message).alias("held"),
        )
        .left_outer_join(Appointment, on=(Message.author == Appointment.id))
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .join_from(Message, Duty, JOIN.LEFT_OUTER, on=(Message.duty == Duty.id))
        .objects()
    )


def _said(row: Any) -> Said:
    return Said(
        row.id,
        row.question_id,
        row.text,
        row.author_name or "",
        row.said_at,
        bool(row.held),
        row.duty_id,
        row.duty_name or "",
    )


def _has(ctx: Context, notebook_id: int, duty_id: int) -> bool:
    here = (Duty.id == duty_id) & (Duty.notebook == notebook_id) & Duty.removed_at.is_null()
    return bool(Duty.select().where(here & visible(ctx, Duty)).exists())


def _say(
    ctx: Context,
    notebook_id: int,
    text: str,
    form_key: str,
    *,
    duty: int | None = None,
    question: int | None = None,
) -> tuple[Any, bool]:
    text = checked_text(text, "text", MESSAGE_LIMIT, required=True)
    key = checked_key(form_key)
    sent = Message.get_or_none(Message.form_key == key)
    if sent is not None:
        if sent.notebook_id != notebook_id or sent.author_id != ctx.acting.id:
            raise StaleForm
        return sent, False
    if question is not None:
        check_room_for_answer(Message.question, question)
    return (
        Message.create(
            notebook=notebook_id,
            author=ctx.acting.id,
            text=text,
            said_at=ctx.now,
            form_key=key,
            duty=duty,
            question=question,
        ),
        True,
    )


def _who_know(ctx: Context, notebook_id: int) -> list[int]:
    """Return the posts of those who hold the post, and of each predecessor in the first year."""
    here = (
        (Handing.notebook == notebook_id)
        & Handing.is_open()
        & (Handing.help_until >= ctx.today)
        & Handing.predecessor.is_null(False)
    )
    former = [row.predecessor_id for row in Handing.select(Handing.predecessor).where(here)]
    return [*posts_holding(ctx, notebook_id), *former]
