"""The pages 業務別の担当者名簿, わたしの業務 and 担当者名簿の設定, as people meet them."""

import re

import pytest

from niwari.db.counting import counted_queries
from niwari.directory.duties.own import keep_my_duties, my_duties
from niwari.directory.duties.towns import choice_of, choose
from niwari.testing.world import World

LIST, MINE, CHOICE = "/directory/duties", "/directory/my-duties", "/directory/duty-settings"
STAFF, OTHER, IT = "staff@koriyama", "staff@sukagawa", "it@koriyama"


@pytest.fixture
def on(world: World) -> World:
    """郡山市 and 須賀川市 take part."""
    for login in (IT, "it@sukagawa"):
        choose(world.ctx_for(login), shown=True, systems=["庶務事務システム"])
    return world


def ticked(page: str) -> set[str]:
    """The duties that are ticked on a page."""
    return {
        found[1]
        for tag in re.findall(r"<input[^>]*>", page)
        if 'name="duties"' in tag
        and "checked" in tag
        and (found := re.search(r'value="([^"]+)"', tag))
    }


def offered(page: str) -> list[str]:
    """The duties that a page offers, in its order."""
    tags = re.findall(r'<input[^>]*name="duties"[^>]*>', page)
    return [found[1] for tag in tags if (found := re.search(r'value="([^"]+)"', tag))]


def test_somebody_of_another_town_finds_who_does_the_same(on: World) -> None:
    client = on.client_for(OTHER)
    answer = client.submit(MINE, {"duties": ["payroll"], "listed": "y"})
    assert (answer.status_code, answer.location) == (303, MINE)
    page = on.client_for(STAFF).get(f"{LIST}/payroll").get_data(as_text=True)
    assert "職員三" in page
    assert "須賀川市" in page


def test_without_the_tick_the_page_has_no_name(on: World) -> None:
    on.client_for(OTHER).submit(MINE, {"duties": ["payroll"]})
    page = on.client_for(STAFF).get(f"{LIST}/payroll").get_data(as_text=True)
    assert "職員三" not in page


@pytest.mark.parametrize("address", [LIST, f"{LIST}/payroll", "/directory/systems"])
def test_for_the_people_of_a_town_that_is_off_there_is_no_such_page(
    on: World, address: str
) -> None:
    assert on.client_for(STAFF).get(address).status_code == 200
    assert on.client_for("staff@miharu").get(address).status_code == 404


def test_the_menu_offers_the_list_only_where_the_town_takes_part(on: World) -> None:
    assert f'href="{LIST}"' in on.client_for(STAFF).get("/").get_data(as_text=True)
    assert f'href="{LIST}"' not in on.client_for("staff@miharu").get("/").get_data(as_text=True)


def test_where_the_town_is_off_there_is_no_tick_and_the_page_says_so(world: World) -> None:
    page = world.client_for(STAFF).get(MINE).get_data(as_text=True)
    assert 'name="listed"' not in page
    assert "名簿を使っていません" in page


def test_the_duties_of_the_section_come_first_and_each_duty_once(on: World) -> None:
    found = offered(on.client_for(OTHER).get(MINE).get_data(as_text=True))
    assert found[:2] == ["personnel", "payroll"]
    assert len(found) == len(set(found)) > 40


def test_looking_for_a_duty_keeps_what_is_ticked_and_saves_nothing(on: World) -> None:
    sent = {"text": "税", "duties": ["roads"], "listed": "y", "find": "1"}
    answer = on.client_for(OTHER).submit(MINE, sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert ticked(page) == {"roads"}
    assert offered(page) == [
        *("personnel", "payroll", "roads"),
        *("resident_tax", "fixed_assets_tax", "tax_collection"),
    ]
    assert my_duties(on.ctx_for(OTHER)).codes == frozenset()


def test_looking_for_what_is_no_duty_says_so(on: World) -> None:
    page = on.client_for(OTHER).submit(MINE, {"text": "<宇宙>", "find": "1"})
    assert "「&lt;宇宙&gt;」に当てはまる業務はありません。" in page.get_data(as_text=True)


@pytest.mark.parametrize("sent", [{"duties": ["astrology"]}, {"text": "あ" * 61}])
def test_what_cannot_be_is_refused_and_nothing_is_kept(on: World, sent: dict[str, object]) -> None:
    keep_my_duties(on.ctx_for(OTHER), ["payroll"], listed=True)
    answer = on.client_for(OTHER).submit(MINE, sent)
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)
    assert my_duties(on.ctx_for(OTHER)).codes == {"payroll"}


def test_the_same_form_sent_twice_is_kept_once(on: World) -> None:
    client = on.client_for(OTHER)
    for _ in range(2):
        assert client.submit(MINE, {"duties": ["payroll"], "listed": "y"}).status_code == 303
    assert my_duties(on.ctx_for(OTHER)).codes == {"payroll"}


@pytest.mark.parametrize("login", ["hr@koriyama", IT])
def test_hr_and_it_choose_for_their_town(world: World, login: str) -> None:
    sent = {"shown": "y", "systems": "GIS\r\n\r\nグループウェア\r\n"}
    answer = world.client_for(login).submit(CHOICE, sent)
    assert answer.status_code == 303
    found = choice_of(world.ctx_for(login))
    assert found.shown
    assert set(found.systems) == {"GIS", "グループウェア"}
    assert not choice_of(world.ctx_for("it@sukagawa")).shown


def test_a_system_of_too_long_a_name_is_refused_beside_the_field(world: World) -> None:
    long = "長" * 61
    answer = world.client_for(IT).submit(CHOICE, {"shown": "y", "systems": long})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'id="systems-error"' in page
    assert long in page
    assert not choice_of(world.ctx_for(IT)).shown


def test_the_systems_of_the_towns_stand_on_a_page(on: World) -> None:
    page = on.client_for(STAFF).get("/directory/systems").get_data(as_text=True)
    assert "庶務事務システム" in page
    assert "郡山市、須賀川市" in page


@pytest.mark.parametrize("after", ["nonsense", "072036-99999999999-1", "072036-1-1", "\u0000"])
def test_any_end_of_an_address_gets_a_page(on: World, after: str) -> None:
    client = on.client_for(STAFF)
    for address in (f"{LIST}/payroll", "/directory/systems"):
        assert client.get(address, query_string={"after": after}).status_code == 200


@pytest.mark.parametrize(
    ("address", "own"), [(LIST, 2), (f"{LIST}/payroll", 1), ("/directory/systems", 2), (MINE, 3)]
)
def test_a_page_stays_within_its_budget(on: World, address: str, own: int) -> None:
    client = on.client_for(STAFF)
    client.get(address)
    with counted_queries() as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= 3 + own
