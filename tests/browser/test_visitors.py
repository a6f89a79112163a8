"""What the other tests stand on: who is at which window, and commands that end as programs do."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Gallery
from tests.browser.demo import Demo, DemoFailedError, command
from tests.browser.screens import MIHARU, STAFF, Screen
from tests.browser.test_screens import expect_right, in_english
from tests.browser.visitors import Visitors

ONLY_ON_A_PHONE = """() => {
  const main = document.querySelector("main");
  main.insertAdjacentHTML("beforeend", '<input name="day">');
  const wide = window.matchMedia("(min-width: 500px)");
  const hide = () => { main.lastElementChild.hidden = wide.matches; };
  wide.addEventListener("change", hide);
  hide();
}"""


def answer_in_japanese(route: Route) -> None:
    """Let the page have a sentence that nobody has translated."""
    answer = route.fetch()
    body = answer.text().replace("</main>", "<p>訳のない文</p></main>")
    route.fulfill(response=answer, body=body)


@pytest.fixture
def plain_gallery(readers: Visitors, standing_demo: Demo) -> Gallery:
    """The screens of a demo in which nothing has happened."""
    return Gallery(readers, {}, standing_demo.home)


def test_people_come_to_the_same_window_as_themselves(readers: Visitors) -> None:
    with readers.at_window(STAFF) as page:
        page.goto("/")
        expect(page.locator(".shell-me")).to_have_text("職員一")
        expect(page.locator(".shell-place-of-work")).to_contain_text("郡山市")
        in_english(page)
        expect(page.locator("html")).to_have_attribute("lang", "en")
    with readers.at_window(MIHARU) as same:
        assert same is page
        same.goto("/")
        expect(same.locator("html")).to_have_attribute("lang", "ja")
        expect(same.locator(".shell-place-of-work")).to_contain_text("三春町")
        with readers.at_window("") as other:
            assert other is not same
            other.goto("/ledger/")
            expect(other.get_by_role("heading", level=1)).to_have_text("サインイン")
    with readers.at_window(STAFF) as again:
        again.goto("/")
        expect(again.locator(".shell-place-of-work")).to_contain_text("郡山市")


def test_who_is_signed_in_no_more_shows_no_screen(readers: Visitors) -> None:
    readers.signed_in[STAFF] = {"cookies": []}
    with (
        readers.at_window(STAFF) as page,
        pytest.raises(AssertionError, match="staff@koriyama is not signed in"),
    ):
        Screen("ledger", STAFF, "/ledger/").open(page, {})


def test_what_is_wrong_on_a_phone_alone_is_found(plain_gallery: Gallery) -> None:
    def plant(page: Page) -> None:
        page.evaluate(ONLY_ON_A_PHONE)

    screen = Screen("planted", STAFF, "/ledger/", plant)
    with pytest.raises(AssertionError, match=r"(?s)'width': 360.*label: input"):
        expect_right(plain_gallery, screen)


def test_what_is_left_in_japanese_in_english_is_found(plain_gallery: Gallery) -> None:
    def plant(page: Page) -> None:
        page.route("**/ledger/", answer_in_japanese)

    screen = Screen("planted", STAFF, "/ledger/", plant)
    with pytest.raises(AssertionError, match="訳のない文"):
        expect_right(plain_gallery, screen)


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(DemoFailedError, match=r"(?s)niwari brew failed:.*No such command 'brew'"):
        command(tmp_path / "home", "brew", variables={})


def test_a_demo_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    demo = Demo(tmp_path / "home", {"NIWARI_LOCALE": "xx"})
    with pytest.raises(DemoFailedError, match="NIWARI_LOCALE"), demo:
        pass
