"""A thread with many answers: every answer once, in pages, the accepted one first on each."""

from typing import Any

import pytest

from niwari_consult.service import posting
from niwari_consult.service.thread import ANSWERS, get_thread


@pytest.mark.slow
def test_pages_hold_every_other_answer_once_oldest_first(
    ctx_for: Any, ask: Any, answer: Any
) -> None:
    question = ask("staff@koriyama")
    answers = [answer("staff@miharu", question) for _turn in range(2 * ANSWERS + 2)]
    chosen = answers.pop(7)
    posting.accept(ctx_for("staff@koriyama"), question, chosen)
    reader = ctx_for("staff@sukagawa")
    found: list[int] = []
    after: int | None = 0
    while after is not None:
        page = get_thread(reader, question, after=after)
        assert page.accepted is not None
        assert page.accepted.id == chosen
        assert len(page.replies) <= ANSWERS
        found += [reply.id for reply in page.replies]
        after = page.next
    assert found == answers


def test_an_answer_to_a_long_thread_is_shown_after_it_was_sent(
    client_for: Any, send: Any, ask: Any, answer: Any
) -> None:
    question = ask("staff@koriyama")
    for _turn in range(ANSWERS):
        answer("staff@miharu", question)
    client = client_for("staff@sukagawa")
    thread = f"/consult/{question}"
    assert "続きの回答を見る" not in client.get(thread).get_data(as_text=True)
    answered = send(client, thread, f"{thread}/answers", body="五十一番目の回答")
    page = client.get(answered.location).get_data(as_text=True)
    assert "五十一番目の回答" in page
    assert "はじめの回答から見る" in page
    assert "続きの回答を見る" in client.get(thread).get_data(as_text=True)
