"""Questions inside a notebook, and their answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN

from niwari.api import (
    Appointment,
    Context,
    NotFound,
    Person,
    Ref,
    StaleForm,
    audit,
    checked_key,
    checked_text,
    is_held,
    notify,
    transaction,
    visible,
)
from niwari_handover.models import Duty, Handing, Message
from niwari_handover.notices import ANSWERED, ASKED
from niwari_handover.service.sight import Seen, get_seen, held, posts_holding
from niwari_handover.texts import MESSAGE_LIMIT

KIND = "handover.notebook"
PAGE = 20


@dataclass(frozen=True, slots=True)
class Said:
    """A question or an answer as it is shown; ``author`` is empty where it was erased."""

    id: int
    text: str
    author: str
    said_at: datetime
    is_held: bool
    duty_id: int | None
    duty: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answers, the oldest first."""

    question: Said
    answers: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Questions:
    """A page of the questions of a notebook, the newest first; ``next`` is below which another begins."""

    asked: Sequence[Asked]
    next: int | None

    def written(self) -> list[str]:
        """Return every text of the page, for ``prepare_texts``."""
        return [one.text for asked in self.asked for one in (asked.question, *asked.answers)]


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
    """Answer a question; whoever asked is told. Returns the notebook's id. Raises as ``ask`` does."""
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
    return notebook, _said(_messages(notebook.id).where(Message.id == question_id).first())


def _question(question_id: int) -> Any:
    here = (Message.id == question_id) & Message.question.is_null() & ~is_held(Message)
    question = Message.get_or_none(here)
    if question is None:
        raise NotFound
    return question


def questions(notebook_id: int, before: int = 0) -> Questions:
    """Return a page of questions with their answers; one query.

    For a notebook that the caller has read through ``get_seen``.
    """
    newest = Message.alias()
    asked = newest.select(newest.id).where(
        (newest.notebook == notebook_id) & newest.question.is_null()
    )
    if before:
        asked = asked.where(newest.id < before)
    asked = asked.order_by(newest.id.desc()).limit(PAGE + 1)
    here = Message.id.in_(asked) | Message.question.in_(asked)
    found: list[Said] = []
    replies: dict[int, list[Said]] = defaultdict(list)
    for row in _messages(notebook_id).where(here).order_by(Message.id):
        said = _said(row)
        if row.question_id is None:
            found.insert(0, said)
        else:
            replies[row.question_id].append(said)
    page = [Asked(one, replies[one.id]) for one in found[:PAGE]]
    return Questions(page, page[-1].question.id if len(found) > PAGE else None)


def _messages(notebook_id: int) -> Any:
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
        .where(Message.notebook == notebook_id)
        .objects()
    )


def _said(row: Any) -> Said:
    return Said(
        row.id,
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


def _say(ctx: Context, notebook_id: int, text: str, form_key: str, **more: Any) -> tuple[Any, bool]:
    text = checked_text(text, "text", MESSAGE_LIMIT, required=True)
    key = checked_key(form_key)
    sent = Message.get_or_none(Message.form_key == key)
    if sent is not None:
        if sent.notebook_id != notebook_id or sent.author_id != ctx.acting.id:
            raise StaleForm
        return sent, False
    return (
        Message.create(
            notebook=notebook_id,
            author=ctx.acting.id,
            text=text,
            said_at=ctx.now,
            form_key=key,
            **more,
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
