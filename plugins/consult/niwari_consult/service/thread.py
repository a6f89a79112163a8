"""One question with its answers."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from peewee import JOIN, Case

from niwari.api import (
    Appointment,
    Attached,
    Context,
    Municipality,
    NotFound,
    Person,
    Ref,
    Section,
    attachments,
    hidden_name,
    is_held,
    is_mine,
    not_withdrawn,
    section_name,
)
from niwari_consult.models import Answer, Question
from niwari_consult.service.changing import ACCEPTANCES
from niwari_consult.service.rows import Byline, Summary, readable, summary
from niwari_consult.texts import InParts, Plain

ANSWERS = 50


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as its reader sees it; of one that moderators hold back neither words nor author."""

    id: int
    byline: Byline
    body: str
    answered_at: datetime
    is_held: bool
    day_only: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """A question, the accepted answer, and a page of the other answers, oldest first.

    ``next`` is the id after which the next page begins, or ``None`` on the last. ``may_answer`` and
    ``may_accept`` say what is open to the reader; ``last_choice``: accepting another is final.
    ``mine``: the reader asked it, by name or without; ``files`` are those of the question.
    """

    question: Summary
    text: Plain | InParts
    accepted: Reply | None
    replies: tuple[Reply, ...]
    next: int | None
    may_answer: bool
    may_accept: bool
    last_choice: bool
    mine: bool = False
    files: tuple[Attached, ...] = ()

    def written(self) -> tuple[str, ...]:
        """Return all texts of the page, for what they name to be looked up at once."""
        answers = (self.accepted, *self.replies) if self.accepted else self.replies
        return *asdict(self.text).values(), *(answer.body for answer in answers)


def get_thread(ctx: Context, question_id: int, *, after: int = 0) -> Thread:
    """Return a question and the ``ANSWERS`` answers after the one with the id ``after``.

    Two queries, however long the thread is; one more of a question with files, one or two more of one
    without a name. Raises ``NotFound`` where the question is not there for the acting person.
    """
    columns = (
        Question.background,
        Question.heard,
        Question.ask,
        Question.body,
        Question.accepted_answer_id,
        Question.acceptances,
        Question.has_files,
    )
    row = readable(ctx, *columns).where(Question.id == question_id).first()
    if row is None:
        raise NotFound
    background, heard, ask, body, accepted_id, acceptances, has_files = row[-len(columns) :]
    question = summary(ctx, row)
    accepted, replies = _replies(ctx, question_id, accepted_id, after)
    ref = Ref("consult.question", question.id)
    mine = question.mine or (question.hidden and bool(is_mine(ctx, ref.kind, [ref.id])))
    return Thread(
        question=question,
        text=Plain(body) if body else InParts(background, heard, ask),
        accepted=accepted,
        replies=tuple(replies[:ANSWERS]),
        next=replies[ANSWERS - 1].id if len(replies) > ANSWERS else None,
        may_answer=not question.paused,
        may_accept=mine and not question.paused and acceptances < ACCEPTANCES,
        last_choice=acceptances == ACCEPTANCES - 1,
        mine=mine,
        files=tuple(attachments(ctx, [ref])[ref]) if has_files else (),
    )


def page_of(answer_id: int, answer_count: int) -> int | None:
    """Return the ``after`` of a page that shows an answer; ``None`` where the first page does."""
    return answer_id - 1 if answer_count > ANSWERS else None


def _replies(
    ctx: Context, question_id: int, accepted_id: int | None, after: int
) -> tuple[Reply | None, list[Reply]]:
    """Read the accepted answer and one more than a page of the others, in one query."""
    is_accepted = Answer.id == (accepted_id or 0)
    query: Any = (
        Answer.select(
            Answer.id,
            Person.name,
            Municipality.name,
            section_name(ctx.today),
            Answer.body,
            Answer.answered_at,
            is_held(Answer),
            Answer.alias_letter,
        )
        .left_outer_join(Appointment, on=(Appointment.id == Answer.author))
        .join_from(Appointment, Person, JOIN.LEFT_OUTER)
        .join_from(Answer, Municipality)
        .join_from(Answer, Section)
        .where(
            (Answer.question == question_id)
            & (is_accepted | (Answer.id > after))
            & not_withdrawn(ctx, Answer)
        )
        .order_by(Case(None, ((is_accepted, 0),), 1), Answer.id)
        .limit(ANSWERS + 2)
        .tuples()
    )
    replies = [_reply(row) for row in query]
    accepted = replies.pop(0) if replies and replies[0].id == accepted_id else None
    return accepted, replies


def _reply(row: tuple[Any, ...]) -> Reply:
    id_, name, municipality, section, body, answered_at, held, alias = row
    if held:
        return Reply(id_, Byline("", "", ""), "", answered_at, is_held=True)
    if alias:
        by = Byline(hidden_name(alias), "", "")
        return Reply(id_, by, body, answered_at, is_held=False, day_only=True)
    return Reply(id_, Byline(name, municipality, section), body, answered_at, is_held=False)
