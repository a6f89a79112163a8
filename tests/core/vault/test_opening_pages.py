"""開示担当, 書き手の開示: what the secretariat, the officials and the author see and do on the pages."""

import re
from typing import Any

import pytest

from niwari.db.counting import counted_queries
from niwari.testing.world import MIHARU, World
from niwari.vault.models import Locker, Official, Opening
from niwari.vault.opening import agree
from niwari.vault.shelves import names_of
from tests.core.identity.rogue import Rogue, give_post

from .openings import (
    AUTHOR,
    FIRST,
    KIND,
    NOBODY,
    SECOND,
    SECRETARIAT,
    THIRD,
    WHY,
    Office,
    whisper,
)

OFFICIALS, OPENINGS = "/vault/officials", "/vault/openings"


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def ask(office: Office, login: str = FIRST, **sent: str) -> Any:
    data = {"kind": KIND, "row_id": str(office.row), "reason": WHY, "form_key": "a-key", **sent}
    return office.world.client_for(login).submit(f"{OPENINGS}/new", data)


def press(office: Office, login: str, address: str) -> Any:
    return office.world.client_for(login).submit(address, {}, form_at="/my/sessions")


def test_the_secretariat_finds_names_and_withdraws_officials(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    assert "開示担当はまだいません" in client.get(OFFICIALS).text
    who = world.ctx_for(SECOND).acting
    found = client.get(OFFICIALS, query_string={"text": who.person_name}).text
    assert f'href="{OFFICIALS}/{who.id}"' in found
    for _click in range(2):
        named = client.submit(f"{OFFICIALS}/{who.id}", {"reason": "輪番のため"})
        assert (named.status_code, named.location) == (303, OFFICIALS)
    page = text_of(client.get(OFFICIALS).text)
    assert "所属長二 須賀川市 人事課 2026年11月10日（火）9:00、事務局一 輪番のため" in page
    assert "開示担当が1人しかいません。" in page
    for _click in range(2):
        gone = client.submit(f"{OFFICIALS}/{who.id}/withdraw", {}, form_at=OFFICIALS)
        assert gone.status_code == 303
    assert "所属長二さんを開示担当から外しました。" in client.get(OFFICIALS).text
    assert Official.select().where(Official.withdrawn_at.is_null()).count() == 0


def test_the_form_that_asks_reads_no_openings(office: Office) -> None:
    client = office.world.client_for(FIRST)
    with counted_queries() as log:
        assert client.get(f"{OPENINGS}/new").status_code == 200
    assert not [text for text in log.statements if "vault_opening" in text and "_rule" not in text]


def test_what_cannot_be_named_is_said_beside_the_form(world: World) -> None:
    client = world.client_for(SECRETARIAT)
    post = world.ctx_for(SECOND).acting.id
    answer = client.submit(f"{OFFICIALS}/{post}", {"reason": "あ" * 201})
    assert (answer.status_code, "200文字以内で入力してください。" in answer.text) == (422, True)
    own = client.submit(
        f"{OFFICIALS}/{world.ctx_for(SECRETARIAT).acting.id}", {"reason": "x"}, form_at=OFFICIALS
    )
    assert (own.status_code, "自分を開示担当にすることはできません。" in own.text) == (403, True)
    assert Official.select().count() == 0


@pytest.mark.parametrize("login", ["it@koriyama", "hr@koriyama", "head@koriyama"])
def test_a_town_names_nobody(world: World, login: str) -> None:
    client = world.client_for(login)
    assert client.get(OFFICIALS).status_code == 403
    post = world.ctx_for(SECOND).acting.id
    sent = {"reason": "x", "csrf_token": client.token_at("/my/sessions")}
    assert client.post(f"{OFFICIALS}/{post}", data=sent).status_code == 403


def test_the_rule_of_the_region_is_kept(office: Office) -> None:
    client, asked = office.world.client_for(SECRETARIAT), ask(office).location
    checked = re.compile(r"<input[^>]* checked[^>]*name=\"other_towns\"")
    assert checked.search(client.get(OFFICIALS).text)
    answer = press(office, THIRD, f"{asked}/agree")
    assert answer.status_code == 409
    assert "別の市町村の開示担当だけが承認できます。" in answer.text
    client.submit(f"{OFFICIALS}/rule", {}, form_at=OFFICIALS)
    assert not checked.search(client.get(OFFICIALS).text)
    assert press(office, THIRD, f"{asked}/agree").status_code == 303


def test_officials_of_one_town_alone_are_told_to_be_too_few(office: Office) -> None:
    client, said = office.world.client_for(SECRETARIAT), "1つの市町村にしかいません。"
    assert said not in client.get(OFFICIALS).text
    post = office.ctx(SECOND).acting.id
    client.submit(f"{OFFICIALS}/{post}/withdraw", {}, form_at=OFFICIALS)
    assert said in client.get(OFFICIALS).text
    client.submit(f"{OFFICIALS}/rule", {}, form_at=OFFICIALS)
    assert said not in client.get(OFFICIALS).text


def test_out_of_reach_an_author_reads_that_it_was_and_neither_what_nor_why(office: Office) -> None:
    row = whisper(office.world, NOBODY)
    agree(office.ctx(SECOND), office.ask(row=row))
    away = Rogue.of(office.world).client_for(give_post(office.world, NOBODY, MIHARU))
    for address in ("/", "/vault/mine"):
        page = text_of(away.get(address).text)
        assert "あなたがほかの市町村で書いたものの書き手が開示されました。" in page
        assert not [word for word in (WHY, f"{row}番", "所属長二", "承認しました") if word in page]
    assert "開示されたものはありません" not in away.get("/vault/mine").text
    assert WHY in office.world.client_for(NOBODY).get("/vault/mine").text


def test_whoever_asks_is_told_what_stays_and_who_cannot_be_told(office: Office) -> None:
    page = office.world.client_for(FIRST).get(f"{OPENINGS}/new").text
    assert "どの市町村にも所属がなくなった人には、知らせる方法がありません。" in page
    assert "あなたの所属が終わるまで残ります。" in page


def test_officials_and_nobody_else_find_their_page(office: Office) -> None:
    assert 'href="/vault/mine"' in office.world.client_for(FIRST).get("/my/sessions").text
    assert f'href="{OPENINGS}"' in office.world.client_for(FIRST).get("/vault/mine").text
    for login in (NOBODY, SECRETARIAT, AUTHOR):
        client = office.world.client_for(login)
        assert f'href="{OPENINGS}"' not in client.get("/vault/mine").text
        for address in (OPENINGS, f"{OPENINGS}/new", f"{OPENINGS}/1"):
            assert client.get(address).status_code == 404


def test_one_asks_another_agrees_and_each_looks_once(office: Office) -> None:
    asked = ask(office)
    assert asked.status_code == 303
    waiting = office.world.client_for(FIRST).get(asked.location).text
    assert "ほかの開示担当の承認を待っています。" in waiting
    assert "開示を承認する" not in waiting
    assert WHY in office.world.client_for(SECOND).get(asked.location).text
    for _click in range(2):
        assert press(office, SECOND, f"{asked.location}/agree").status_code == 303
    for login in (FIRST, SECOND):
        page = office.world.client_for(login).get(asked.location).text
        assert "職員四" not in page
        seen = press(office, login, f"{asked.location}/author")
        assert (seen.status_code, seen.headers["Cache-Control"]) == (200, "no-store")
        assert "職員四 三春町 総務課" in text_of(seen.text)
    office.world.clock.advance(minutes=6)
    again = press(office, FIRST, f"{asked.location}/author")
    assert (again.status_code, "もう表示できません。" in again.text) == (409, True)
    assert "職員四" not in again.text


def test_a_third_official_sees_that_it_was_opened_and_not_whose(office: Office) -> None:
    opened = office.opened()
    client = office.world.client_for(THIRD)
    assert "開示済み" in client.get(OPENINGS).text
    page = client.get(f"{OPENINGS}/{opened}").text
    assert "書き手を表示する" not in page
    assert press(office, THIRD, f"{OPENINGS}/{opened}/author").status_code == 404


def test_the_author_reads_it_at_home_and_on_a_page_that_everybody_has(office: Office) -> None:
    office.opened()
    author = office.world.client_for(AUTHOR)
    home = text_of(author.get("/").text)
    assert "あなたが書き手であることが開示されました" in home
    assert f"須賀川市 所属長二さんが承認しました。理由：{WHY}" in home
    page = text_of(author.get("/vault/mine").text)
    assert "あなたが書き手であることが、2026年11月10日（火）9:00に開示されました。" in page
    assert "郡山市 所属長一" in page
    for login in (NOBODY, FIRST, "head@miharu"):
        client = office.world.client_for(login)
        assert "開示されました" not in client.get("/").text
        assert "開示されたものはありません" in client.get("/vault/mine").text


def test_a_locker_that_does_not_open_is_said_and_takes_no_page_away(office: Office) -> None:
    names = list(names_of(office.ctx(AUTHOR).person_id))
    Locker.update(sealed="changed").where(Locker.id << names).execute()
    client = office.world.client_for(AUTHOR)
    assert client.get("/").status_code == 200
    page = client.get("/vault/mine")
    assert (page.status_code, "お知らせの封を開く鍵がないため" in page.text) == (200, True)
    assert "開示されたものはありません" not in page.text


def test_an_official_reads_at_home_that_a_request_waits_for_them(office: Office) -> None:
    said = "ほかの開示担当が求めた開示が1件あります。"
    asked = ask(office).location
    for login, waits in ((SECOND, True), (THIRD, True), (FIRST, False), (NOBODY, False)):
        home = office.world.client_for(login).get("/").text
        assert (said in home, f'href="{OPENINGS}"' in home) == (waits, waits)
    press(office, SECOND, f"{asked}/agree")
    assert said not in office.world.client_for(THIRD).get("/").text


def test_what_expired_waits_for_nobody(office: Office) -> None:
    office.ask()
    client = office.world.client_for(SECOND)
    assert "承認を待つ開示の求め" in client.get("/").text
    office.world.clock.advance(hours=24 * 7)
    assert "承認を待つ開示の求め" not in office.world.client_for(SECOND).get("/").text


def test_who_is_withdrawn_or_named_finds_it_so_at_the_next_look(office: Office) -> None:
    office.ask()
    client, secretariat = (office.world.client_for(login) for login in (SECOND, SECRETARIAT))
    post = f"{OFFICIALS}/{office.ctx(SECOND).acting.id}"
    assert "承認を待つ開示の求め" in client.get("/").text
    secretariat.submit(f"{post}/withdraw", {}, form_at=OFFICIALS)
    assert "承認を待つ開示の求め" not in client.get("/").text
    secretariat.submit(post, {"reason": "輪番のため"})
    assert "承認を待つ開示の求め" in client.get("/").text


@pytest.mark.parametrize(("login", "most"), [(NOBODY, 1), (FIRST, 2), (SECOND, 2)])
def test_the_home_page_asks_once_more_at_the_most_and_an_official_once_again(
    office: Office, queries: Any, login: str, most: int
) -> None:
    office.ask()
    client = office.world.client_for(login)
    client.get("/")
    with queries() as log:
        client.get("/")
    assert len([text for text in log.statements if "vault_" in text]) == most


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"reason": ""}, 422, "理由を入力してください。"),
        ({"reason": "短い"}, 422, "10文字以上1,000文字以内で入力してください。"),
        ({"row_id": ""}, 422, "番号を入力してください。"),
        ({"row_id": "いち"}, 422, "整数を入力してください。"),
        ({"row_id": "0"}, 422, "番号は1以上の整数で入力してください。"),
        ({"row_id": "99999"}, 422, "広域圏の中に見つかりません。"),
        ({"kind": "consult.question"}, 422, "種類"),
    ],
)
def test_what_cannot_be_asked_for_is_said_and_stays_typed(
    office: Office, sent: dict[str, str], status: int, said: str
) -> None:
    answer = ask(office, **sent)
    assert (answer.status_code, said in answer.text) == (status, True)
    assert 'aria-invalid="true"' in answer.text
    assert sent.get("reason", WHY) in answer.text
    assert Opening.select().count() == 0


def test_an_expired_request_offers_nothing_to_press(office: Office) -> None:
    asked = ask(office).location
    office.world.clock.advance(days=7)
    page = office.world.client_for(SECOND).get(asked).text
    assert "期限切れ" in page
    assert "開示を承認する" not in page
    assert press(office, SECOND, f"{asked}/agree").status_code == 409


def test_what_is_sensitive_asks_again_who_somebody_is(office: Office) -> None:
    asked = ask(office).location
    client = office.world.client_for(SECOND)
    token = client.token_at("/my/sessions")
    office.world.clock.advance(minutes=11)
    page = {"Accept": "text/html"}
    answer = client.post(f"{asked}/agree", data={"csrf_token": token}, headers=page)
    assert (answer.status_code, "/my/confirm" in answer.location) == (303, True)
    assert Opening.get().agreed_at is None


def test_the_pages_stand_while_the_plugin_of_the_row_is_off(office: Office) -> None:
    asked = ask(office).location
    office.world.switch("075213", "whisper", on=False)
    office.world.switch("072079", "whisper", on=False)
    assert office.world.client_for(SECOND).get(asked).status_code == 200
    assert press(office, SECOND, f"{asked}/agree").status_code == 303
