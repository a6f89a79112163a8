"""Everything by keyboard alone."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import PHONE
from tests.browser.keyboard import tab_to
from tests.browser.screens import HEAD, IT, STAFF, STAFF2
from tests.browser.visitors import Visitors


@pytest.mark.parametrize(
    ("login", "path", "role", "name"),
    [
        ("", "/sign-in", "link", "サインインする"),
        (STAFF, "/", "link", "20%の時間を申し込む"),
        (STAFF, "/ledger/", "link", "20%の時間を申し込む"),
        (STAFF, "/ledger/requests/new", "button", "申し込む"),
        (HEAD, "/ledger/approvals", "button", "了承する"),
        (STAFF, "/consult/", "link", "相談する"),
        (STAFF2, "/consult/ask", "button", "相談を投稿する"),
        (STAFF2, "/consult/1", "button", "回答を投稿する"),
        (IT, "/admin/features", "link", "使わない設定にする"),
        (IT, "/admin/features/consult/on", "button", "使えるようにする"),
        (IT, "/admin/features/consult/pause", "button", "休止する"),
        (IT, "/admin/features/consult/off", "button", "使わない設定にする"),
        (STAFF, "/demo/clock", "button", "この日に進める"),
    ],
)
def test_the_main_action_is_reached_by_tab(
    readers: Visitors, login: str, path: str, role: Literal["link", "button"], name: str
) -> None:
    page = readers.person(login) if login else readers.visitor()
    page.goto(path)
    tab_to(page, page.get_by_role("main").get_by_role(role, name=name).first)


def test_the_first_tab_offers_to_skip_the_menu(readers: Visitors) -> None:
    page = readers.person(STAFF)
    page.goto("/ledger/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="本文へ移動")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    first = page.get_by_role("main").get_by_role("link").first
    expect(first).to_be_focused()


def test_the_drawer_opens_and_closes_by_keyboard(readers: Visitors) -> None:
    page = readers.at_home(STAFF, PHONE)
    menu = page.locator("#menu")
    handle = page.locator(".shell-drawer > summary")
    expect(menu).to_be_hidden()
    tab_to(page, handle)
    page.keyboard.press("Enter")
    expect(menu).to_be_visible()
    page.keyboard.press("Tab")
    expect(menu.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(handle).to_be_focused()
    page.keyboard.press("Space")
    expect(menu).to_be_visible()
    page.keyboard.press("Enter")
    expect(menu).to_be_hidden()


def test_a_place_is_chosen_in_the_drawer_by_keyboard(readers: Visitors) -> None:
    page = readers.at_home(STAFF, PHONE)
    tab_to(page, page.locator(".shell-drawer > summary"))
    page.keyboard.press("Enter")
    tab_to(page, page.locator("#menu").get_by_role("link", name="わたしの20%"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("わたしの20%")
    expect(page.locator("#menu")).to_be_hidden()


def test_what_waits_for_a_head_is_in_sight_on_a_phone(readers: Visitors) -> None:
    page = readers.at_home(HEAD, PHONE)
    waiting = page.get_by_role("main").get_by_role("link", name="了承を待つ申込み")
    expect(waiting).to_be_in_viewport()
    tab_to(page, waiting)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("了承を待つ申込み")


def test_my_menu_closes_by_escape(readers: Visitors) -> None:
    page = readers.at_home(STAFF)
    tab_to(page, page.locator(".menu > summary"))
    page.keyboard.press("Enter")
    sign_out = page.get_by_role("button", name="サインアウト")
    expect(sign_out).to_be_visible()
    page.keyboard.press("Escape")
    expect(sign_out).to_be_hidden()
    expect(page.locator(".menu > summary")).to_be_focused()


def test_an_arrow_changes_which_fields_are_shown(readers: Visitors) -> None:
    page = readers.person(STAFF)
    page.goto("/ledger/requests/new")
    length = page.get_by_role("spinbutton", name="長さ")
    start = page.get_by_label("始まり")
    expect(length).to_be_visible()
    expect(start).to_be_hidden()
    tab_to(page, page.get_by_role("radio", name="長さだけ"))
    page.keyboard.press("ArrowRight")
    expect(length).to_be_hidden()
    expect(start).to_be_visible()
    page.keyboard.press("Tab")
    expect(start).to_be_focused()


def test_a_refused_form_moves_the_focus_to_its_errors_and_each_leads_to_its_field(
    readers: Visitors,
) -> None:
    page = readers.person(STAFF)
    page.goto("/consult/ask")
    tab_to(page, page.get_by_role("button", name="相談を投稿する"))
    page.keyboard.press("Enter")
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    tab_to(page, summary.get_by_role("link").nth(1))
    page.keyboard.press("Enter")
    expect(page.get_by_label("聞きたいことを一行で")).to_be_focused()
