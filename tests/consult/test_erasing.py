"""What people wrote is handed out to them, and erased without taking the answers of others along."""

import sqlite3
from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from niwari.admin import switching
from niwari.api import NewFile, Receipt, Record, Subject, keep_uploads
from niwari.db import database, is_postgresql
from niwari.stewardship import subjects
from niwari_consult.models import Answer, Question
from niwari_consult.resources import QUESTION
from niwari_consult.service import posting
from niwari_consult.service import subjects as consult_subjects
from niwari_consult.texts import Plain
from tests.consult.conftest import accept_at

ASKER, OTHER = "staff@koriyama", "staff@sukagawa"

Erase = Callable[[str], Receipt]


@pytest.fixture
def erase(world: Any) -> Erase:
    """Erase what a person wrote."""

    def of(login: str) -> Receipt:
        ctx = world.ctx_for(login)
        return subjects.erase(ctx, world.dispatcher, "consult", Subject(ctx.person_id))

    return of


@pytest.fixture
def export(world: Any) -> Callable[[str], list[Record]]:
    """Hand out what a person wrote."""

    def of(login: str) -> list[Record]:
        found: list[Record] = []
        ctx = world.ctx_for(login)
        subjects.export(ctx, world.dispatcher, "consult", Subject(ctx.person_id), found.append)
        return found

    return of


def test_questions_and_answers_are_handed_out_to_whom_they_are_of(
    ask: Any, answer: Any, export: Any
) -> None:
    question = ask(ASKER, "通勤手当の計算は")
    answer(OTHER, question, "規則の表で計算します。")
    (asked,) = export(ASKER)
    assert (asked.kind, asked.data["title"]) == ("consult.question", "通勤手当の計算は")
    (answered,) = export(OTHER)
    assert (answered.kind, answered.data["body"]) == ("consult.answer", "規則の表で計算します。")


def test_a_question_without_answers_of_others_goes(ask: Any, answer: Any, erase: Erase) -> None:
    question = ask(ASKER)
    answer(ASKER, question)
    assert erase(ASKER) == Receipt(erased=2)
    assert Question.select().count() == Answer.select().count() == 0


def test_a_question_with_answers_of_others_stays_without_its_words_and_author(
    ask: Any, answer: Any, erase: Erase, export: Any, client_for: Any
) -> None:
    question = ask(ASKER, "とても個人的な題名")
    answer(OTHER, question, "こうしています。")
    assert erase(ASKER) == Receipt(redacted=1)
    assert export(ASKER) == []
    page = client_for(OTHER).get(f"/consult/{question}").get_data(as_text=True)
    assert "とても個人的な題名" not in page
    assert "職員一" not in page
    assert "（文章が消された相談）" in page
    assert "こうしています。" in page
    listed = client_for("staff@miharu").get("/consult/").get_data(as_text=True)
    assert "（文章が消された相談）" in listed
    assert "職員一" not in listed


def test_files_of_a_question_without_a_name_go_with_its_words(
    world: Any, publish: Any, answer: Any, erase: Erase, client_for: Any
) -> None:
    ctx, key = world.ctx_for(ASKER), str(uuid4())
    posting.ask(
        ctx,
        topic="other",
        title="表の付け方",
        text=Plain("これで合っていますか。"),
        audience="region",
        form_key=key,
        hide_name=True,
        uploads=keep_uploads(ctx, key, [NewFile("表.csv", BytesIO(b"a,b\r\n1,2\r\n"))]),
    )
    publish()
    question = Question.get().id
    answer(OTHER, question, "こうしています。")
    assert "添付ファイル1.csv" in client_for(OTHER).get(f"/consult/{question}").text
    assert erase(ASKER) == Receipt(redacted=1)
    page = client_for(OTHER).get(f"/consult/{question}").text
    assert "こうしています。" in page
    assert "添付ファイル1.csv" not in page


def test_what_points_to_a_question_whose_words_went_says_so_too(
    ask: Any, answer: Any, erase: Erase
) -> None:
    question = ask(ASKER, "とても個人的な題名")
    answer(OTHER, question)
    assert QUESTION.title(Question.get_by_id(question)) == "とても個人的な題名"
    erase(ASKER)
    assert QUESTION.title(Question.get_by_id(question)) == "（文章が消された相談）"


def test_an_answer_goes_and_the_question_counts_anew(
    ask: Any, answer: Any, erase: Erase, ctx_for: Any
) -> None:
    question = ask(ASKER)
    accepted = answer(OTHER, question)
    answer("staff@miharu", question)
    posting.accept(ctx_for(ASKER), question, accepted)
    assert erase(OTHER) == Receipt(erased=1)
    row = Question.get_by_id(question)
    assert (row.answer_count, row.state, row.accepted_answer_id) == (1, "open", None)


def test_erasing_again_finds_nothing(ask: Any, answer: Any, erase: Erase) -> None:
    answer(OTHER, ask(ASKER))
    erase(ASKER)
    assert erase(ASKER) == Receipt()


