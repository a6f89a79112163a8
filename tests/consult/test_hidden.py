"""Asking without one's name (J-ASK 1, 3, 4, 5): published at the quarter, answered, accepted, one's own."""

import re
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest

from niwari.api import MUNICIPALITY, NewFile, NotChosen, NotFound, keep_uploads, transaction
from niwari.audit.models import AuditEntry
from niwari.files.errors import Revealing
from niwari.testing.world import MIHARU
from niwari.vault.acting import own_acts
from niwari.vault.pausing import pause_author
from niwari_consult.errors import ChangedAlready, NotTheAsker
from niwari_consult.models import Answer, Question
from niwari_consult.service import posting
from niwari_consult.service.listing import Tab, list_questions, waiting_for_others
from niwari_consult.service.thread import get_thread
from niwari_consult.texts import InParts, Plain
from tests.consult.conftest import ASKER, Hide, accept_at

HELPER, READER = "staff@sukagawa", "staff2@koriyama"
LETTER = "匿名の職員A"


def page_of(client: Any, address: str) -> str:
    text: str = client.get(address).get_data(as_text=True)
    return text


def test_asked_without_a_name_it_is_answered_followed_up_and_solved(
    world: Any, client_for: Any, send: Any, question_form: Any, publish: Any
) -> None:
    asker = client_for(ASKER)
    sent = send(asker, "/consult/ask", **question_form(hide_name="y"))
    assert (sent.status_code, sent.location) == (303, "/consult/mine")
    mine = page_of(asker, "/consult/mine")
    assert "名前を出さない相談を受け付けました。" in mine
    assert "通勤手当の計算は" in mine
    assert "公開待ち" in mine
    assert "通勤手当の計算は" not in page_of(client_for("head@miharu"), "/consult/mine")
    publish()
    helper = client_for(HELPER)
    assert LETTER in page_of(helper, "/consult/")
    thread = f"/consult/{Question.get().id}"
    page = page_of(helper, thread)
    assert LETTER in page
    assert "三春町" not in page
    assert "11月10日" in page
    send(helper, thread, f"{thread}/answers", body="日割りです。")
    page = page_of(asker, thread)
    assert (
        "checked"
        in page.partition('name="hide_name"')[0].rpartition("<input")[2]
        + (page.partition('name="hide_name"')[2].partition(">")[0])
    )
    followed = send(
        asker, thread, f"{thread}/answers", body="おかげで分かりました。", hide_name="y"
    )
    assert (followed.status_code, followed.location) == (303, thread)
    assert "おかげで分かりました。" not in page_of(helper, thread)
    reply = Answer.get().id
    accepted = send(asker, thread, accept_at(thread, reply))
    assert accepted.status_code == 303
    assert not Question.get().accepted_answer_id
    publish()
    page = page_of(helper, thread)
    assert page.count(LETTER) >= 2  # the question and what its asker added have one letter
    assert "匿名の職員B" not in page
    assert "post--accepted" in page
    assert Question.get().accepted_answer_id == reply


def test_a_paused_author_is_told_so_and_keeps_what_was_typed(
    hide: Hide, ctx_for: Any, client_for: Any, send: Any, question_form: Any
) -> None:
    question = Question.get_by_id(hide())
    ctx = ctx_for(READER)
    with transaction(ctx):
        pause_author(ctx, "consult.question", question.id, question.sealed, ctx.today)
    asker = client_for(ASKER)
    typed = question_form(title="もう一つのこと")
    refused = send(asker, "/consult/ask", **typed, hide_name="y")
    assert refused.status_code == 422
    assert "名前を出さずに書けません。名前を出せば書けます。" in refused.text
    assert "もう一つのこと" in refused.text
    assert send(asker, "/consult/ask", **typed).status_code == 303
    assert Question.select().count() == 2


