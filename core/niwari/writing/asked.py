"""Questions with their answers below one row: a page of them, and how many answers one takes."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from niwari.errors import N_, DomainError

PAGE = 20
MOST_ANSWERS = 50
"""Answers of one question: a page reads all those of its questions at once."""


class TooManyAnswers(DomainError):
    """A question has as many answers as it takes."""

    text = N_(
        "一つの質問に書ける答えは%(most)d件までです。続きは、新しい質問として書いてください。"
    )


class Said(Protocol):
    """A question or an answer as a plugin shows it; ``question_id`` is ``None`` of a question."""

    @property
    def id(self) -> int:
        """The id of its row."""

    @property
    def question_id(self) -> int | None:
        """The question that it answers."""


S = TypeVar("S", bound=Said)


@dataclass(frozen=True, slots=True)
class Asked(Generic[S]):
    """A question with its answers, the oldest first."""

    question: S
    answers: Sequence[S]

    @property
    def is_full(self) -> bool:
        """Whether the question takes no more answers."""
        return len(self.answers) >= MOST_ANSWERS


@dataclass(frozen=True, slots=True)
class Questions(Generic[S]):
    """A page of questions, the newest first; ``next`` is below which another page begins."""

    asked: Sequence[Asked[S]]
    next: int | None

    @property
    def said(self) -> list[S]:
        """Every question and answer of the page, as for ``prepare_texts``."""
        return [one for asked in self.asked for one in (asked.question, *asked.answers)]


def questions_page(
    query: Any, here: Any, question: Any, said_by: Callable[[Any], S], before: int = 0
) -> Questions[S]:
    """Return a page of questions with their answers; one query.

    ``query`` selects what is shown of a row and ``said_by`` makes of it what has an ``id`` and a
    ``question_id``. ``here`` is the condition of the rows that the reader sees, ``question`` the column
    by which an answer names its question. Only those below the id ``before`` are read, where given.
    """
    model = question.model
    newest = model.select(model.id).where(here & question.is_null())
    if before:
        newest = newest.where(model.id < before)
    newest = newest.order_by(model.id.desc()).limit(PAGE + 1)
    found: list[S] = []
    replies: dict[int, list[S]] = defaultdict(list)
    of_page = here & (model.id.in_(newest) | question.in_(newest))
    for row in query.where(of_page).order_by(model.id):
        said = said_by(row)
        if said.question_id is None:
            found.insert(0, said)
        else:
            replies[said.question_id].append(said)
    page = [Asked(one, replies[one.id]) for one in found[:PAGE]]
    return Questions(page, page[-1].question.id if len(found) > PAGE else None)


def check_room_for_answer(question: Any, question_id: int) -> None:
    """Raise ``TooManyAnswers`` where a question takes no more answers.

    ``question`` is the column by which an answer names its question. In the caller's transaction, which
    holds the row above.
    """
    if question.model.select().where(question == question_id).count() >= MOST_ANSWERS:
        raise TooManyAnswers(most=MOST_ANSWERS)
