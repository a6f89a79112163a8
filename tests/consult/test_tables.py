"""The tables hold what the models say, also against code that forgets it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from peewee import IntegrityError

from niwari.db import database
from niwari_consult.models import Answer, Question

NOW = datetime(2026, 11, 10, tzinfo=UTC)


@pytest.fixture
def row(ctx_for: Any) -> Callable[..., dict[str, Any]]:
    """A question's columns; keywords change them."""
    ctx = ctx_for("staff@koriyama")

    def columns(**changes: Any) -> dict[str, Any]:
        usual = {
            **Question.owned_by(ctx),
            "audience": "region",
            "author": ctx.acting.id,
            "topic": "pay",
            "title": "題",
            "body": "本文",
            "asked_at": NOW,
            "last_activity_at": NOW,
            "key": str(uuid4()),
        }
        return {**usual, **changes}

    return columns


def test_a_sound_row_is_taken(row: Any) -> None:
    assert Question.create(**row()).id


@pytest.mark.parametrize(
    "changes",
    [
        {"audience": "section"},
        {"state": "closed"},
        {"state": "solved"},
        {"accepted_answer_id": 1},
        {"acceptances": 3},
        {"answer_count": -1},
        {"body": ""},
        {"ask": "両方"},
        {"heard": "残り"},
    ],
    ids=str,
)
def test_a_row_that_breaks_a_rule_is_refused(row: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), database.atomic():
        Question.create(**row(**changes))


def test_a_form_key_is_there_once(row: Any) -> None:
    key = str(uuid4())
    Question.create(**row(key=key))
    with pytest.raises(IntegrityError), database.atomic():
        Question.create(**row(key=key))


def test_an_answer_has_words(row: Any) -> None:
    question = Question.create(**row())
    with pytest.raises(IntegrityError), database.atomic():
        Answer.create(
            question=question,
            author=question.author_id,
            municipality=question.municipality_id,
            section=question.section_id,
            body="",
            answered_at=NOW,
            key=str(uuid4()),
        )