def test_a_paused_asker_still_chooses_the_answer_that_helped(
    hide: Hide, answer: Any, publish: Any, ctx_for: Any
) -> None:
    question = Question.get_by_id(hide())
    answer(HELPER, question.id)
    ctx = ctx_for(ASKER)
    with transaction(ctx):
        pause_author(ctx, "consult.question", question.id, question.sealed, ctx.today)
    posting.accept(ctx, question.id, Answer.get().id, form_key=str(uuid4()))
    publish()
    assert Question.get().accepted_answer_id == Answer.get().id


def test_nothing_of_it_is_audited_with_a_person(
    hide: Hide, answer: Any, ctx_for: Any, publish: Any
) -> None:
    question = hide()
    reply = answer(HELPER, question)
    ctx = ctx_for(ASKER)
    posting.answer(ctx, question, body="追記です。", form_key=str(uuid4()), hide_name=True)
    posting.accept(ctx, question, reply, form_key=str(uuid4()))
    publish()
    rows = AuditEntry.select().where(AuditEntry.action.startswith("consult."))
    said = [(row.action, row.actor_id) for row in rows.order_by(AuditEntry.id)]
    assert said[:2] == [("consult.ask", None), ("consult.answer", ctx_for(HELPER).acting.id)]
    assert sorted(said[2:]) == [("consult.accept", None), ("consult.answer", None)]
    assert {row.actor for row in rows if row.actor_id is None} == {LETTER}


def test_one_asker_has_two_letters_that_say_nothing_in_two_threads(
    hide: Hide, ask: Any, ctx_for: Any, publish: Any
) -> None:
    first, second = hide(HELPER), hide(READER)
    for question in (first, second):
        posting.answer(
            ctx_for(ASKER), question, body="うちも。", form_key=str(uuid4()), hide_name=True
        )
        publish()
    named = ask("staff@koriyama")
    posting.answer(ctx_for(ASKER), named, body="うちも。", form_key=str(uuid4()), hide_name=True)
    publish()
    aliases = [row.alias_letter for row in Answer.select().order_by(Answer.id)]
    assert aliases == ["B", "B", "A"]
    envelopes = [row.envelope for row in Answer.select()]
    assert len(set(envelopes)) == len(envelopes)


def test_it_is_ones_own_and_nobody_elses(hide: Hide, ctx_for: Any) -> None:
    question = hide()
    assert [one.id for one in list_questions(ctx_for(ASKER), Tab.MINE).questions] == [question]
    assert get_thread(ctx_for(ASKER), question).may_accept
    for login in ("head@miharu", HELPER, READER, "it@koriyama", "secretariat"):
        assert list_questions(ctx_for(login), Tab.MINE).questions == ()
        assert not get_thread(ctx_for(login), question).may_accept


def test_another_person_cannot_accept_for_the_hidden_asker(
    hide: Hide, answer: Any, ctx_for: Any, publish: Any
) -> None:
    question = hide()
    reply = answer(HELPER, question)
    for login in ("head@miharu", HELPER):
        with pytest.raises(NotTheAsker):
            posting.accept(ctx_for(login), question, reply, form_key=str(uuid4()))
    publish()
    assert Question.get().state == "open"


def test_an_accepted_answer_can_be_changed_once_without_a_name_too(
    hide: Hide, answer: Any, ctx_for: Any, publish: Any
) -> None:
    question = hide()
    first, second = answer(HELPER, question), answer(READER, question)
    ctx = ctx_for(ASKER)
    for reply in (first, second):
        posting.accept(ctx, question, reply, form_key=str(uuid4()))
        publish()
    assert Question.get().accepted_answer_id == second
    with pytest.raises(ChangedAlready):
        posting.accept(ctx, question, first, form_key=str(uuid4()))


def test_a_section_is_no_audience(ctx_for: Any) -> None:
    with pytest.raises(NotChosen):
        posting.ask(
            ctx_for(ASKER),
            topic="pay",
            title="題",
            text=Plain("本文"),
            audience="section",
            form_key=str(uuid4()),
            hide_name=True,
        )


