"""探す: one page for everything, and what it answers to whatever is typed."""

import re
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest

from niwari.db.counting import QueryLog
from niwari.host.discovery import Found
from niwari.search.dates import entries_between
from niwari.search.finding import PAGE, search
from niwari.search.queries import Query, read_phrases
from niwari.search.readable import kinds_for
from niwari.search.views import OFTEN
from niwari.testing.world import Browser, World
from niwari_consult.models import Question
from tests.core.search.conftest import ASKER, NEIGHBOUR, Ask
from tests.core.search.test_indexing import describe_by


@pytest.fixture
def reader(world: World) -> Browser:
    """Somebody in the neighbouring town."""
    return world.client_for(NEIGHBOUR)


def look(reader: Browser, text: str, **more: str) -> tuple[int, str]:
    answer = reader.get("/search", query_string={"q": text, **more})
    return answer.status_code, answer.get_data(as_text=True)


def test_a_result_leads_to_its_page_and_marks_the_words(ask: Ask, reader: Browser) -> None:
    number = ask("引き継ぎの書き方", "年度末の引継ぎ書を、どこまで書きますか。")
    status, page = look(reader, "引継")
    assert status == 200
    assert f'<a href="/consult/{number}"><mark>引き継ぎ</mark>の書き方</a>' in page
    assert "年度末の<mark>引継ぎ</mark>書を" in page
    assert "郡山市 市民課" in page
    assert "2026年11月10日（火）" in page
    assert "見つかったもの（1件）" in page
    assert reader.get(f"/consult/{number}").status_code == 200


def test_what_people_wrote_is_escaped_around_the_marks(ask: Ask, reader: Browser) -> None:
    ask("<script>alert(1)</script>窓口", "<b>窓口</b>&amp;")
    _status, page = look(reader, "窓口")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<mark>窓口</mark>" in page
    assert "&lt;b&gt;<mark>窓口</mark>&lt;/b&gt;&amp;amp;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    "text",
    [
        "*", '"', "\\", "'", "%", ";", "' OR 1=1 --", "{", "NOT", "-窓口", "窓口*", "^窓口",
        "scope:r1", ":t1:consult.question", "a NEAR b", "(", "窓口 AND", "'窓口' & !x", "<->", "\t",
        "😀", "\u3000", "¶", "窓¶口", "あ゙", "\ufb00", "𠮷野家", "١٢٣",
    ],
)  # fmt: skip
def test_operators_and_signs_are_text(ask: Ask, reader: Browser, text: str) -> None:
    ask("窓口の番号札")
    status, page = look(reader, text)
    assert status in (200, 422)
    assert "探す" in page


@pytest.mark.parametrize("text", ["窓\0口", "窓\x1b口", "窓\u202e口", "\ud800"])
def test_characters_that_cannot_be_seen_are_refused_beside_the_field(
    reader: Browser, text: str
) -> None:
    address = "/search?q=" + "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "replace"))
    answer = reader.get(address)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "使えない文字" in page or "記号だけでは探せません" in page


def test_ten_thousand_characters_are_refused_beside_the_field_and_kept(reader: Browser) -> None:
    text = "あ" * 10_000
    status, page = look(reader, text)
    assert status == 422
    assert "100文字までにしてください。今は10,000文字あります。" in page
    assert f'value="{text}"' in page
    assert 'aria-invalid="true"' in page


def test_a_search_without_words_is_refused_only_once_something_is_asked(reader: Browser) -> None:
    assert look(reader, "")[0] == 200
    status, page = look(reader, "", feature="consult")
    assert status == 422
    assert "探す言葉を入力してください" in page


@pytest.mark.parametrize(
    "narrowed", [{"feature": "nothing"}, {"town": "999999"}, {"period": "ever"}]
)
def test_a_choice_that_is_none_is_refused(reader: Browser, narrowed: dict[str, str]) -> None:
    assert look(reader, "窓口", **narrowed)[0] == 422


@pytest.mark.parametrize("before", ["x", "--1", "-0", "0", "9" * 40, "１"])
def test_a_place_that_is_none_begins_with_the_newest(
    ask: Ask, reader: Browser, before: str
) -> None:
    ask("窓口")
    status, page = look(reader, "窓口", before=before)
    assert status == 200
    assert "見つかったもの（1件）" in page


def test_nothing_found_says_what_to_do(ask: Ask, reader: Browser) -> None:
    ask("窓口")
    assert "言葉を短くするか、別の言い方で" in look(reader, "ない言葉")[1]
    page = look(reader, "窓口", town="072079")[1]
    assert "絞り込みを外すと、見つかるかもしれません" in page
    assert 'href="/search?q=%E7%AA%93%E5%8F%A3"' in page


