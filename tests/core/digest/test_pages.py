"""The pages: the list, an issue as each reader sees it, the text for a board, the secretariat's choice."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest

from niwari.audit.models import AuditEntry
from niwari.db.counting import QueryLog
from niwari.digest.choosing import choose
from niwari.digest.models import DigestRule, Issue
from niwari.digest.reading import PAGE
from niwari.testing.world import KORIYAMA, SUKAGAWA, World
from tests.core.digest.conftest import (
    NEIGHBOUR,
    OWNER,
    SECRETARIAT,
    Desk,
    MakeIssue,
    Note,
    text_of,
)

Queries = Callable[[], AbstractContextManager[QueryLog]]
MENU = 'href="/digest/"'


def test_while_it_is_off_there_is_neither_menu_nor_page(world: World) -> None:
    assert MENU not in text_of(world, OWNER, "/")
    for address in ("/digest/", "/digest/1", "/digest/1/board"):
        text_of(world, OWNER, address, 404)


def test_once_it_is_on_every_town_of_the_region_has_the_menu(world: World, weekly: None) -> None:
    for login in (OWNER, NEIGHBOUR):
        assert MENU in text_of(world, login, "/")
    assert "広域通信はまだ出ていません" in text_of(world, OWNER, "/digest/")


def test_how_to_be_told_is_asked_only_where_there_is_something_to_be_told(world: World) -> None:
    kind = "広域通信が出たとき"
    assert kind not in text_of(world, OWNER, "/notices/settings")
    choose(world.ctx_for(SECRETARIAT), "week")
    assert kind in text_of(world, OWNER, "/notices/settings")


def test_switched_off_again_its_issues_are_not_there(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    make_issue()
    choose(world.ctx_for(SECRETARIAT), "off")
    assert MENU not in text_of(world, NEIGHBOUR, "/")
    text_of(world, NEIGHBOUR, "/digest/1", 404)


def test_an_issue_leads_to_what_is_new_and_what_comes(
    world: World, weekly: None, note: Note, desk: Desk, make_issue: MakeIssue
) -> None:
    number, opened = note("会議室の鍵"), desk()
    make_issue()
    assert 'href="/digest/1"' in text_of(world, NEIGHBOUR, "/digest/")
    page = text_of(world, NEIGHBOUR, "/digest/1")
    assert "2026年11月9日（月）から11月15日（日）まで" in page
    assert f'href="/dummy/{number}">会議室の鍵</a>' in page
    assert f'href="/desk/{opened}">相談の日</a>' in page
    assert "11月18日（水）13:30–14:30" in page
    assert "郡山市" in page


def test_a_row_that_takes_place_often_stands_there_once(
    world: World, weekly: None, desk: Desk, make_issue: MakeIssue
) -> None:
    desk(rule="FREQ=DAILY", until=date(2026, 12, 31), day=date(2026, 11, 9), on_holiday="keep")
    make_issue()
    coming = text_of(world, OWNER, "/digest/1").partition("これからの予定")[2]
    assert "11月16日（月）13:30–14:30、ほか6回" in coming


def test_where_a_feature_is_off_nothing_of_it_is_shown(
    world: World, weekly: None, note: Note, desk: Desk, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    desk()
    world.switch(SUKAGAWA, "dummy", on=False)
    make_issue()
    page = text_of(world, NEIGHBOUR, "/digest/1")
    assert "相談の日" in page
    assert "会議室の鍵" not in page


def test_what_a_paused_town_shared_is_marked(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    make_issue()
    world.switch(KORIYAMA, "dummy", on=False)
    assert "この市町村では休止中" in text_of(world, NEIGHBOUR, "/digest/1")


def test_what_is_for_its_own_town_by_now_is_not_shown_any_more(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    from niwari_dummy.models import Note as Row

    number = note("会議室の鍵")
    make_issue()
    Row.update(audience="municipality").where(Row.id == number).execute()
    world.index()
    for login in (OWNER, NEIGHBOUR):
        for address in ("/digest/1", "/digest/1/board"):
            assert "会議室の鍵" not in text_of(world, login, address)


def test_a_row_whose_place_is_hidden_names_no_town(
    world: World, weekly: None, desk: Desk, make_issue: MakeIssue
) -> None:
    desk(title="名前を出さない相談の日", is_quiet=True)
    make_issue()
    page = text_of(world, NEIGHBOUR, "/digest/1").partition("<main")[2]
    board = text_of(world, NEIGHBOUR, "/digest/1/board").partition("<textarea")[2]
    for text in (page, board):
        assert "名前を出さない相談の日" in text
        assert "郡山市" not in text


def test_what_people_wrote_is_escaped(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("<script>alert(1)</script>")
    make_issue()
    for address in ("/digest/1", "/digest/1/board"):
        assert "<script>alert" not in text_of(world, OWNER, address)


def test_the_text_for_a_board_has_titles_days_and_the_address(
    world: World, weekly: None, note: Note, desk: Desk, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    desk()
    make_issue()
    text = text_of(world, OWNER, "/digest/1/board").partition("readonly>")[2]
    text = text.partition("</textarea>")[0]
    assert "広域通信 第1号（2026年11月9日（月）から11月15日（日）まで）】" in text
    assert "・会議室の鍵（郡山市）" in text
    assert "・11月18日（水）13:30–14:30 相談の日（郡山市）" in text
    assert "\nhttp://localhost/digest/1\n" in text


@pytest.mark.parametrize("address", ["/digest/2", "/digest/0", "/digest/99999999999", "/digest/x"])
def test_an_issue_that_is_none_is_not_there(
    world: World, weekly: None, make_issue: MakeIssue, address: str
) -> None:
    make_issue()
    text_of(world, OWNER, address, 404)


def test_an_issue_of_another_region_is_not_there(
    world: World, weekly: None, make_issue: MakeIssue
) -> None:
    make_issue()
    elsewhere = Issue.region.rel_model.create(code="elsewhere", name="別の広域圏")
    Issue.update(region=elsewhere.id).execute()
    text_of(world, OWNER, "/digest/1", 404)
    assert "広域通信はまだ出ていません" in text_of(world, OWNER, "/digest/")


def test_the_list_goes_on_on_further_pages(world: World, weekly: None) -> None:
    ctx = world.ctx_for(OWNER)
    for number in range(1, PAGE + 2):
        first = ctx.today - timedelta(days=7 * (PAGE + 2 - number))
        last, until = first + timedelta(days=6), first + timedelta(days=13)
        Issue.create(
            region=ctx.municipality.region_id,
            number=number,
            first=first,
            last=last,
            until=until,
            made_at=ctx.now,
        )
    newest = text_of(world, OWNER, "/digest/")
    assert "第1号" not in newest
    assert 'href="/digest/?before=2"' in newest
    assert text_of(world, OWNER, "/digest/?before=2").count('class="row-title"') == 1


def test_the_secretariat_sees_what_it_would_say_before_it_is_switched_on(
    world: World, note: Note, desk: Desk
) -> None:
    note("会議室の鍵")
    desk(day=date(2026, 11, 12))
    world.clock.advance(days=1)
    page = text_of(world, SECRETARIAT, "/digest/settings")
    assert "会議室の鍵" in page
    assert "11月12日（木）" in page
    assert 'value="off" checked' in page or 'checked id="every-0"' in page
    assert Issue.select().count() == 0


def test_the_preview_of_a_month_goes_further(world: World, desk: Desk) -> None:
    desk(day=date(2026, 12, 4))
    assert "12月4日" not in text_of(world, SECRETARIAT, "/digest/settings")
    assert "12月4日（金）" in text_of(world, SECRETARIAT, "/digest/settings?every=month")


def test_the_secretariat_switches_it_on_once_however_often_it_is_pressed(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    assert client.submit("/digest/settings", {"every": "month"}).status_code == 303
    said = client.get("/digest/settings").get_data(as_text=True)
    assert "広域通信を毎月出すことにしました" in said
    assert client.submit("/digest/settings", {"every": "month"}).status_code == 303
    assert [rule.every for rule in DigestRule.select()] == ["month"]
    assert AuditEntry.select().where(AuditEntry.action == "digest.choose").count() == 1


@pytest.mark.parametrize("every", ["", "year"])
def test_a_choice_that_is_none_is_refused_beside_the_field(world: World, every: str) -> None:
    answer = world.client_for(SECRETARIAT).submit("/digest/settings", {"every": every})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert DigestRule.select().count() == 0


def test_a_town_that_does_not_show_it_has_no_page_and_the_others_do(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    client = world.client_for("it@koriyama")
    assert client.submit("/digest/town", {}).status_code == 303
    assert "職員に見せないことにしました" in client.get("/digest/town").get_data(as_text=True)
    make_issue()
    text_of(world, OWNER, "/digest/1", 404)
    assert MENU not in text_of(world, OWNER, "/")
    assert "広域通信" not in text_of(world, OWNER, "/notices/")
    assert "会議室の鍵" in text_of(world, NEIGHBOUR, "/digest/1")
    assert "広域通信 第1号" in text_of(world, NEIGHBOUR, "/notices/")


def test_a_town_shows_it_again(world: World, weekly: None) -> None:
    client = world.client_for("it@koriyama")
    client.submit("/digest/town", {})
    client.submit("/digest/town", {"shown": "y"})
    assert MENU in text_of(world, OWNER, "/")
    acts = AuditEntry.select().where(AuditEntry.action == "digest.show")
    assert acts.count() == 2


def test_the_menu_costs_no_query(world: World, weekly: None, queries: Queries) -> None:
    client = world.client_for(OWNER)
    client.get("/my/permissions")
    with queries() as on:
        client.get("/my/permissions")
    choose(world.ctx_for(SECRETARIAT), "off")
    client.get("/my/permissions")
    with queries() as off:
        client.get("/my/permissions")
    assert len(on) == len(off)


def test_an_issue_costs_few_queries_however_much_it_names(
    world: World, weekly: None, note: Note, desk: Desk, make_issue: MakeIssue, queries: Queries
) -> None:
    for number in range(5):
        note(f"伝言 {number}")
        desk()
    make_issue()
    client = world.client_for(NEIGHBOUR)
    client.get("/digest/1")
    with queries() as log:
        client.get("/digest/1")
    # The session, the gate's and the unread ones; the issue, what it names; two for each kind.
    assert len(log) <= 8


def test_the_pages_are_there_in_english(
    world: World, weekly: None, note: Note, make_issue: MakeIssue
) -> None:
    note("会議室の鍵")
    make_issue()
    client = world.client_for(OWNER)
    token = client.token_at("/notices/settings")
    client.post("/locale/en", data={"csrf_token": token})
    assert "<h1>Regional digest no. 1</h1>" in client.get("/digest/1").get_data(as_text=True)
    assert "Newly shared" in client.get("/digest/1").get_data(as_text=True)
