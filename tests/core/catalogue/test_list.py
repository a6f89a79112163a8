"""取組の一覧: filtered, in order, page by page, whoever fails."""

import re

import pytest

from niwari.catalogue import asking
from niwari.specs.contributions import Verb, Wanted

from .conftest import NEIGHBOUR, Fair

SHELL, OWN, PLUGINS = 3, 5, 1


def titles(page: str) -> list[str]:
    """Return the offers of a page, in order."""
    return re.findall(r'row-title"><a href="/catalogue/[^"]*">([^<]*)<', page)


MORE, MORE_UNTIMED = r'<nav class="more".*?href="([^"]*)"', r'href="([^"]*after=-[^"]*)"'


def all_pages(fair: Fair, address: str, more: str) -> list[str]:
    """Return the offers of a page and of all that follow by the link ``more``."""
    seen: list[str] = []
    while address:
        page = fair.page(address)
        seen += titles(page)
        link = re.search(more, page, re.DOTALL)
        address = link[1].replace("&amp;", "&") if link else ""
    return seen


def test_what_is_soonest_comes_first(fair: Fair) -> None:
    fair.offer("三", days=9)
    fair.offer("一", days=1)
    fair.offer("二", days=1, hours=(16, 17))
    assert titles(fair.page("/catalogue/")) == ["一", "二", "三"]


def test_it_says_when_how_long_where_whose_and_how_many_seats(fair: Fair) -> None:
    fair.offer("集まり", hours=(13, 14), modes="on_site", seats=12)
    page = fair.page("/catalogue/")
    for said in ("11月17日（火）13:00–14:00", "1時間", "第一会議室", "郡山市", "残り12席"):
        assert said in page
    assert "今月の残りは29時間27分です。" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("verb=help", ["助け合い"]),
        ("mode=online", ["学び"]),
        ("minutes=60", ["学び"]),
        ("first=2026-11-18", ["助け合い"]),
        ("last=2026-11-17", ["学び"]),
        ("town={sukagawa}", ["助け合い"]),
        ("verb=help&mode=online", []),
        ("", ["学び", "助け合い"]),
    ],
)
def test_it_is_filtered(fair: Fair, query: str, found: list[str]) -> None:
    fair.offer("学び", verb=Verb.RAISE, modes="online", days=7)
    fair.offer("助け合い", by=NEIGHBOUR, verb=Verb.HELP, modes="on_site", days=8, hours=(13, 15))
    town = fair.world.ctx_for(NEIGHBOUR).municipality.id
    page = fair.page(f"/catalogue/?{query.format(sukagawa=town)}")
    assert titles(page) == found
    assert ("条件に合う取組はありません" in page) == (not found)


def test_a_plugin_that_ignores_the_filter_shows_nothing_else(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    fair.offer("学び", verb=Verb.RAISE)
    note = fair.dummy.models.Note
    monkeypatch.setattr(fair.dummy.inviting, "_fits", lambda *_given: note.id > 0)
    assert titles(fair.page("/catalogue/?verb=help")) == []


@pytest.mark.parametrize(
    "query",
    ["verb=x", "town=999999", "mode=x", "minutes=0", "first=x", "first=2026-12-01&last=2026-11-01"],
)
def test_a_filter_that_is_none_is_said_beside_its_field(fair: Fair, query: str) -> None:
    answer = fair.world.client_for(NEIGHBOUR).get(f"/catalogue/?{query}")
    assert answer.status_code == 422
    assert "error-summary" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "after", ["x", "1-", "-1", "9999999999-1", "1-99999999999999999999", "２-１"]
)
def test_an_odd_place_to_go_on_from_is_answered(fair: Fair, after: str) -> None:
    fair.offer("集まり")
    assert fair.world.client_for(NEIGHBOUR).get(f"/catalogue/?after={after}").status_code == 200


