"""The demo's questions: worth a visit, posted through the services, never twice."""

import tomllib
from datetime import datetime
from typing import Any

import pytest

from niwari.api import TOKYO
from niwari.db import connection
from niwari.vault.publishing import publish_due
from niwari_consult.demo import CONTENT, load_demo
from niwari_consult.models import SOLVED, Answer, Question
from niwari_consult.service.listing import Tab, list_questions

BEGINNING = datetime(2026, 11, 10, 9, 0, tzinfo=TOKYO)


@pytest.fixture
def loaded(ctx_for: Any) -> None:
    load(ctx_for)


def load(ctx_for: Any) -> None:
    """Load it as ``niwari demo`` does: what waits is published when it says so."""
    for instant in load_demo(ctx_for):
        publish_due(instant)


@pytest.mark.usefixtures("loaded")
def test_there_is_something_to_see_in_every_state(ctx_for: Any) -> None:
    questions = list(Question.select())
    assert 10 <= len(questions) <= 14
    assert sum(question.state == SOLVED for question in questions) >= 3
    assert sum(question.answer_count == 0 for question in questions) >= 3
    assert {question.audience for question in questions} == {"municipality", "region"}
    assert list_questions(ctx_for("staff@koriyama"), Tab.MINE).questions


@pytest.mark.usefixtures("loaded")
def test_all_of_it_was_written_before_the_demo_begins() -> None:
    latest = max(question.last_activity_at for question in Question.select())
    assert latest < BEGINNING


def test_answers_come_after_their_question_and_in_order() -> None:
    for thread in tomllib.loads(CONTENT.read_text(encoding="utf-8"))["question"]:
        times = [thread["asked"], *(reply["at"] for reply in thread.get("answer", ()))]
        assert times == sorted(times), thread["title"]
        for reply in thread.get("answer", ()):
            assert reply["at"] < reply.get("accepted", BEGINNING) <= BEGINNING


@pytest.mark.usefixtures("loaded")
def test_loading_again_adds_nothing(ctx_for: Any) -> None:
    with connection():
        before = Question.select().count(), Answer.select().count()
        load(ctx_for)
        assert (Question.select().count(), Answer.select().count()) == before
