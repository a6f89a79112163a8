"""A question for the own town does not exist for the neighbours (mission, promise 3)."""

from dataclasses import replace
from typing import Any

import pytest

from niwari.api import MUNICIPALITY, SECTION, NotChosen, NotFound
from niwari.db import connection
from niwari_consult.models import Answer
from niwari_consult.service import posting
from niwari_consult.service.listing import Tab, list_questions, waiting_for_others
from niwari_consult.service.thread import get_thread
from tests.consult.conftest import accept_at

TITLE = "庁内だけの相談"


@pytest.fixture
def own(ask: Any) -> int:
    """A question of staff@koriyama for Koriyama alone."""
    question: int = ask("staff@koriyama", TITLE, audience=MUNICIPALITY)
    return question


@pytest.mark.parametrize("address", ["/consult/", "/consult/waiting", "/"])
def test_it_is_in_no_list_of_the_neighbour(client_for: Any, own: int, address: str) -> None:
    assert TITLE in client_for("staff2@koriyama").get(address).get_data(as_text=True)
    assert TITLE not in client_for("staff@sukagawa").get(address).get_data(as_text=True)


def test_its_pages_are_not_there_for_the_neighbour(
    client_for: Any, send: Any, ask: Any, answer: Any, own: int
) -> None:
    seen = ask("staff@koriyama")
    reply = answer("staff2@koriyama", own)
    neighbour = client_for("staff@sukagawa")
    assert neighbour.get(f"/consult/{own}").status_code == 404
    page = f"/consult/{seen}"
    posted = send(neighbour, page, f"/consult/{own}/answers", body="見えていますか")
    assert posted.status_code == 404
    accepted = send(neighbour, page, accept_at(f"/consult/{own}", reply))
    assert accepted.status_code == 404
    with connection():
        assert Answer.select().count() == 1


def test_the_services_do_not_know_it_either(ctx_for: Any, answer: Any, own: int) -> None:
    neighbour = ctx_for("staff@miharu")
    with pytest.raises(NotFound):
        get_thread(neighbour, own)
    with pytest.raises(NotFound):
        answer("staff@miharu", own)
    assert all(list_questions(neighbour, tab).questions == () for tab in Tab)
    assert waiting_for_others(neighbour, 3) == []


def test_colleagues_read_it_and_see_for_whom_it_is(client_for: Any, own: int) -> None:
    page = client_for("head@koriyama").get(f"/consult/{own}").get_data(as_text=True)
    assert TITLE in page
    assert "郡山市の職員だけ" in page


@pytest.mark.parametrize("audience", [SECTION, "", "everybody"])
def test_an_audience_that_a_question_cannot_have_is_refused(ask: Any, audience: str) -> None:
    with pytest.raises(NotChosen):
        ask("staff@koriyama", audience=audience)


def test_without_a_choice_nothing_is_shared(client_for: Any, send: Any, question_form: Any) -> None:
    typed = question_form()
    del typed["audience"]
    answered = send(client_for("staff@koriyama"), "/consult/ask", **typed)
    assert answered.status_code == 422
    assert "選択肢から選んでください。" in answered.get_data(as_text=True)


def test_a_town_without_a_region_asks_itself(ctx_for: Any) -> None:
    ctx = ctx_for("staff@koriyama")
    alone = replace(ctx, municipality=replace(ctx.municipality, region_id=None))
    assert posting.audiences(alone) == (MUNICIPALITY,)
