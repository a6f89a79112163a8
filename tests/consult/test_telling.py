"""Who is told of what is asked and answered without a name, and of a question about one's duty."""

from typing import Any
from uuid import uuid4

import pytest

from niwari.api import MUNICIPALITY
from niwari.directory.duties.models import PersonDuty, SectionDuty
from niwari_consult.models import Answer
from niwari_consult.service import posting
from tests.consult.conftest import ASKER, Hide

HELPER, READER = "staff@sukagawa", "staff2@koriyama"


def page_of(client: Any, address: str) -> str:
    text: str = client.get(address).get_data(as_text=True)
    return text


def test_the_hidden_asker_is_told_of_answers(
    hide: Hide, answer: Any, told: Any, client_for: Any, world: Any
) -> None:
    question = hide()
    answer(HELPER, question)
    assert [(one.login, one.code) for one in told()] == [("", "consult.answered")]
    world.clock.advance(minutes=15)
    assert "いまさら聞けないこと" in page_of(client_for(ASKER), "/notices/hidden")
    assert "いまさら聞けないこと" not in page_of(client_for("head@miharu"), "/notices/hidden")


def test_a_hidden_helper_is_told_that_the_answer_helped(
    ask: Any, ctx_for: Any, publish: Any, told: Any, client_for: Any, world: Any
) -> None:
    question = ask(READER, "助けてください")
    posting.answer(
        ctx_for(ASKER), question, body="こうです。", form_key=str(uuid4()), hide_name=True
    )
    publish()
    posting.accept(ctx_for(READER), question, Answer.get().id)
    assert [(one.login, one.code) for one in told()] == [
        (READER, "consult.answered"),
        ("", "consult.accepted"),
    ]
    world.clock.advance(minutes=15)
    assert "助けてください" in page_of(client_for(ASKER), "/notices/hidden")


@pytest.mark.parametrize("hidden", [True, False])
def test_people_with_the_duty_are_told_in_all_towns(
    ask: Any, publish: Any, ctx_for: Any, told: Any, hidden: bool
) -> None:
    """Of a hidden asker the asker too: who alone was not told would be known."""
    for login in (ASKER, HELPER):
        ctx = ctx_for(login)
        PersonDuty.create(
            appointment=ctx.acting.id,
            municipality=ctx.municipality.id,
            duty="payroll",
            since=ctx_for(ASKER).today,
        )
    head = ctx_for("head@koriyama")
    SectionDuty.create(
        section=head.acting.section_id,
        municipality=head.municipality.id,
        duty="general_affairs",
        since=ctx_for(ASKER).today,
    )
    ask(ASKER, topic="pay", hide_name=hidden)
    publish()
    reached = {one.login for one in told()}
    assert {HELPER, "head@koriyama", READER} <= reached
    assert (ASKER in reached) is hidden
    assert {one.code for one in told()} == {"consult.asked"}


def test_of_a_question_for_the_own_town_the_others_are_not_told(
    ask: Any, ctx_for: Any, told: Any
) -> None:
    for login in ("head@miharu", HELPER):
        ctx = ctx_for(login)
        PersonDuty.create(
            appointment=ctx.acting.id,
            municipality=ctx.municipality.id,
            duty="payroll",
            since=ctx_for(ASKER).today,
        )
    ask(ASKER, topic="pay", audience=MUNICIPALITY)
    assert [one.login for one in told()] == ["head@miharu"]
