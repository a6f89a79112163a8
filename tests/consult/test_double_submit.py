"""A form sent twice is one act, however the second click arrives."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import StaleForm
from niwari.db import connection
from niwari_consult.models import Answer, Question
from niwari_consult.service import posting
from niwari_consult.texts import Plain


def ask_with(ctx: Any, key: str, title: str = "一度だけ") -> posting.Posted:
    return posting.ask(
        ctx, topic="tax", title=title, text=Plain("本文"), audience="region", form_key=key
    )


def test_a_question_form_sent_twice_is_one_question(
    client_for: Any, send: Any, question_form: Any
) -> None:
    client = client_for("staff@koriyama")
    typed = question_form(form_key=str(uuid4()))
    first = send(client, "/consult/ask", **typed)
    client.get(first.location)
    second = send(client, "/consult/ask", **typed)
    assert second.status_code == 303
    assert second.location == first.location
    assert "もう届いています" in client.get(second.location).get_data(as_text=True)
    with connection():
        assert Question.select().count() == 1


def test_an_answer_form_sent_twice_is_one_answer(client_for: Any, send: Any, ask: Any) -> None:
    thread = f"/consult/{ask('staff@koriyama')}"
    client = client_for("staff@miharu")
    typed = {"body": "回答です。", "form_key": str(uuid4())}
    first = send(client, thread, f"{thread}/answers", **typed)
    client.get(first.location)
    second = send(client, thread, f"{thread}/answers", **typed)
    assert second.location == first.location
    assert "もう届いています" in client.get(second.location).get_data(as_text=True)
    with connection():
        assert Answer.select().count() == 1
        assert Question.get().answer_count == 1


def test_each_form_has_a_key_of_its_own(client_for: Any, send: Any, question_form: Any) -> None:
    client = client_for("staff@koriyama")
    first = send(client, "/consult/ask", **question_form())
    assert send(client, "/consult/ask", **question_form()).location != first.location


def test_clicks_at_the_same_moment_are_one_question(ctx_for: Any) -> None:
    ctx, key = ctx_for("staff@koriyama"), str(uuid4())

    def click(_number: int) -> posting.Posted:
        with connection():
            return ask_with(ctx, key)

    with ThreadPoolExecutor(4) as clicks:
        posted = list(clicks.map(click, range(8)))
    assert sum(one.new for one in posted) == 1
    assert len({one.id for one in posted}) == 1


def test_clicks_at_the_same_moment_are_one_answer(ctx_for: Any, ask: Any) -> None:
    question, ctx, key = ask("staff@koriyama"), ctx_for("staff@miharu"), str(uuid4())

    def click(_number: int) -> posting.Posted:
        with connection():
            return posting.answer(ctx, question, body="回答です。", form_key=key)

    with ThreadPoolExecutor(4) as clicks:
        posted = list(clicks.map(click, range(8)))
    assert sum(one.new for one in posted) == 1
    with connection():
        assert Question.get().answer_count == 1


def test_answers_at_the_same_moment_are_all_counted(ctx_for: Any, ask: Any) -> None:
    question, ctx = ask("staff@koriyama"), ctx_for("staff@miharu")

    def reply(number: int) -> None:
        with connection():
            posting.answer(ctx, question, body=f"{number}", form_key=str(uuid4()))

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(reply, range(12)))
    with connection():
        assert Question.get().answer_count == 12


def test_somebody_elses_key_leads_nowhere(ctx_for: Any) -> None:
    key = str(uuid4())
    ask_with(ctx_for("staff@koriyama"), key)
    with pytest.raises(StaleForm):
        ask_with(ctx_for("staff2@koriyama"), key)


@pytest.mark.parametrize("key", ["", "1", "x" * 500])
def test_a_form_without_its_key_is_refused(
    client_for: Any, send: Any, question_form: Any, key: str
) -> None:
    answered = send(client_for("staff@koriyama"), "/consult/ask", **question_form(form_key=key))
    assert answered.status_code == 422
    assert "画面を読み込み直してください。" in answered.get_data(as_text=True)
