"""The frame and the home page: built from what plugins offer, and never taken down by one."""

import logging
import re
from collections.abc import Callable
from typing import Any

import pytest

from niwari.testing.workshop import Workshop
from niwari.testing.world import SUKAGAWA, World

SHOP = """
blueprint = Blueprint("shop", __name__)

@hookimpl
def permissions():
    return [Permission("shop.read", Label("読む", "Read"), ("staff",))]

@hookimpl
def routes():
    return [blueprint]

@blueprint.get("/", permission="shop.read")
def page():
    from flask import render_template
    return render_template("shop/page.html")

@blueprint.get("/<int:number>", permission="shop.read")
def item(number):
    return str(number)

@blueprint.get("/other", permission="shop.read")
def other():
    from flask import render_template
    return render_template("shop/page.html")
"""

FILES = {
    "templates/shop/page.html": """
        {% extends "niwari/base.html" %}
        {% block heading %}店のページ{% endblock %}
        """,
    "templates/shop/card.html": "<p>{{ text }}</p>",
}

OpenShop = Callable[..., World]


@pytest.fixture
def open_shop(workshop: Workshop, open_world: Callable[..., World]) -> OpenShop:
    """A world with a shop whose ``navigation`` and ``cards`` return the given texts."""

    def open_it(navigation: str = "[]", cards: str = "[]") -> World:
        hooks = (
            f"\n@hookimpl\ndef navigation(ctx):\n    return {navigation}\n"
            f"\n@hookimpl\ndef cards(ctx):\n    return {cards}\n"
        )
        return open_world([workshop.make("shop", SHOP + hooks, files=FILES)])

    return open_it


def item(endpoint: str = "shop.page", group: str = "Verb.HELP", **more: Any) -> str:
    options = "".join(f", {name}={value!r}" for name, value in more.items())
    return f"MenuItem(Label('店', 'Shop'), {endpoint!r}, {group}{options})"


def get(world: World, address: str = "/", login: str = "staff@koriyama") -> str:
    response = world.client_for(login).get(address)
    assert response.status_code == 200
    return str(response.get_data(as_text=True))


def menu(page: str) -> list[str]:
    """The texts of the menu's links, in order."""
    links = re.findall(r'<a class="shell-link".*?<span>(.*?)</span>', side(page), re.DOTALL)
    return [str(link) for link in links]


def side(page: str) -> str:
    """The menu's part of a page."""
    (nav,) = re.findall(r'<nav class="shell-side".*?</nav>', page, re.DOTALL)
    return str(nav)