def test_what_the_asker_alone_does_is_named_in_the_query(world: Any) -> None:
    adapter = world.app.url_map.bind("localhost")
    values = {"question_id": 4711, "answer_id": 4712}
    path, _, query = adapter.build("consult.accept", values).partition("?")
    # The access log has paths beside machines, and no queries.
    assert path == "/consult/accept"
    assert query == "question_id=4711&answer_id=4712"


def test_pictures_are_attached_and_documents_refused(
    ctx_for: Any, publish: Any, client_for: Any
) -> None:
    def send(name: str, content: bytes) -> None:
        ctx, key = ctx_for(ASKER), str(uuid4())
        uploads = keep_uploads(ctx, key, [NewFile(name, BytesIO(content))])
        posting.ask(
            ctx,
            topic="pay",
            title="表の付け方",
            text=InParts("", "", "これで合っていますか。"),
            audience="region",
            form_key=key,
            hide_name=True,
            uploads=uploads,
        )

    send("三春町の表.csv", b"a,b\r\n1,2\r\n")
    publish()
    thread = get_thread(ctx_for(READER), Question.get().id)
    assert [file.name for file in thread.files] == ["添付ファイル1.csv"]
    with pytest.raises(Revealing):
        send("三春町.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


def test_where_its_town_pauses_it_nobody_is_told_which(
    world: Any, hide: Hide, answer: Any, client_for: Any
) -> None:
    question = hide()
    world.switch(MIHARU, "consult", on=False)
    page = page_of(client_for(READER), f"/consult/{question}")
    assert "休止" not in page
    answer(READER, question)
    assert Question.get().answer_count == 1


def test_it_is_found_by_its_words_without_a_place(world: Any, hide: Hide, client_for: Any) -> None:
    hide(title="決裁の順番のこと")
    world.index()
    for address, is_found in (("", True), (f"&town={MIHARU}", False)):
        page = page_of(client_for(READER), f"/search?q=決裁の順番{address}")
        results = re.sub("<[^>]+>", "", page.partition('<ul class="rows"')[2])
        assert ("決裁の順番のこと" in results) is is_found
        assert "三春町" not in results


def test_what_came_to_nothing_is_read_by_its_author_alone(
    hide: Hide, ctx_for: Any, publish: Any, client_for: Any
) -> None:
    question = hide(READER)
    posting.answer(ctx_for(ASKER), question, body="遅い回答", form_key=str(uuid4()), hide_name=True)
    Question.delete().execute()
    publish()
    (own,) = own_acts(ctx_for(ASKER), "consult.answer")
    assert own.stopped
    page = page_of(client_for(ASKER), "/consult/mine")
    assert "公開できませんでした" in page
    assert "遅い回答" in page
    assert "遅い回答" not in page_of(client_for(READER), "/consult/mine")


def test_a_form_sent_twice_is_one_question(ctx_for: Any, publish: Any) -> None:
    key, ctx = str(uuid4()), ctx_for(ASKER)
    what = {"topic": "pay", "title": "題", "text": Plain("本文"), "audience": "region"}
    sent = [posting.ask(ctx, **what, form_key=key, hide_name=True) for _ in range(2)]
    assert [(one.new, one.waits) for one in sent] == [(True, True), (False, True)]
    publish()
    assert posting.ask(ctx, **what, form_key=key, hide_name=True).new is False
    publish()
    assert Question.select().count() == 1


def test_one_that_nobody_may_read_cannot_be_answered_without_a_name(ask: Any, ctx_for: Any) -> None:
    question = ask(READER, audience=MUNICIPALITY)
    with pytest.raises(NotFound):
        posting.answer(ctx_for(ASKER), question, body="回答", form_key=str(uuid4()), hide_name=True)


def test_it_waits_on_the_card_for_everybody(hide: Hide, ctx_for: Any) -> None:
    question = hide()
    for login in (ASKER, READER):
        assert [one.id for one in waiting_for_others(ctx_for(login), 3)] == [question]
