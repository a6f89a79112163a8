"""Off concerns the people of a municipality, not the rows that they shared (architecture, Enabling)."""

from typing import Any
from uuid import uuid4

import pytest

from niwari.api import NotFound, own_acts
from niwari.testing.world import SUKAGAWA
from niwari_consult.errors import Paused
from niwari_consult.models import Question
from niwari_consult.service import hiding, posting
from niwari_consult.service.listing import list_questions, waiting_for_others
from niwari_consult.service.thread import get_thread

MARK = "この市町村では休止中"


def test_where_it_is_off_it_is_gone(world: Any, client_for: Any, ask: Any) -> None:
    question = ask("staff@koriyama", "郡山からの相談")
    client = client_for("staff@sukagawa")
    home = client.get("/").get_data(as_text=True)
    assert "郡山からの相談" in home
    assert 'href="/consult/"' in home

    world.switch(SUKAGAWA, "consult", on=False)
    for address in ("/consult/", "/consult/waiting", "/consult/ask", f"/consult/{question}"):
        assert client.get(address).status_code == 404
    home = client.get("/").get_data(as_text=True)
    assert "郡山からの相談" not in home
    assert 'href="/consult/"' not in home


def test_its_questions_stay_readable_elsewhere_marked_and_closed(
    world: Any, client_for: Any, send: Any, ask: Any, answer: Any
) -> None:
    question = ask("staff@sukagawa", "須賀川からの相談")
    answer("staff@koriyama", question, "以前の回答")
    open_ = ask("staff@miharu")
    world.switch(SUKAGAWA, "consult", on=False)

    client = client_for("staff@koriyama")
    listed = client.get("/consult/").get_data(as_text=True)
    assert listed.count(MARK) == 1
    page = client.get(f"/consult/{question}").get_data(as_text=True)
    assert "以前の回答" in page
    assert MARK in page
    assert "<textarea" not in page

    refused = send(client, f"/consult/{open_}", f"/consult/{question}/answers", body="書きかけ")
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "須賀川市では、相談を休止しています。" in page
    assert "書きかけ" in page


@pytest.mark.parametrize("is_hidden", [False, True])
def test_where_it_was_switched_off_meanwhile_nothing_is_solved(
    world: Any, ctx_for: Any, ask: Any, hide: Any, answer: Any, is_hidden: bool
) -> None:
    question = hide("staff@sukagawa") if is_hidden else ask("staff@sukagawa")
    reply, asker = answer("staff@koriyama", question), ctx_for("staff@sukagawa")
    world.switch(SUKAGAWA, "consult", on=False)
    with pytest.raises(NotFound):
        posting.accept(asker, question, reply, form_key=str(uuid4()))
    assert not own_acts(asker, hiding.ACCEPT)
    assert Question.get_by_id(question).accepted_answer_id is None


def test_a_question_of_a_town_where_it_rests_is_not_solved_from_elsewhere(
    world: Any, ctx_for: Any, ask: Any, answer: Any
) -> None:
    question = ask("staff@sukagawa")
    reply, post = answer("staff@koriyama", question), ctx_for("staff@miharu").acting.id
    world.switch(SUKAGAWA, "consult", on=False)
    Question.update(author=post).where(Question.id == question).execute()  # who moved there
    with pytest.raises(Paused):
        posting.accept(ctx_for("staff@miharu"), question, reply)


def test_its_answers_stay_where_they_were_given(
    world: Any, ctx_for: Any, ask: Any, answer: Any
) -> None:
    question = ask("staff@koriyama")
    answer("staff@sukagawa", question, "須賀川では")
    world.switch(SUKAGAWA, "consult", on=False)
    thread = get_thread(ctx_for("staff@koriyama"), question)
    assert [reply.body for reply in thread.replies] == ["須賀川では"]
    assert thread.may_answer


def test_nobody_is_asked_to_answer_them(world: Any, ctx_for: Any, ask: Any) -> None:
    open_ = ask("staff@miharu")
    ask("staff@sukagawa")
    world.switch(SUKAGAWA, "consult", on=False)
    found = waiting_for_others(ctx_for("staff@koriyama"), 3)
    assert [question.id for question in found] == [open_]


def test_switching_on_again_brings_everything_back(
    world: Any, client_for: Any, ctx_for: Any, ask: Any, answer: Any
) -> None:
    question = ask("staff@sukagawa")
    world.switch(SUKAGAWA, "consult", on=False)
    world.switch(SUKAGAWA, "consult", on=True)
    assert client_for("staff@sukagawa").get(f"/consult/{question}").status_code == 200
    assert not list_questions(ctx_for("staff@koriyama")).questions[0].paused
    reply = answer("staff@koriyama", question)
    posting.accept(ctx_for("staff@sukagawa"), question, reply)
    assert get_thread(ctx_for("staff@koriyama"), question).question.solved