def test_the_frame_says_where_and_as_whom_one_works(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    page = get(world)
    for text in ("郡山市", ctx.acting.section_name, ctx.acting.person_name):
        assert text in page


def test_nobody_signed_in_sees_no_menu(world: World) -> None:
    page = world.anonymous().get("/sign-in").get_data(as_text=True)
    assert 'id="menu"' not in page
    assert "わたしの20%" not in page


def test_the_menu_is_ordered_by_place_and_number(open_shop: OpenShop) -> None:
    later, earlier = item("shop.other", order=200), item("shop.page", order=5)
    named = later.replace("店", "あとの店")
    found = menu(get(open_shop(f"[{named}, {earlier}]"), login="head@koriyama"))
    assert found == [
        "ホーム",
        "わたしの20%",
        "取組の一覧",
        "カレンダー",
        "職員を探す",
        "組織",
        "店",
        "あとの店",
        "了承を待つ申込み",
        "だれがいつ使うか",
    ]


def test_the_present_page_is_marked_in_the_menu(open_shop: OpenShop) -> None:
    page = get(open_shop(f"[{item()}]"), "/shop/")
    assert re.findall(r'href="([^"]*)" aria-current="page"', page) == ["/shop/"]


def test_a_badge_is_shown_and_none_for_nothing(open_shop: OpenShop) -> None:
    page = get(open_shop(f"[{item(badge=7)}, {item('shop.other', badge=0)}]"))
    assert re.findall(r'<span class="shell-count">(\d+)<', side(page)) == ["7"]


def test_one_menu_is_drawn_for_each_language_and_number(open_shop: OpenShop) -> None:
    shop = "MenuItem(Label('店', 'Shop'), 'shop.page', 'home', badge=len(ctx.acting.person_name))"
    world = open_shop(f"[{shop}]")
    drawn = {}
    for login in ("staff@koriyama", "head@koriyama", "staff@koriyama"):
        name = world.ctx_for(login).acting.person_name
        client = world.client_for(login)
        for language, label, unit in (("ja", "店", "件"), ("en", "Shop", " waiting")):
            client.set_cookie("niwari_locale", language)
            page = side(client.get("/").get_data(as_text=True))
            assert f"<span>{label}</span>" in page
            assert f'{len(name)}<span class="visually-hidden">{unit}' in page
            assert drawn.setdefault((login, language), page) == page
    assert len(set(drawn.values())) == len(drawn)


@pytest.mark.parametrize(
    "odd",
    [
        item("shop.nothing"),
        item("nowhere.page"),
        item("shop.item"),
    ],
)
def test_an_item_that_leads_nowhere_is_left_out_and_logged(
    open_shop: OpenShop, odd: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = open_shop(f"[{odd}, {item('shop.other').replace('店', 'よい店')}]")
    with caplog.at_level(logging.ERROR):
        found = menu(get(world))
    assert found == [
        "ホーム",
        "わたしの20%",
        "取組の一覧",
        "カレンダー",
        "職員を探す",
        "組織",
        "よい店",
    ]
    assert "shop" in caplog.text


@pytest.mark.parametrize("answer", ["3", "['text']", "[None]", "(1 / 0 for _ in [1])", "item"])
def test_an_answer_that_is_no_menu_takes_nothing_else_with_it(
    open_shop: OpenShop, answer: str
) -> None:
    assert menu(get(open_shop(answer))) == [
        "ホーム",
        "わたしの20%",
        "取組の一覧",
        "カレンダー",
        "職員を探す",
        "組織",
    ]


def test_an_item_that_leads_into_a_plugin_that_is_off_is_left_out(
    open_world: Callable[..., World], workshop: Workshop
) -> None:
    guide = workshop.make(
        "guide",
        f"@hookimpl\ndef navigation(ctx):\n    return [{item('shop.page')}]\n",
    )
    world = open_world([guide, workshop.make("shop", SHOP, files=FILES)])
    assert "店" in menu(get(world, login="staff@sukagawa"))
    world.switch(SUKAGAWA, "shop", on=False)
    assert "店" not in menu(get(world, login="staff@sukagawa"))
    assert "店" in menu(get(world, login="staff@koriyama"))


def test_the_text_of_an_item_is_no_markup(open_shop: OpenShop) -> None:
    page = get(open_shop(f"[{item().replace('店', '<b>店</b>')}]"))
    assert "<span>&lt;b&gt;店&lt;/b&gt;</span>" in page


# -- cards ----------------------------------------------------------------------------------------

FAILED = "この機能は一時的に使えません。ほかの機能は使えます。"


def card(key: str, data: str = "{'text': 'なか'}", **more: Any) -> str:
    options = "".join(f", {name}={value!r}" for name, value in more.items())
    return f"Card({key!r}, Label('{key}の札', '{key}'), 'shop/card.html', {data}{options})"


def titles(page: str) -> list[str]:
    return re.findall(r"([a-z]+)の札", page)


def ordered(names: str, **more: Any) -> str:
    return ", ".join(card(name, order=order, **more) for order, name in enumerate(names))


def test_cards_are_ordered_by_their_numbers_and_at_most_six(open_shop: OpenShop) -> None:
    page = get(open_shop(cards=f"sorted([{ordered('hgfedcba')}], key=lambda card: card.key)"))
    assert titles(page) == ["h", "g", "f", "e", "d", "c"]


def test_what_has_no_place_is_linked_where_it_leads_somewhere(open_shop: OpenShop) -> None:
    more = card("y", order=7, endpoint="shop.other") + ", " + card("x", order=8)
    page = get(open_shop(cards=f"[{ordered('hgfedc')}, {more}]"))
    assert titles(page) == ["h", "g", "f", "e", "d", "c", "y"]
    assert re.search(r'<h2>そのほか</h2>.*<a href="/shop/other">yの札</a>', page, re.DOTALL)


def test_a_card_that_failed_takes_no_place(open_shop: OpenShop) -> None:
    bad = "Card('x', Label('札', 'x'), 'shop/nothing.html', order=-1)"
    page = get(open_shop(cards=f"[{bad}, {ordered('hgfedc')}]"))
    assert titles(page) == ["h", "g", "f", "e", "d", "c"]
    assert page.count(FAILED) == 1
    assert "そのほか" not in page


def test_a_card_of_text_is_text(open_shop: OpenShop) -> None:
    page = get(open_shop(cards=f"[{card('x', data=repr({'text': '<script>'}))}]"))
    assert "<p>&lt;script&gt;</p>" in page


@pytest.mark.parametrize(
    "bad",
    [
        "Card('x', Label('札', 'x'), 'shop/nothing.html')",
        "Card('x', Label('札', 'x'), 'shop/card.html', {'text': 1}, endpoint='shop.nothing')",
        "Card('x', Label('札', 'x'), 'shop/card.html', ['text'])",
    ],
)
def test_a_card_that_cannot_be_shown_fails_alone(open_shop: OpenShop, bad: str) -> None:
    page = get(open_shop(cards=f"[{bad}, {card('good')}]"))
    assert page.count(FAILED) == 1
    assert titles(page) == ["good"]


@pytest.mark.parametrize("answer", ["3", "['text']", "(1 / 0 for _ in [1])"])
def test_an_answer_that_is_no_cards_shows_in_its_place_alone(
    open_shop: OpenShop, answer: str
) -> None:
    page = get(open_shop(cards=answer))
    assert page.count(FAILED) == 1
    assert "わたしの20%" in page
