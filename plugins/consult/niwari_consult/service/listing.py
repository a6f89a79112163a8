"""Lists of questions: the pages of the three tabs, and the few for the home card."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Self

from niwari.api import Context, NotFound, Person, own_hidden, within_reach
from niwari_consult.models import Question
from niwari_consult.service.rows import Summary, readable, summary
from niwari_consult.topics import TOPICS_BY_CODE

PAGE = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Tab(StrEnum):
    """Which questions a list shows."""

    EVERYONE = "everyone"
    WAITING = "waiting"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last question of a page; the next page begins below it."""

    last_activity_at: datetime
    id: int

    @classmethod
    def of(cls, question: Summary) -> Self:
        """Return the cursor that points at ``question``."""
        return cls(question.last_activity_at, question.id)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what ``str`` wrote; raises ``NotFound`` for anything else."""
        micros, _, id_ = text.partition("-")
        try:
            # More than an integer key can hold would stop the query instead of finding nothing.
            return cls(_EPOCH + int(micros) * _MICROSECOND, min(max(int(id_), 0), 2**31 - 1))
        except (ValueError, OverflowError) as error:
            raise NotFound from error

    def __str__(self) -> str:
        return f"{(self.last_activity_at - _EPOCH) // _MICROSECOND}-{self.id}"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of questions, those with the latest activity first. ``next`` is empty on the last."""

    questions: tuple[Summary, ...]
    next: str


def list_questions(
    ctx: Context, tab: Tab = Tab.EVERYONE, *, topic: str = "", after: str = ""
) -> Listing:
    """Return a page of the questions that the acting person may read, in one query.

    One's own cost another, for those that one asked without a name.

    ``topic`` narrows it to a topic's code, ``after`` is the ``next`` of the page before. A question
    that is answered meanwhile moves to the top; none is lost or repeated among the others. Raises
    ``NotFound`` for an unknown topic or a cursor that no page gave out.
    """
    query = readable(ctx)
    if tab is Tab.WAITING:
        query = query.where(Question.answer_count == 0)
    elif tab is Tab.MINE:
        by_name = (Person.id == ctx.person_id) & within_reach(ctx, Question.municipality)
        hidden = own_hidden(ctx, "consult.question")
        query = query.where(by_name | Question.id.in_(sorted(hidden)))
    if topic:
        if topic not in TOPICS_BY_CODE:
            raise NotFound
        query = query.where(Question.topic == topic)
    if after:
        last = Cursor.parse(after)
        # The first condition alone tells the index where to begin.
        query = query.where(
            (Question.last_activity_at <= last.last_activity_at)
            & ((Question.last_activity_at < last.last_activity_at) | (Question.id < last.id))
        )
    query = query.order_by(Question.last_activity_at.desc(), Question.id.desc()).limit(PAGE + 1)
    found = [summary(ctx, row) for row in query]
    page = tuple(found[:PAGE])
    return Listing(page, str(Cursor.of(page[-1])) if len(found) > PAGE else "")


def waiting_for_others(ctx: Context, count: int) -> list[Summary]:
    """Return up to ``count`` unanswered questions of other people that one may answer now.

    Those without a name are among them, one's own too. One query. Of the latest ``PAGE`` ones those
    are left out whose municipality has consult off.
    """
    query = (
        readable(ctx)
        .where((Question.answer_count == 0) & (Person.id.is_null() | (Person.id != ctx.person_id)))
        .order_by(Question.last_activity_at.desc(), Question.id.desc())
        .limit(PAGE)
    )
    latest = (summary(ctx, row) for row in query)
    return list(islice((question for question in latest if not question.paused), count))
