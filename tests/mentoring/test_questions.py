"""Pages of the questions to a section, and how many answers a question takes."""

from typing import Any
from uuid import uuid4

import pytest

from niwari.admin import switching
from niwari.api import TooManyAnswers, transaction
from niwari_mentoring.models import Message
from niwari_mentoring.service import asking

from .conftest import FAR, NEIGHBOUR, STAFF, Do

MOST = 50


def test_what_a_town_withdrew_leaves_no_page_short_and_no_question_out(
    world: Any, ctx_for: Any, describe_section: Do, ask: Any
) -> None:
    id_ = describe_section(NEIGHBOUR)
    own = [ask(id_, STAFF) for _ in range(21)]
    for _ in range(3):
        ask(id_, FAR)
    switching.set_withdrawn(ctx_for(FAR), world.dispatcher, "mentoring", withdrawn=True)
    reader = ctx_for(NEIGHBOUR)
    first = asking.questions(reader, id_)
    second = asking.questions(reader, id_, first.next or 0)
    pages = [[one.question.id for one in page.asked] for page in (first, second)]
    assert pages == [own[:0:-1], own[:1]]
    assert second.next is None
    assert len(asking.questions(ctx_for(FAR), id_).asked) == 20


def test_a_question_takes_so_many_answers(ctx_for: Any, describe_section: Do, ask: Any) -> None:
    id_, ctx = describe_section(NEIGHBOUR), ctx_for(NEIGHBOUR)
    question = ask(id_, STAFF)
    with transaction(ctx):
        Message.insert_many(
            {
                "profile": id_,
                "question": question,
                "municipality": ctx.municipality.id,
                "section": ctx.acting.section_id,
                "author": ctx.acting.id,
                "key": str(uuid4()),
                "body": f"答え{number}",
                "said_at": ctx.now,
            }
            for number in range(MOST - 1)
        ).execute()
    last = str(uuid4())
    answers = [asking.answer(ctx, id_, question, body="五十番目", form_key=last) for _ in range(2)]
    assert answers[0] == answers[1]
    with pytest.raises(TooManyAnswers):
        asking.answer(ctx, id_, question, body="五十一番目", form_key=str(uuid4()))
    (asked,) = asking.questions(ctx, id_).asked
    assert (len(asked.answers), asked.is_full) == (MOST, True)
