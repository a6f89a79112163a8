"""Questions inside a notebook: how many answers one takes, and pages of them."""

from typing import Any
from uuid import uuid4

import pytest

from niwari.api import TooManyAnswers, transaction
from niwari_handover.models import Message
from niwari_handover.service import asking

MOST = 50


@pytest.fixture
def asked(ctx_for: Any, open_notebook: Any) -> tuple[int, int]:
    """A notebook with a question of its holder, which has one answer less than it takes."""
    notebook, ctx = open_notebook(), ctx_for("staff@koriyama")
    question = asking.ask(ctx, notebook, text="締切は?", duty_id=None, form_key=str(uuid4()))
    with transaction(ctx):
        Message.insert_many(
            {
                "notebook": notebook,
                "question": question,
                "author": ctx.acting.id,
                "text": f"答え{number}",
                "said_at": ctx.now,
                "form_key": str(uuid4()),
            }
            for number in range(MOST - 1)
        ).execute()
    return notebook, question


def test_a_question_takes_so_many_answers_and_the_last_again_is_the_last(
    ctx_for: Any, asked: tuple[int, int]
) -> None:
    notebook, question = asked
    ctx, last = ctx_for("head@koriyama"), str(uuid4())
    assert asking.answer(ctx, question, text="五十番目", form_key=last) == notebook
    assert asking.answer(ctx, question, text="五十番目", form_key=last) == notebook
    with pytest.raises(TooManyAnswers):
        asking.answer(ctx, question, text="五十一番目", form_key=str(uuid4()))
    (whole,) = asking.questions(notebook).asked
    assert [one.text for one in whole.answers][-2:] == ["答え48", "五十番目"]


def test_the_page_says_what_to_do_instead_and_offers_no_further_answer(
    ctx_for: Any, client_for: Any, send: Any, asked: tuple[int, int]
) -> None:
    notebook, question = asked
    client = client_for("head@koriyama")
    page, address = f"/handover/notebooks/{notebook}", f"/handover/questions/{question}/answer"
    assert address in client.get(page).text
    asking.answer(ctx_for("staff@koriyama"), question, text="五十番目", form_key=str(uuid4()))
    answer = send(client, address, text="まだあります")
    assert answer.status_code == 422
    assert "一つの質問に書ける答えは50件までです。続きは、新しい質問として" in answer.text
    assert "まだあります" in answer.text
    assert address not in client.get(page).text


def test_pages_of_questions_hold_each_once_the_newest_first(
    ctx_for: Any, open_notebook: Any
) -> None:
    notebook, other = open_notebook(), open_notebook(post="印鑑担当")
    ctx = ctx_for("staff@koriyama")
    texts = [f"質問{number}" for number in range(25)]
    for text in texts:
        asking.ask(ctx, notebook, text=text, duty_id=None, form_key=str(uuid4()))
    asking.ask(ctx, other, text="別のノート", duty_id=None, form_key=str(uuid4()))
    first = asking.questions(notebook)
    second = asking.questions(notebook, first.next or 0)
    found = [one.text for one in (*first.said, *second.said)]
    assert found == texts[::-1]
    assert (len(first.asked), second.next) == (20, None)
