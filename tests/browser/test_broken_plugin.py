"""A plugin that fails takes nothing else with it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.screens import STAFF2
from tests.browser.visitors import Visitors

SENTENCE = "この機能は一時的に使えません。ほかの機能は使えます。"


def test_its_card_and_its_page_say_so_and_everything_else_works(broken_visitors: Visitors) -> None:
    page = broken_visitors.at_home(STAFF2)
    cards = page.get_by_role("main").locator("section.card")
    expect(cards.filter(has_text="故障の見本")).to_contain_text(SENTENCE)
    expect(cards.filter(has_text="答えを待っている相談").get_by_role("listitem")).to_have_count(3)
    page.get_by_role("link", name="故障の見本").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("この機能は一時的に使えません")
    expect(page.get_by_text("情報担当にお知らせください")).to_be_visible()
    page.get_by_role("navigation", name="メニュー").get_by_role("link", name="相談").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("相談")