def test_nobody_but_the_asker_could_accept_and_now_nobody_can(
    ask: Any, answer: Any, erase: Erase, client_for: Any
) -> None:
    question = ask(ASKER)
    reply = answer(OTHER, question)
    erase(ASKER)
    client = client_for(ASKER)
    token = client.token_at("/")
    path = accept_at(f"/consult/{question}", reply)
    assert client.post(path, data={"csrf_token": token}).status_code == 403


def test_answers_that_their_town_withdrew_are_hidden_from_others_and_come_back(
    world: Any, ask: Any, answer: Any, client_for: Any
) -> None:
    question = ask(ASKER)
    answer(OTHER, question, "須賀川市ではこうしています。")
    ctx = world.ctx_for("it@sukagawa")
    for withdrawn in (True, False):
        switching.set_withdrawn(ctx, world.dispatcher, "consult", withdrawn=withdrawn)
        at_home = client_for(OTHER).get(f"/consult/{question}").get_data(as_text=True)
        elsewhere = client_for(ASKER).get(f"/consult/{question}").get_data(as_text=True)
        assert "須賀川市ではこうしています。" in at_home
        assert ("須賀川市ではこうしています。" in elsewhere) is not withdrawn


def test_the_others_can_go_on_answering(ask: Any, answer: Any, erase: Erase) -> None:
    question = ask(ASKER)
    answer(OTHER, question)
    erase(ASKER)
    answer("staff@miharu", question)
    assert Question.get_by_id(question).answer_count == 2


def test_a_question_whose_author_and_whose_last_answerer_were_erased_goes(
    ask: Any, answer: Any, erase: Erase
) -> None:
    question = ask(ASKER)
    answer(OTHER, question)
    assert erase(ASKER) == Receipt(redacted=1)
    assert erase(OTHER) == Receipt(erased=2)
    assert Question.select().count() == 0


def test_an_asker_who_lost_the_second_choice_may_choose_again(
    ask: Any, answer: Any, erase: Erase, ctx_for: Any
) -> None:
    question = ask(ASKER)
    first, second = answer("staff@miharu", question), answer(OTHER, question)
    posting.accept(ctx_for(ASKER), question, first)
    posting.accept(ctx_for(ASKER), question, second)
    erase(OTHER)
    posting.accept(ctx_for(ASKER), question, first)
    row = Question.get_by_id(question)
    assert (row.accepted_answer_id, row.acceptances) == (first, 1)


def test_what_several_statements_hold_is_erased_whole(
    ask: Any, answer: Any, erase: Erase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consult_subjects, "BATCH", 2)
    mine = [ask(ASKER) for _ in range(3)]
    others = [ask(OTHER) for _ in range(4)]
    for question in others:
        answer(ASKER, question)
    answer(OTHER, mine[2])
    assert erase(ASKER) == Receipt(erased=4 + 2, redacted=1)
    assert Answer.select().count() == 1
    assert {row.id: row.answer_count for row in Question.select()} == {
        mine[2]: 1,
        **dict.fromkeys(others, 0),
    }


def test_many_questions_cost_no_more_statements_than_one(
    ask: Any, answer: Any, erase: Erase, queries: Any
) -> None:
    def statements(person: str, count: int) -> int:
        for _ in range(count):
            answer(person, ask(person))
            answer(person, ask(ASKER))
        with queries() as log:
            erase(person)
        return len(log)

    assert statements(OTHER, 6) == statements("staff@miharu", 1)


def test_who_erases_holds_a_question_before_its_answers_are_counted(
    world: Any, ask: Any, answer: Any, erase: Erase
) -> None:
    question = ask(ASKER)
    answer(OTHER, question)
    held: list[bool] = []

    def look(event: Any) -> None:
        if event.sql.startswith('DELETE FROM "consult_answer"'):
            held.append(is_held(world.settings.database_url, question))

    database.query_hooks.append(look)
    try:
        erase(OTHER)
    finally:
        database.query_hooks.remove(look)
    assert held == [True]


def test_the_next_question_does_not_take_the_id_of_an_erased_one(
    ask: Any, answer: Any, erase: Erase
) -> None:
    question = ask(ASKER)
    reply = answer(ASKER, question)
    erase(ASKER)
    following = ask(OTHER)
    assert (following, answer(OTHER, following)) == (question + 1, reply + 1)


def is_held(url: str, question: int) -> bool:
    """Whether another process would have to wait before it could answer."""
    other: Any
    if is_postgresql():
        with psycopg.connect(url) as other:
            try:
                other.execute(
                    "SELECT 1 FROM consult_question WHERE id = %s FOR NO KEY UPDATE NOWAIT",
                    (question,),
                )
            except psycopg.errors.LockNotAvailable:
                return True
        return False
    other = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=0, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    finally:
        other.close()
    return False
