"""Ask, answer, accept across municipalities (J-ASK without the hidden name)."""

import json
from typing import Any

import pytest

from niwari.api import Blank, NotFound, transaction
from niwari.audit.models import AuditEntry
from niwari.db import connection
from niwari_consult.errors import ChangedAlready, NotTheAsker
from niwari_consult.models import Question
from niwari_consult.service import posting
from niwari_consult.service.thread import get_thread
from niwari_consult.texts import InParts
from tests.consult.conftest import accept_at


def text_of(response: Any) -> str:
    text: str = response.get_data(as_text=True)
    return text


def test_a_question_is_answered_from_other_towns_and_solved(
    client_for: Any, send: Any, question_form: Any
) -> None:
    asker = client_for("staff@koriyama")
    asked = send(asker, "/consult/ask", **question_form())
    assert asked.status_code == 303
    thread = asked.location
    page = text_of(asker.get(thread))
    assert "通勤手当の計算は" in page
    assert "相談しました。" in page
    for part in ("背景", "調べたこと・聞いたこと", "教えてほしいこと"):
        assert part in page

    for login, body in (("staff@sukagawa", "日割りです。"), ("staff@miharu", "翌月からです。")):
        other = client_for(login)
        assert "通勤手当の計算は" in text_of(other.get("/consult/"))
        answered = send(other, thread, f"{thread}/answers", body=body)
        assert answered.status_code == 303
        assert "回答しました。" in text_of(other.get(answered.location))

    page = text_of(asker.get(thread))
    assert page.index("日割りです。") < page.index("翌月からです。")
    assert "post--accepted" not in page
    accepted = send(asker, thread, accept_at(thread, 2))
    assert accepted.status_code == 303
    page = text_of(asker.get(thread))
    assert "post--accepted" in page
    assert page.index("翌月からです。") < page.index("日割りです。")
    assert "解決" in text_of(client_for("staff@miharu").get("/consult/"))


def test_who_wrote_is_shown_with_municipality_and_section(
    client_for: Any, ask: Any, answer: Any
) -> None:
    question = ask("staff@koriyama")
    answer("staff@miharu", question)
    page = text_of(client_for("staff@sukagawa").get(f"/consult/{question}"))
    assert "職員一" in page
    assert "郡山市 市民課" in page
    assert "三春町 総務課" in page


def test_only_the_asker_is_offered_to_accept(client_for: Any, ask: Any, answer: Any) -> None:
    question = ask("staff@koriyama")
    answer("staff@miharu", question)
    offer = "この回答で解決にする"
    assert offer in text_of(client_for("staff@koriyama").get(f"/consult/{question}"))
    assert offer not in text_of(client_for("staff2@koriyama").get(f"/consult/{question}"))


def test_accepting_somebody_elses_question_is_refused(
    client_for: Any, send: Any, ask: Any, answer: Any, ctx_for: Any
) -> None:
    question = ask("staff@koriyama")
    reply = answer("staff@miharu", question)
    address = accept_at(f"/consult/{question}", reply)
    other = client_for("staff@sukagawa")
    assert send(other, f"/consult/{question}", address).status_code == 403
    with pytest.raises(NotTheAsker):
        posting.accept(ctx_for("head@koriyama"), question, reply)


def test_the_accepted_answer_can_be_changed_once(ctx_for: Any, ask: Any, answer: Any) -> None:
    question = ask("staff@koriyama")
    first, second = answer("staff@sukagawa", question), answer("staff@miharu", question)
    asker = ctx_for("staff@koriyama")
    posting.accept(asker, question, first)
    posting.accept(asker, question, first)  # a second click changes nothing
    assert get_thread(asker, question).last_choice
    posting.accept(asker, question, second)
    thread = get_thread(asker, question)
    assert thread.accepted is not None
    assert thread.accepted.id == second
    assert not thread.may_accept
    with pytest.raises(ChangedAlready):
        posting.accept(asker, question, first)


def test_an_answer_to_another_question_cannot_be_accepted(
    ctx_for: Any, ask: Any, answer: Any
) -> None:
    question, other = ask("staff@koriyama"), ask("staff@koriyama")
    elsewhere = answer("staff@miharu", other)
    with pytest.raises(NotFound):
        posting.accept(ctx_for("staff@koriyama"), question, elsewhere)
    assert not get_thread(ctx_for("staff@koriyama"), question).question.solved


def test_a_solved_question_still_takes_answers(ctx_for: Any, ask: Any, answer: Any) -> None:
    question = ask("staff@koriyama")
    posting.accept(ctx_for("staff@koriyama"), question, answer("staff@miharu", question))
    answer("staff@sukagawa", question, "補足です。")
    thread = get_thread(ctx_for("staff@koriyama"), question)
    assert thread.question.solved
    assert [reply.body for reply in thread.replies] == ["補足です。"]


def test_the_three_parts_are_kept_apart(ctx_for: Any, ask: Any) -> None:
    text = InParts("背景です。", "", "質問です。")
    assert get_thread(ctx_for("staff@miharu"), ask("staff@koriyama", text=text)).text == text


def test_an_answer_lifts_the_question(ctx_for: Any, clock: Any, ask: Any, answer: Any) -> None:
    question = ask("staff@koriyama")
    clock.advance(hours=3)
    answer("staff@miharu", question)
    summary = get_thread(ctx_for("staff@koriyama"), question).question
    assert summary.answer_count == 1
    assert summary.last_activity_at == clock()


def test_each_act_leaves_an_audit_row_without_anybodys_words(
    ctx_for: Any, ask: Any, answer: Any
) -> None:
    question = ask("staff@koriyama", "秘密の題", topic="pay")
    reply = answer("staff@miharu", question, "秘密の本文")
    posting.accept(ctx_for("staff@koriyama"), question, reply)
    with connection():
        own = AuditEntry.select().where(AuditEntry.action.startswith("consult."))
        rows = list(own.order_by(AuditEntry.id))
    assert [row.action for row in rows] == ["consult.ask", "consult.answer", "consult.accept"]
    assert json.loads(rows[0].details) == {"audience": "region", "topic": "pay"}
    assert "秘密" not in "".join(row.details for row in rows)


def test_what_fails_together_leaves_nothing(ctx_for: Any, ask: Any, answer: Any) -> None:
    def ask_and_fail() -> None:
        with transaction(ctx_for("staff@koriyama")):
            answer("staff@koriyama", ask("staff@koriyama"), body=" ")

    with pytest.raises(Blank):
        ask_and_fail()
    with connection():
        assert Question.select().count() == 0
        assert not AuditEntry.select().where(AuditEntry.action == "consult.ask").exists()
