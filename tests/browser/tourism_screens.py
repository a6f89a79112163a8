"""The screens of local attractions: the map, spots, routes, accounts, posts in every state."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.screens import HEAD, MIHARU, STAFF, SUKAGAWA, TWO_POSTS, Screen

_HOME = "/tourism-sns"


def follow(name: str) -> Callable[[Page], None]:
    """Return how to open what a list calls ``name``."""

    def go(page: Page) -> None:
        page.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()

    return go


def _seen(page: Page) -> None:
    """Bring each picture into sight: before, the browser does not ask for it."""
    for picture in steps.every(page.get_by_role("main").get_by_role("img")):
        picture.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every((one) => one.complete)")


def _nothing(page: Page) -> None:
    page.get_by_role("button", name="保存する", exact=True).click()


def _begin(page: Page) -> None:
    follow("三春滝桜")(page)
    page.get_by_role("link", name="投稿を作る").click()


def _edit_post(page: Page) -> None:
    follow("三つの町の桜（来春の予告）")(page)
    page.get_by_role("link", name="直す", exact=True).click()


def _too_long(page: Page) -> None:
    _edit_post(page)
    page.get_by_label("Xの文章").fill("桜" * 150)
    page.get_by_role("button", name="保存する", exact=True).click()


def _readers(page: Page) -> None:
    follow("三つの町の桜（来春の予告）")(page)
    page.get_by_role("link", name="ほかの市町村に読んでもらう").click()


def _package(page: Page) -> None:
    follow("布引高原、来年の夏へ")(page)
    page.get_by_role("link", name="書き出す").click()
    with page.expect_download():
        page.get_by_role("button", name="ファイルを受け取る").click()
    page.reload()


def _choose(page: Page) -> None:
    for name in ("三春滝桜", "猪苗代湖と磐梯山"):
        page.get_by_role("listitem").filter(has_text=name).get_by_role("button").first.click()


TOURISM_SCREENS: tuple[Screen, ...] = (
    Screen("tourism-region", STAFF, f"{_HOME}/"),
    Screen("tourism-spots", STAFF, f"{_HOME}/spots", _seen),
    Screen("tourism-spots-none", STAFF, f"{_HOME}/spots?month=2&kind=food"),
    Screen("tourism-spot", STAFF, f"{_HOME}/spots", follow("布引高原の風車")),
    Screen("tourism-spot-form", STAFF, f"{_HOME}/spots/new"),
    Screen("tourism-spot-errors", STAFF, f"{_HOME}/spots/new", _nothing),
    Screen("tourism-routes", STAFF, f"{_HOME}/routes"),
    Screen("tourism-route", STAFF, f"{_HOME}/routes", follow("三つの町の桜をめぐる一日")),
    Screen("tourism-route-form", STAFF, f"{_HOME}/routes/new", _choose),
    Screen("tourism-accounts", SUKAGAWA, f"{_HOME}/accounts"),
    Screen("tourism-account", STAFF, f"{_HOME}/accounts", follow("X @koriyama_shimin")),
    Screen("tourism-account-form", HEAD, f"{_HOME}/accounts/new"),
    Screen("tourism-posts", STAFF, f"{_HOME}/posts"),
    Screen("tourism-posts-reading", MIHARU, f"{_HOME}/posts?tab=reading"),
    Screen("tourism-begin", STAFF, f"{_HOME}/spots", _begin),
    Screen("tourism-post", STAFF, f"{_HOME}/posts", follow("三つの町の桜（来春の予告）")),
    Screen("tourism-post-asked", HEAD, f"{_HOME}/posts", follow("磐梯熱海の足湯")),
    Screen("tourism-post-released", TWO_POSTS, f"{_HOME}/posts", follow("布引高原、来年の夏へ")),
    Screen("tourism-package", TWO_POSTS, f"{_HOME}/posts", _package),
    Screen("tourism-post-form", STAFF, f"{_HOME}/posts", _edit_post),
    Screen("tourism-post-too-long", STAFF, f"{_HOME}/posts", _too_long),
    Screen("tourism-readers", STAFF, f"{_HOME}/posts", _readers),
    Screen("tourism-figures", STAFF, f"{_HOME}/figures"),
)