def test_the_next_page_keeps_what_was_chosen(ask: Ask, reader: Browser) -> None:
    for number in range(PAGE + 1):
        ask(f"窓口 {number}")
    _status, page = look(reader, "窓口", feature="consult", period="month")
    (following,) = re.findall(r'href="(/search\?[^"]*before=[^"]*)"', page)
    second = reader.get(following.replace("&amp;", "&")).get_data(as_text=True)
    assert second.count('class="row-title"') == 1
    assert "続き" in second
    assert 'value="consult" selected' in second or 'selected value="consult"' in second


def test_what_is_about_a_day_before_1970_is_found_page_by_page(
    world: World, ask: Ask, reader: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    describe_by(world, monkeypatch, dated=lambda question: date(1955, 4, 1))
    for number in range(PAGE + 1):
        ask(f"合併の記録 {number}")
    _status, page = look(reader, "合併")
    assert page.count('class="row-title"') == PAGE
    (following,) = re.findall(r'href="(/search\?[^"]*before=-[^"]*)"', page)
    second = reader.get(following.replace("&amp;", "&")).get_data(as_text=True)
    assert second.count('class="row-title"') == 1


def test_a_second_kind_costs_one_query_more_on_the_search_and_in_a_calendar(
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    queries: Callable[[], AbstractContextManager[QueryLog]],
) -> None:
    world = open_world([trial_plugins["desk"], trial_plugins["dummy"]])
    ctx = world.ctx_for(ASKER)
    for kind in kinds_for(ctx).values():
        kind.resource.sample(ctx)
        kind.resource.model.update(title="相談の日").execute()
    world.index()
    query = Query(read_phrases("相談"))
    days = (date(2026, 1, 1), date(2027, 12, 31))
    with queries() as found_two:
        assert len({one.row.kind for one in search(ctx, query).results}) == 2
    with queries() as dated_two:
        assert len({one.row.kind for one in entries_between(ctx, *days).dates}) == 2
    with queries() as found_one:
        search(ctx, replace(query, plugin="desk"))
    with queries() as dated_one:
        entries_between(ctx, *days, plugins=["desk"])
    assert (len(found_one), len(found_two)) == (3, 4)  # the index, the rows of each kind, the towns
    assert (len(dated_one), len(dated_two)) == (3, 4)


def test_a_row_of_a_town_that_paused_is_marked(world: World, ask: Ask, reader: Browser) -> None:
    ask("窓口")
    world.switch("072036", "consult", on=False)
    assert "この市町村では休止中" in look(reader, "窓口")[1]


def test_every_page_has_the_field_and_the_search_its_own(reader: Browser) -> None:
    home = reader.get("/").get_data(as_text=True)
    assert 'role="search" action="/search"' in home
    assert 'id="shell-search"' not in reader.get("/search").get_data(as_text=True)


def test_whoever_searches_very_often_waits_a_moment(ask: Ask, reader: Browser) -> None:
    ask("窓口")
    for _ in range(OFTEN.most):
        assert look(reader, "窓口")[0] == 200
    status, page = look(reader, "窓口")
    assert status == 429
    assert "しばらくお待ちください" in page


def test_it_costs_few_queries_however_much_is_found(
    ask: Ask,
    reader: Browser,
    queries: Callable[[], AbstractContextManager[QueryLog]],
) -> None:
    ask("窓口 0")
    look(reader, "窓口")
    with queries() as one:
        look(reader, "窓口")
    for number in range(PAGE + 1):
        ask(f"窓口 {number}")
    with queries() as many:
        look(reader, "窓口")
    # The session and the unread notices; the towns, the limit, the index, the rows and who has it
    # off; then the number.
    assert (len(one), len(many)) == (7, 8)


def test_sharing_something_costs_no_query_more(
    world: World, ask: Ask, queries: Callable[[], AbstractContextManager[QueryLog]]
) -> None:
    number = ask("窓口")
    with queries() as log:
        Question.update(title="戸籍").where(Question.id == number).execute()
    assert len(log) == 1


def test_the_page_is_there_in_english(reader: Browser, ask: Ask) -> None:
    ask("窓口")
    token = reader.token_at("/search")
    reader.post("/locale/en", data={"csrf_token": token})
    page = look(reader, "窓口")[1]
    assert 'lang="en"' in page
    assert "<h1>Search</h1>" in page
    assert "Found: 1" in page
    assert 'placeholder="Enter words to search for"' in reader.get("/").get_data(as_text=True)