def test_page_by_page_everything_comes_once(fair: Fair) -> None:
    for number in range(45):
        fair.offer(f"集まり{number}", days=1 + number // 10)
    seen = all_pages(fair, "/catalogue/?verb=spread", MORE)
    assert len(seen) == len(set(seen)) == 45


def test_what_has_no_time_stands_on_the_first_page_however_much_has_one(fair: Fair) -> None:
    for number in range(21):
        fair.offer(f"集まり{number}", days=7 + number // 10)
    fair.offer("いつでもできること", timed=False)
    page = fair.page("/catalogue/")
    assert "いつでも参加できる取組" in page
    assert len(titles(page)) == 21
    assert titles(page)[-1] == "いつでもできること"
    assert len(all_pages(fair, "/catalogue/", MORE)) == 22


@pytest.mark.parametrize("timed", [0, 5, 30])
def test_page_by_page_everything_without_a_time_comes_once(fair: Fair, timed: int) -> None:
    for number in range(timed):
        fair.offer(f"集まり{number}", days=7 + number // 10)
    for number in range(45):
        fair.offer(f"いつでも{number}", timed=False)
    seen = [
        name for name in all_pages(fair, "/catalogue/?verb=spread", MORE_UNTIMED) if "いつ" in name
    ]
    assert seen == [f"いつでも{number}" for number in range(45)]


def test_days_leave_out_what_has_no_time(fair: Fair) -> None:
    fair.offer("いつでもできること", timed=False)
    assert titles(fair.page("/catalogue/?first=2026-11-10")) == []
    assert titles(fair.page("/catalogue/?minutes=60")) == ["いつでもできること"]


def test_a_failing_plugin_is_said_in_a_line(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = fair.offer("集まり")
    monkeypatch.setattr(fair.dummy.inviting, "_offer", None)
    page = fair.page("/catalogue/")
    assert "「伝言板」の取組は、今は表示できません。" in page
    assert fair.page("/").count("集まり") == 0 or "これからの取組" not in fair.page("/")
    answer = fair.world.client_for(NEIGHBOUR).get(f"/catalogue/{ref.kind}/{ref.id}")
    assert answer.status_code == 409


def test_where_nothing_is_offered_it_says_what_will_stand_there(fair: Fair) -> None:
    assert "今参加できる取組はありません" in fair.page("/catalogue/")
    assert "これからの取組" not in fair.page("/")


def test_home_shows_the_next_three(fair: Fair) -> None:
    for number in range(4):
        fair.offer(f"集まり{number}", days=1 + number)
    page = fair.page("/")
    assert titles(page) == ["集まり0", "集まり1", "集まり2"]


@pytest.mark.parametrize("audience", ["section", "municipality"])
def test_what_is_not_shared_with_the_region_is_not_offered_to_it(fair: Fair, audience: str) -> None:
    ref = fair.offer("内輪", audience=audience)
    assert titles(fair.page("/catalogue/")) == []
    for address in ("", "/board"):
        path = f"/catalogue/{ref.kind}/{ref.id}{address}"
        assert fair.world.client_for(NEIGHBOUR).get(path).status_code == 404


@pytest.mark.parametrize("kind", ["consult.question", "nothing", "dummy.nothing", "x.y"])
def test_what_is_no_offer_is_not_there(fair: Fair, kind: str) -> None:
    assert fair.world.client_for(NEIGHBOUR).get(f"/catalogue/{kind}/1").status_code == 404


def test_pages_cost_the_same_with_two_and_with_sixty_offers(fair: Fair, queries) -> None:
    client = fair.world.client_for(NEIGHBOUR)
    ref = fair.offer("集まり")
    fair.offer("集まり2")
    pages = (
        "/catalogue/",
        f"/catalogue/{ref.kind}/{ref.id}",
        f"/catalogue/{ref.kind}/{ref.id}/board",
    )

    def costs() -> list[int]:
        counts = []
        for address in pages:
            client.get(address)
            with queries() as log:
                client.get(address)
            counts.append(len(log))
        return counts

    def offer_more() -> None:
        for number in range(14):
            fair.offer(f"別の集まり{number}")
            fair.offer(f"いつでも{number}", timed=False)

    few = costs()
    offer_more()
    fits = costs()
    offer_more()
    assert fits == few
    assert max(few) <= SHELL + OWN + PLUGINS
    # Where what has a time fills a page, each such plugin is asked for the rest once more.
    assert costs() == [few[0] + PLUGINS, *few[1:]]


def test_what_is_of_another_plugin_is_left_out(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    fair.offer("集まり")
    made = fair.dummy.inviting.Offer
    monkeypatch.setattr(
        fair.dummy.inviting, "Offer", lambda _kind, *given, **more: made("web.page", *given, **more)
    )
    found = asking.find_offers(fair.world.ctx_for(NEIGHBOUR), Wanted(1))
    assert found.all == ()
