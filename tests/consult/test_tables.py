"""The tables hold what the models say, also against code that forgets it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from peewee import IntegrityError
from playhouse.migrations import Runner

import niwari_consult
from niwari.db import database, open_database
from niwari_consult.models import MODELS, Answer, Question

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
            "form_key": str(uuid4()),
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
    Question.create(**row(form_key=key))
    with pytest.raises(IntegrityError), database.atomic():
        Question.create(**row(form_key=key))


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
            form_key=str(uuid4()),
        )


def test_the_migration_makes_what_the_models_describe() -> None:
    def tables() -> set[str]:
        query = "SELECT sql FROM sqlite_master WHERE tbl_name LIKE 'consult_%' AND sql IS NOT NULL"
        return {statement for (statement,) in database.execute_sql(query)}

    open_database("sqlite:///:memory:")
    with database:
        database.create_tables(MODELS)
        described = tables()
        database.drop_tables(MODELS)
        migrations = Path(niwari_consult.__file__).parent / "migrations"
        runner = Runner(database.obj, str(migrations))
        runner.up()
        assert tables() == described
        runner.down()
        assert tables() == set()
