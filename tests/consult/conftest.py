"""What the tests of consult share: asking and answering by login, and forms sent as a browser does."""

from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import REGION
from niwari_consult.models import Question
from niwari_consult.service import posting
from niwari_consult.texts import Plain

Ask = Callable[..., int]
Answer = Callable[..., int]
Hide = Callable[..., int]

ASKER = "staff@miharu"
"""Who asks without a name, where nobody else is named."""


def accept_at(thread: str, answer_id: int | str) -> str:
    """Return the address where the asker of a thread says that an answer solved it."""
    return f"/consult/accept?question_id={thread.rpartition('/')[2]}&answer_id={answer_id}"


@pytest.fixture
def ask(ctx_for: Any) -> Ask:
    """Post a question by login; returns its id."""
    numbers = count(1)

    def post(
        login: str,
        title: str = "",
        *,
        text: Any = Plain("どうしていますか。"),  # noqa: B008 - frozen
        topic: str = "other",
        audience: str = REGION,
        hide_name: bool = False,
    ) -> int:
        return posting.ask(
            ctx_for(login),
            topic=topic,
            title=title or f"相談 {next(numbers)}",
            text=text,
            audience=audience,
            form_key=str(uuid4()),
            hide_name=hide_name,
        ).id

    return post


@pytest.fixture
def answer(ctx_for: Any) -> Answer:
    """Post an answer by login; returns its id."""

    def post(login: str, question_id: int, body: str = "こうしています。") -> int:
        key = str(uuid4())
        return posting.answer(ctx_for(login), question_id, body=body, form_key=key).id

    return post


@pytest.fixture
def question_form() -> Callable[..., dict[str, str]]:
    """What somebody types into the form for a question; keywords change it."""

    def typed(**changes: str) -> dict[str, str]:
        usual = {
            "topic": "pay",
            "title": "通勤手当の計算は",
            "shape": "parts",
            "background": "月の途中で異動がありました。",
            "heard": "規則は読みました。",
            "ask": "どう計算していますか。",
            "audience": "region",
        }
        return {**usual, **changes}

    return typed


@pytest.fixture
def publish(world: Any) -> Callable[[], None]:
    """Let the quarter of an hour end, and the worker publish what waits."""

    def end() -> None:
        world.clock.advance(minutes=15)
        world.work()

    return end


@pytest.fixture
def hide(ask: Any, publish: Callable[[], None]) -> Hide:
    """Ask without a name, and let it be published; returns the id."""

    def post(login: str = ASKER, title: str = "いまさら聞けないこと", **how: Any) -> int:
        ask(login, title, hide_name=True, **how)
        publish()
        return int(Question.select().order_by(Question.id.desc()).get().id)

    return post
