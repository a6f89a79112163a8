"""The inbox: what one was told, within reach, and nobody else's."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.channels.inbox import page
from niwari.db import transaction
from niwari.directory.linking import Ref
from niwari.identity.models import Provider, ProviderMunicipality
from niwari.notices.models import Notice, Received
from niwari.notices.outbox import notify
from niwari.specs.contributions import Label
from niwari.testing.world import KORIYAMA, World
from tests.core.notices.conftest import ANSWERED, NEIGHBOUR, OWNER, STAFF2

SENTENCE = "「会議室の鍵」に返事がつきました（1件目）。"
Reply = Callable[[str], None]


def text(world: World, login: str, path: str = "/notices/", **options: Any) -> str:
    answer = world.client_for(login).get(path, **options)
    assert answer.status_code == 200
    body: str = answer.get_data(as_text=True)
    return body


def count_in_shell(world: World, login: str) -> str:
    page = text(world, login, "/ledger/")
    return page.split('href="/notices/">お知らせ <strong>')[1].split("<")[0]


def test_whoever_wrote_the_note_reads_of_the_reply_and_the_menu_counts_it(
    world: World, reply: Reply
) -> None:
    assert count_in_shell(world, OWNER) == "0"
    reply(STAFF2)
    assert count_in_shell(world, OWNER) == "1"
    page = text(world, OWNER)
    assert SENTENCE in page
    assert "未読" in page


def test_the_inbox_speaks_the_readers_language(world: World, reply: Reply) -> None:
    reply(STAFF2)
    client = world.client_for(OWNER)
    client.set_cookie("niwari_locale", "en")
    page = client.get("/notices/").get_data(as_text=True)
    assert "“会議室の鍵” has got reply number 1." in page


def test_a_kind_that_is_declared_no_longer_is_neither_listed_nor_counted(
    world: World, reply: Reply
) -> None:
    for _ in range(3):
        reply(STAFF2)
    Notice.update(kind="dummy.former").where(Notice.id == Received.get().notice_id).execute()
    shown = page(world.ctx_for(OWNER), unread_only=True).shown
    assert len(shown) == 2
    assert count_in_shell(world, OWNER) == "2"


def test_opening_a_notice_marks_it_and_leads_to_the_row(
    world: World, note: Ref, reply: Reply
) -> None:
    reply(STAFF2)
    answer = world.client_for(OWNER).get(f"/notices/{Received.get().id}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/dummy/{note.id}")
    assert Received.get().read_at == world.clock()
    assert count_in_shell(world, OWNER) == "0"
    assert SENTENCE not in text(world, OWNER, "/notices/unread")
    assert SENTENCE in text(world, OWNER)


def test_a_notice_of_somebody_else_is_not_there(world: World, reply: Reply) -> None:
    reply(STAFF2)
    number = Received.get().id
    for login in (STAFF2, NEIGHBOUR):
        client = world.client_for(login)
        assert client.get(f"/notices/{number}").status_code == 404
        token = client.token_at("/notices/")
        answer = client.post(f"/notices/{number}/read", data={"csrf_token": token})
        assert answer.status_code == 404
    assert Received.get().read_at is None


def test_a_second_click_on_read_changes_nothing(world: World, reply: Reply) -> None:
    reply(STAFF2)
    client = world.client_for(OWNER)
    for _click in range(2):
        answer = client.submit(f"/notices/{Received.get().id}/read", {}, form_at="/notices/")
        assert answer.headers["Location"] == "/notices/"
    assert Received.get().read_at == world.clock()


def test_all_are_marked_up_to_the_newest_that_the_page_showed(world: World, reply: Reply) -> None:
    reply(STAFF2)
    newest = Received.get().id
    reply(NEIGHBOUR)
    client = world.client_for(OWNER)
    client.submit("/notices/read", {"newest": newest, "list": "unread"}, form_at="/notices/")
    assert [row.read_at is None for row in Received.select().order_by(Received.id)] == [False, True]


@pytest.mark.parametrize("newest", ["", "-1", "x", "9" * 5000])
def test_a_wrong_number_marks_nothing(world: World, reply: Reply, newest: str) -> None:
    reply(STAFF2)
    answer = world.client_for(OWNER).submit(
        "/notices/read", {"newest": newest}, form_at="/notices/"
    )
    assert answer.status_code == 303
    assert Received.get().read_at is None


def test_where_the_plugin_is_off_the_notice_is_gone_and_back_with_it(
    world: World, reply: Reply
) -> None:
    reply(STAFF2)
    world.switch(KORIYAMA, "dummy", on=False)
    assert SENTENCE not in text(world, OWNER)
    assert count_in_shell(world, OWNER) == "0"
    assert world.client_for(OWNER).get(f"/notices/{Received.get().id}").status_code == 404
    world.switch(KORIYAMA, "dummy", on=True)
    assert count_in_shell(world, OWNER) == "1"


def test_a_notice_of_a_town_out_of_the_sessions_reach_is_not_told(
    world: World, reply: Reply
) -> None:
    reply(STAFF2)
    sukagawa = world.ctx_for(NEIGHBOUR).municipality.id
    Received.update(municipality=sukagawa).execute()
    assert count_in_shell(world, OWNER) == "1"
    served = Provider.select(Provider.id).where(Provider.issuer == world.issuer)
    ProviderMunicipality.delete().where(
        (ProviderMunicipality.municipality == sukagawa) & ProviderMunicipality.provider.in_(served)
    ).execute()
    assert count_in_shell(world, OWNER) == "0"
    assert SENTENCE not in text(world, OWNER)


def test_what_cannot_be_opened_any_more_says_so(world: World, note: Ref, reply: Reply) -> None:
    from niwari_dummy.models import Note
    from niwari_dummy.models import Reply as ReplyRow

    reply(STAFF2)
    ReplyRow.delete().execute()
    Note.delete().execute()
    assert "「（今は表示できません）」に返事がつきました" in text(world, OWNER)
    client = world.client_for(OWNER)
    answer = client.get(f"/notices/{Received.get().id}", follow_redirects=True)
    assert "今は表示できません。消されたか" in answer.get_data(as_text=True)


def tell(world: World, note: Ref, post: int, times: int) -> None:
    ctx = world.ctx_for(STAFF2)
    with transaction(ctx):
        for turn in range(times):
            notify(ctx, ANSWERED, [post], note, count=turn)


def test_a_long_inbox_comes_in_pages_at_the_same_cost_and_the_menu_counts_to_99(
    world: World, note: Ref, post: Callable[[str], int], queries: Any
) -> None:
    client = world.client_for(OWNER)

    def cost(path: str) -> int:
        client.get(path)
        with queries() as log:
            assert client.get(path).status_code == 200
        return len(log)

    tell(world, note, post(OWNER), 1)
    few = cost("/notices/")
    tell(world, note, post(OWNER), 104)
    assert cost("/notices/") == few <= 3 + 5
    assert count_in_shell(world, OWNER) == "99+"
    path, seen = "/notices/", 0
    for _page in range(6):
        page = text(world, OWNER, path)
        seen += page.count("「会議室の鍵」に返事がつきました") - page.count(
            'aria-label="既読にする'
        )
        following = re.search(r'href="(/notices/\?before=\d+)"', page)
        path = following[1] if following else ""
    assert (seen, path) == (105, "")


@pytest.mark.parametrize("path", ["/notices/", "/notices/unread", "/notices/hidden"])
def test_an_empty_list_says_what_will_come(world: World, path: str) -> None:
    assert "お知らせは" in text(world, OWNER, path)


def test_a_notice_about_no_row_leads_to_the_page_of_its_kind_for_who_may_open_it(
    world: World, post: Callable[[str], int]
) -> None:
    ctx = world.ctx_for(STAFF2)
    said = {"month": 11, "day": 18, "activity": Label("学び・相談", "Learning")}
    with transaction(ctx):
        notify(ctx, "ledger.waits", [post(OWNER), post("head@koriyama")], **said)
    sentence = "11月18日の「学び・相談」の申込みが、あなたの了承を待っています。"
    for login, leads in (("head@koriyama", "/ledger/approvals"), (OWNER, "/notices/")):
        assert sentence in text(world, login)
        number = Received.get(Received.appointment == post(login)).id
        assert world.client_for(login).get(f"/notices/{number}").location == leads
