"""A hasty hand: pressing twice makes one.

Two clicks in one moment send one form. The other case is a slow network, where somebody presses
again because nothing has happened yet, though the first form has arrived.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import by_request
from tests.browser.visitors import Visitors

PURPOSE = "二度押しの確かめ"


def press_again_before_the_answer(page: Page, button: Locator) -> None:
    """Press twice; the first form reaches the server, and its answer never reaches the page."""
    answers: list[int] = []

    def press_again(route: Route) -> None:
        if route.request.method != "POST" or answers:
            return route.continue_()
        answers.append(route.fetch(max_redirects=0).status)
        return _press(page)

    page.route("**/*", press_again)
    button.hover()
    with page.expect_event("requestfailed"):
        _press(page)
    page.unroute("**/*")
    assert answers == [303]


def _press(page: Page) -> None:
    # The mouse alone: a click by Playwright would wait for the answer.
    page.mouse.down()
    page.mouse.up()


def fill_in(page: Page) -> Locator:
    """Fill in the request for 20% time; returns its button."""
    page.goto("/ledger/requests/new")
    page.get_by_label("すること").fill(PURPOSE)
    page.get_by_label("日にち").fill("2026-11-18")
    page.get_by_role("spinbutton", name="長さ").fill("120")
    return page.get_by_role("button", name="申し込む", exact=True)


def button_of_agreement(page: Page) -> Locator:
    """Return the button of one tap in the head's list."""
    page.goto("/ledger/approvals")
    row = page.get_by_role("listitem").filter(has_text=PURPOSE)
    return row.get_by_role("button", name="了承する")


def expect_one_request(page: Page) -> None:
    """Expect the ledger to have the request once."""
    page.goto("/ledger/")
    expect(page.get_by_role("listitem").filter(has_text=PURPOSE)).to_have_count(1)
    expect(page.locator(".legend .is-asked dd")).to_have_text("2時間")


def expect_reserved_once(page: Page) -> None:
    """Expect the ledger to have the minutes reserved once."""
    page.goto("/ledger/")
    expect(page.locator(".legend .is-reserved dd")).to_have_text("2時間")
    expect(page.locator(".legend .is-left dd")).to_have_text("27時間27分")


def expect_said_once(page: Page, sentence: str) -> None:
    """Expect the page to say one thing, and this."""
    expect(page.locator("#messages .notice")).to_have_text([sentence])


def test_a_double_click_on_申し込む_asks_once(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    fill_in(staff).dblclick()
    expect_said_once(staff, "申し込みました。所属長の了承を待ちます。")
    expect_one_request(staff)


def test_申し込む_pressed_again_before_the_answer_asks_once(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    press_again_before_the_answer(staff, fill_in(staff))
    expect_said_once(staff, "申し込みました。所属長の了承を待ちます。")
    expect_one_request(staff)


def test_a_double_click_on_了承する_reserves_once(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    by_request.ask_for_minutes(staff, "2026-11-18", 120, PURPOSE)
    head = visitors.person("head@koriyama")
    button_of_agreement(head).dblclick()
    expect_said_once(head, "了承しました。")
    expect_reserved_once(staff)


def test_了承する_pressed_again_before_the_answer_reserves_once(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    by_request.ask_for_minutes(staff, "2026-11-18", 120, PURPOSE)
    head = visitors.person("head@koriyama")
    press_again_before_the_answer(head, button_of_agreement(head))
    expect_said_once(head, "了承しました。")
    expect_reserved_once(staff)
