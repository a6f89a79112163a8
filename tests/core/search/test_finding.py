"""Finding what people share: by what, in which order, and by whom."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from niwari.context import Context
from niwari.directory.enabling import switch
from niwari.directory.models import Municipality
from niwari.host.enablement import withdraw
from niwari.host.town_state import OFF
from niwari.search.finding import MOST_COUNTED, PAGE, search
from niwari.search.queries import Query, read_phrases
from niwari.search.words import LONGEST_TEXT, MOST_ALIKE
from niwari.testing.world import KORIYAMA, SUKAGAWA, World
from niwari_consult.models import Question
from tests.core.search.conftest import ASKER, COLLEAGUE, NEIGHBOUR, Ask, Titles, said
from tests.core.search.test_indexing import describe_by


@pytest.mark.parametrize("text", ["引き継ぎ", "引継", "引", "き継", "書き", "引継ぎの書き方"])
def test_any_part_of_it_is_found_in_any_spelling(ask: Ask, found: Titles, text: str) -> None:
    ask("引き継ぎの書き方")
    ask("会議の日程")
    assert found(text) == ["引き継ぎの書き方"]


def test_title_and_text_are_both_looked_into(ask: Ask, found: Titles) -> None:
    ask("窓口の番号札", "住民票の写しを待つ人が多い日があります。")
    assert found("番号札 住民票") == ["窓口の番号札"]
    assert found("番号札 戸籍") == []


def test_words_apart_from_each_other_are_no_phrase(ask: Ask, found: Titles) -> None:
    ask("住民票の写しと手数料")
    assert found("写し 住民票") != []
    assert found("「写し 住民票」") == []
    assert found("住民、票") == []


def test_the_end_of_one_sentence_and_the_beginning_of_another_are_no_word(
    ask: Ask, found: Titles
) -> None:
    ask("題名", "雨が降る。会議は中止です。")
    assert found("る会議") == []
    assert found("会議") == ["題名"]


def test_the_newest_come_first_and_pages_follow_each_other(
    world: World, ask: Ask, found: Titles
) -> None:
    for number in range(PAGE + 3):
        ask(f"窓口 {number:02d}")
        world.clock.advance(minutes=5)
    query = Query(read_phrases("窓口"))
    first = search(world.ctx_for(COLLEAGUE), query)
    assert said(first) == [f"窓口 {number:02d}" for number in range(PAGE + 2, 2, -1)]
    assert (first.count, first.is_more) == (PAGE + 3, False)
    second = search(world.ctx_for(COLLEAGUE), query, before=first.following)
    assert said(second) == ["窓口 02", "窓口 01", "窓口 00"]
    assert second.following is None


def test_more_than_two_hundred_are_not_counted(
    world: World, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("niwari.search.finding.MOST_COUNTED", PAGE + 1)
    for number in range(PAGE + 2):
        ask(f"窓口 {number}")
    page = search(world.ctx_for(COLLEAGUE), Query(read_phrases("窓口")))
    assert (page.count, page.is_more) == (PAGE + 1, True)
    assert MOST_COUNTED == 200


def test_it_is_narrowed_by_feature_municipality_and_period(
    world: World, ask: Ask, found: Titles
) -> None:
    ask("郡山の窓口")
    ask("須賀川の窓口", by=NEIGHBOUR)
    there = Municipality.get(Municipality.code == SUKAGAWA).id
    assert found("窓口", municipality_id=there) == ["須賀川の窓口"]
    assert len(found("窓口", plugin="consult")) == 2
    assert found("窓口", plugin="ledger") == []
    today = date(2026, 11, 10)
    assert len(found("窓口", first=today, last=today)) == 2
    assert found("窓口", first=date(2026, 11, 11)) == []
    assert found("窓口", last=date(2026, 11, 9)) == []


def test_who_may_not_read_a_row_does_not_find_it(ask: Ask, found: Titles) -> None:
    ask("市の中の窓口", audience="municipality")
    assert found("窓口") == ["市の中の窓口"]
    assert found("窓口", by=NEIGHBOUR) == []


def test_a_row_of_a_section_is_found_there_alone(world: World, ask: Ask) -> None:
    number = ask("課の窓口", audience="municipality")
    ctx = world.ctx_for(ASKER)
    _without_check(ctx, number, "section")
    world.index()
    query = Query(read_phrases("窓口"))
    assert said(search(ctx, query)) == ["課の窓口"]
    assert ctx.appointment is not None
    elsewhere = replace(ctx.appointment, section_id=ctx.appointment.section_id + 1)
    assert said(search(replace(ctx, appointment=elsewhere), query)) == []
    assert said(search(replace(ctx, appointment=None, actor="token"), query)) == []


def _without_check(ctx: Context, number: int, audience: str) -> None:
    """Let a question be for a section, which consult itself does not offer."""
    from niwari.db import database, is_postgresql

    if is_postgresql():
        database.execute_sql(
            "ALTER TABLE consult_question DROP CONSTRAINT consult_question_audience"
        )
    else:
        database.execute_sql("PRAGMA ignore_check_constraints = 1")
    Question.update(audience=audience).where(Question.id == number).execute()
    if not is_postgresql():
        database.execute_sql("PRAGMA ignore_check_constraints = 0")


def test_an_index_that_is_behind_hides_and_never_leaks(
    world: World, ask: Ask, found: Titles
) -> None:
    number = ask("広域圏の窓口")
    assert found("窓口", by=NEIGHBOUR) == ["広域圏の窓口"]
    Question.update(audience="municipality", title="市の戸籍").where(
        Question.id == number
    ).execute()
    assert found("窓口", by=NEIGHBOUR) == []
    # Its own town finds it by the old word for a minute, and sees what it says now.
    assert found("窓口") == ["市の戸籍"]
    world.index()
    assert found("窓口") == []
    assert found("戸籍") == ["市の戸籍"]
    Question.delete().where(Question.id == number).execute()
    assert found("戸籍") == []


def test_rows_that_the_person_does_not_see_any_more_make_no_page_short(
    world: World, ask: Ask, found: Titles
) -> None:
    for number in range(PAGE):
        ask(f"古い窓口 {number}")
    world.clock.advance(minutes=1)
    gone = [ask(f"新しい窓口 {number}") for number in range(PAGE)]
    Question.update(audience="municipality").where(Question.id.in_(gone)).execute()
    titles = found("窓口", by=NEIGHBOUR)
    assert len(titles) == PAGE
    assert all(title.startswith("古い") for title in titles)


def test_what_a_municipality_withdrew_is_found_by_its_own_people_alone(
    world: World, ask: Ask, found: Titles
) -> None:
    ask("広域圏の窓口")
    ctx = world.ctx_for(ASKER)
    withdraw(ctx, ctx.municipality.id, "consult", withdrawn=True)
    assert found("窓口", by=NEIGHBOUR) == []
    assert found("窓口") == ["広域圏の窓口"]


def test_what_a_municipality_shared_before_it_paused_is_found_and_marked(
    world: World, ask: Ask
) -> None:
    ask("広域圏の窓口")
    query = Query(read_phrases("窓口"))
    (before,) = search(world.ctx_for(NEIGHBOUR), query).results
    world.switch(KORIYAMA, "consult", on=False)
    (after,) = search(world.ctx_for(NEIGHBOUR), query).results
    assert (before.row.paused, after.row.paused) == (False, True)


def test_where_the_feature_is_off_nothing_of_it_is_found(
    world: World, ask: Ask, found: Titles
) -> None:
    ask("広域圏の窓口")
    ctx = replace(world.ctx_for(NEIGHBOUR), appointment=None, actor="test")
    switch(ctx, ctx.municipality.id, "consult", OFF)
    assert found("窓口", by=NEIGHBOUR) == []


def test_who_may_not_open_the_page_finds_nothing_of_it(world: World, ask: Ask) -> None:
    ask("広域圏の窓口")
    ctx = world.ctx_for(COLLEAGUE)
    barred = replace(ctx, permissions=ctx.permissions - {"consult.read"})
    page = search(barred, Query(read_phrases("窓口")))
    assert (said(page), page.count) == ([], 0)


def test_a_hidden_author_s_place_is_neither_shown_nor_told_by_a_filter(
    world: World, ask: Ask, found: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(world, monkeypatch, lambda question: question.title.startswith("匿名"))
    ask("匿名の窓口")
    ask("記名の窓口")
    (open_one, hidden) = search(world.ctx_for(NEIGHBOUR), Query(read_phrases("窓口"))).results
    assert (open_one.row.municipality, open_one.row.section) == ("郡山市", "市民課")
    assert (hidden.row.municipality, hidden.row.section) == ("", "")
    here = Municipality.get(Municipality.code == KORIYAMA).id
    assert found("窓口", municipality_id=here) == ["記名の窓口"]


def hide(world: World, monkeypatch: pytest.MonkeyPatch, hidden: Callable[[Question], bool]) -> None:
    """Let consult hide where some questions come from."""
    consult = world.host.plugins["consult"]
    (resource,) = consult.contributions.resources
    told = (replace(resource, hidden_place=hidden),)
    monkeypatch.setattr(consult, "contributions", replace(consult.contributions, resources=told))


def test_the_far_end_of_a_long_text_is_found_and_what_is_beyond_is_not(
    world: World, ask: Ask, found: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = "".join(map(chr, range(0x5000, 0x9000)))
    text = many[: LONGEST_TEXT - 6] + "終点"  # with the title all that is found
    describe_by(world, monkeypatch, text=lambda question: text + "彼方")
    ask("長い本文")
    assert found("終点") == ["長い本文"]
    assert found(text[-6:]) == ["長い本文"]
    assert found("彼方") == []


def test_a_spelling_for_which_there_is_no_place_is_found_in_the_other(
    world: World, ask: Ask, found: Titles, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "".join(map(chr, range(0x5000, 0x8000))) + "引き継ぎ"
    describe_by(world, monkeypatch, text=lambda question: text)
    ask("長い本文")
    assert found("引き継ぎ") == ["長い本文"]
    assert found("引継ぎ") == ["長い本文"]
    assert found("き継") == []


@pytest.mark.parametrize(("times", "is_found"), [(MOST_ALIKE - 1, True), (MOST_ALIKE, False)])
def test_a_pair_is_found_in_its_first_places(
    world: World,
    ask: Ask,
    found: Titles,
    monkeypatch: pytest.MonkeyPatch,
    times: int,
    is_found: bool,
) -> None:
    describe_by(world, monkeypatch, text=lambda question: "確認。" * times + "確認済")
    ask("長い本文")
    assert found("確認済") == (["長い本文"] if is_found else [])
    assert found("認済") == found("確認") == ["長い本文"]
