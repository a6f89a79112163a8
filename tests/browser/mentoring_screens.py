"""The screens of mutual learning, on the demo's sections, sheets, people and pairs."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.screens import HEAD, MIHARU, STAFF, SUKAGAWA, Screen


def _section(page: Page) -> None:
    page.get_by_role("main").locator(".row").filter(has_text="職員が働く場を支えます").get_by_role(
        "link"
    ).click()


def _empty_section(page: Page) -> None:
    page.get_by_label("一行で言うと").fill("")
    page.get_by_role("button", name="紹介を保存する").click()


def _too_many(page: Page) -> None:
    page.get_by_label("同時に引き受ける人数").fill("9")
    page.get_by_role("button", name="自己紹介を載せる").click()


def _wrong_times(page: Page) -> None:
    _pair(page)
    page.get_by_label("話すこと").fill("様式を一つにする")
    page.get_by_label("日にち").fill("2026-11-25")
    page.get_by_label("始まり").fill("15:00")
    page.get_by_label("終わり").fill("14:00")
    page.get_by_role("button", name="面談を決める").click()


def _pair(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="差戻しの少ない手当の届出").click()


def _meeting(page: Page) -> None:
    _pair(page)
    page.get_by_role("main").get_by_role("link", name="戻った届出を並べて見る").click()


def _asked(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="年末調整の前に準備できること").click()


def _person(page: Page) -> None:
    page.get_by_role("main").locator(".row-title a").first.click()


def _asking(page: Page) -> None:
    _person(page)
    page.get_by_role("link", name="お願いする").click()


def _day(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="市民課のオープンカンパニーの日").click()


def _change_day(page: Page) -> None:
    _day(page)
    page.get_by_role("link", name="直す・取りやめる").click()


def _wrong_day(page: Page) -> None:
    page.get_by_label("見られること").fill("朝の打合せ")
    page.get_by_label("日にち").fill("2026-12-10")
    page.get_by_label("始まり").fill("10:00")
    page.get_by_label("席の数").fill("0")
    page.get_by_role("textbox", name="場所").fill("会議室")
    page.get_by_role("button", name="この日に決める").click()


def _join_day(page: Page) -> None:
    _day(page)
    page.get_by_role("link", name="取組の一覧で申し込む").click()


def _board_of_day(page: Page) -> None:
    _join_day(page)
    page.get_by_role("link", name="掲示板用の文章").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("掲示板用の文章")


MENTORING_SCREENS: tuple[Screen, ...] = (
    Screen("mentoring-sections", STAFF, "/mentoring/"),
    Screen("mentoring-section", STAFF, "/mentoring/", _section),
    Screen("mentoring-section-own", SUKAGAWA, "/mentoring/", _section),
    Screen("mentoring-section-form", STAFF, "/mentoring/sections/mine"),
    Screen("mentoring-section-errors", STAFF, "/mentoring/sections/mine", _empty_section),
    Screen("mentoring-open-days", SUKAGAWA, "/mentoring/open-days"),
    Screen("mentoring-open-day", SUKAGAWA, "/mentoring/open-days", _day),
    Screen("mentoring-open-day-hosts", STAFF, "/mentoring/open-days", _day),
    Screen("mentoring-open-day-join", SUKAGAWA, "/mentoring/open-days", _join_day),
    Screen("mentoring-open-day-board", SUKAGAWA, "/mentoring/open-days", _board_of_day),
    Screen("mentoring-open-day-change", STAFF, "/mentoring/open-days", _change_day),
    Screen("mentoring-open-day-form", STAFF, "/mentoring/open-days/new"),
    Screen("mentoring-open-day-errors", STAFF, "/mentoring/open-days/new", _wrong_day),
    Screen("mentoring-practices", STAFF, "/mentoring/practices"),
    Screen("mentoring-practice", STAFF, "/mentoring/practices/inquiries"),
    Screen("mentoring-practice-none", STAFF, "/mentoring/practices/absences"),
    Screen("mentoring-sheet-form", STAFF, "/mentoring/practices/boards/fill"),
    Screen("mentoring-people", STAFF, "/mentoring/people"),
    Screen("mentoring-people-none", STAFF, "/mentoring/people?field=health"),
    Screen("mentoring-person", MIHARU, "/mentoring/people?field=digital", _person),
    Screen("mentoring-ask", MIHARU, "/mentoring/people?field=digital", _asking),
    Screen("mentoring-profile-form", STAFF, "/mentoring/people/me"),
    Screen("mentoring-profile-errors", STAFF, "/mentoring/people/me", _too_many),
    Screen("mentoring-pairs", SUKAGAWA, "/mentoring/pairs"),
    Screen("mentoring-pairs-none", HEAD, "/mentoring/pairs"),
    Screen("mentoring-pair", STAFF, "/mentoring/pairs", _pair),
    Screen("mentoring-pair-errors", STAFF, "/mentoring/pairs", _wrong_times),
    Screen("mentoring-pair-asked", SUKAGAWA, "/mentoring/pairs", _asked),
    Screen("mentoring-meeting", STAFF, "/mentoring/pairs", _meeting),
)
