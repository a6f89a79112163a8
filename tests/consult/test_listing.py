"""The three tabs, the topics, and turning pages."""

from datetime import timedelta
from typing import Any

import pytest

from niwari.api import NotFound
from niwari_consult.service.listing import PAGE, Cursor, Tab, list_questions, waiting_for_others


def walk(ctx: Any, tab: Tab = Tab.EVERYONE, **options: str) -> list[int]:
    """The ids of all pages, in order."""
    found: list[int] = []
    after = ""
    while True:
        page = list_questions(ctx, tab, after=after, **options)
        assert len(page.questions) <= PAGE
        found += [question.id for question in page.questions]
        if not page.next:
            return found
        after = page.next


@pytest.mark.parametrize("number", [0, 1, PAGE, PAGE + 1, 2 * PAGE + 5])
def test_pages_hold_every_question_once_newest_first(
    ctx_for: Any, clock: Any, ask: Any, number: int
) -> None:
    asked = []
    for turn in range(number):
        # Three at a time share one instant: the order among them must not depend on luck.
        clock.advance(seconds=1 if turn % 3 == 0 else 0)
        asked.append(ask("staff@koriyama"))
    assert walk(ctx_for("staff@miharu")) == asked[::-1]


def test_a_question_asked_meanwhile_repeats_none(ctx_for: Any, clock: Any, ask: Any) -> None:
    asked = []
    for _turn in range(PAGE + 3):
        clock.advance(seconds=1)
        asked.append(ask("staff@koriyama"))
    first = list_questions(ctx_for("staff@miharu"))
    clock.advance(seconds=1)
    ask("staff@koriyama")
    second = list_questions(ctx_for("staff@miharu"), after=first.next)
    assert [question.id for question in second.questions] == asked[2::-1]


def test_the_page_links_to_the_next_one(client_for: Any, clock: Any, ask: Any) -> None:
    for _turn in range(PAGE + 1):
        clock.advance(seconds=1)
        ask("staff@koriyama", topic="tax")
    client = client_for("staff@miharu")
    page = client.get("/consult/waiting?topic=tax").get_data(as_text=True)
    link = page.split('class="more"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    assert link.startswith("/consult/waiting?")
    last = client.get(link).get_data(as_text=True)
    assert "相談 1<" in last
    assert "相談 2<" not in last
    assert 'class="more"' not in last


def test_waiting_are_those_without_an_answer(ctx_for: Any, ask: Any, answer: Any) -> None:
    answered, waiting = ask("staff@koriyama"), ask("staff@koriyama")
    answer("staff@miharu", answered)
    assert walk(ctx_for("staff@sukagawa"), Tab.WAITING) == [waiting]


def test_mine_are_those_that_i_asked(ctx_for: Any, ask: Any) -> None:
    mine = ask("staff@koriyama")
    ask("staff2@koriyama")
    assert walk(ctx_for("staff@koriyama"), Tab.MINE) == [mine]


def test_a_topic_narrows_every_tab(ctx_for: Any, ask: Any) -> None:
    tax = ask("staff@koriyama", topic="tax")
    ask("staff@koriyama", topic="farming")
    for tab in Tab:
        assert walk(ctx_for("staff@koriyama"), tab, topic="tax") == [tax]


def test_the_card_holds_a_few_of_other_people_without_an_answer(
    ctx_for: Any, client_for: Any, clock: Any, ask: Any, answer: Any
) -> None:
    answer("staff@miharu", ask("staff@sukagawa", "答えのある相談"))
    ask("staff@koriyama", "自分の相談")
    waiting = []
    for _turn in range(4):
        clock.advance(minutes=1)
        waiting.append(ask("staff@sukagawa"))
    ctx = ctx_for("staff@koriyama")
    assert [question.id for question in waiting_for_others(ctx, 3)] == waiting[:0:-1]
    home = client_for("staff@koriyama").get("/").get_data(as_text=True)
    assert "答えを待っている相談" in home
    assert "自分の相談" not in home
    assert "答えのある相談" not in home


@pytest.mark.parametrize(
    "address",
    [
        "/consult/?topic=gossip",
        "/consult/?after=x",
        "/consult/?after=1-",
        f"/consult/?after={10**40}-1",
        "/consult/0",
        f"/consult/{2**31}",
    ],
)
def test_an_address_that_no_page_gave_out_is_not_found(client_for: Any, address: str) -> None:
    assert client_for("staff@koriyama").get(address).status_code == 404


def test_a_cursor_is_read_as_it_was_written(clock: Any) -> None:
    cursor = Cursor(clock() + timedelta(microseconds=7), 42)
    assert Cursor.parse(str(cursor)) == cursor
    assert Cursor.parse(f"1-{10**20}").id < 2**31
    with pytest.raises(NotFound):
        Cursor.parse("")


@pytest.mark.parametrize("address", ["/consult/", "/consult/waiting", "/consult/mine"])
def test_an_empty_list_says_what_to_do_first(client_for: Any, address: str) -> None:
    page = client_for("staff@koriyama").get(address).get_data(as_text=True)
    assert 'class="empty"' in page


def test_after_the_last_question_the_page_leads_back(client_for: Any) -> None:
    page = client_for("staff@koriyama").get("/consult/mine?after=1-1").get_data(as_text=True)
    assert "はじめから見る" in page
