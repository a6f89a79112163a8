"""The screens of the leave cafe: what is typed for dates is sent, and shown once."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser import steps
from tests.browser.screens import HR, MIHARU, STAFF, SUKAGAWA, Screen


def plan(page: Page) -> None:
    """Work out the dates of two parents, of whom the other one wishes for leave."""
    page.get_by_label("任用の種類").first.select_option("regular")
    page.get_by_label("出産予定日").fill("2026-12-10")
    page.get_by_label("もう一人の親の任用の種類").select_option("fiscal_year_part")
    page.locator("summary").filter(has_text="もう一人の親の育児休業の希望").click()
    page.locator("#other_wish1_from").fill("2026-12-12")
    page.locator("#other_wish1_to").fill("2027-01-08")
    page.get_by_role("button", name="日付を調べる").click()


def _paper(page: Page) -> None:
    plan(page)
    page.get_by_role("button", name="印刷用の画面を開く").click()


def _wrong(page: Page) -> None:
    page.get_by_label("出産予定日").fill("2026-12-10")
    page.get_by_label("生まれた日").fill("2026-11-11")
    page.get_by_role("button", name="日付を調べる").click()


def _nothing(page: Page) -> None:
    page.get_by_role("button", name="体験談を載せる").click()


def _first(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="出納整理の前に").click()


def _write_own(page: Page) -> None:
    """Write an experience, and stay on its page."""
    page.get_by_label("使った制度").select_option("childcare")
    page.get_by_role("radio", name="配偶者・パートナー").check()
    page.get_by_label("任用の種類").select_option("regular")
    page.get_by_label("一行で言うと").fill("夏に一か月の育休を取りました")
    page.get_by_label("どう申し出たか").fill("春の面談で、所属長に伝えました。")
    page.get_by_role("button", name="体験談を載せる").click()
    steps.says(page, "体験談を載せました。")
    page.locator("summary").filter(has_text="体験談を取り下げる").click()


def _change_own(page: Page) -> None:
    _write_own(page)
    page.get_by_role("link", name="体験談を直す").click()


def confirm(page: Page) -> None:
    """Let HR confirm the rules."""
    page.get_by_role("button", name="この規程を確認した").click()
    steps.says(page, "規程を確認しました。")


LEAVE_SCREENS: tuple[Screen, ...] = (
    Screen("leave-dates", STAFF, "/leave-cafe/"),
    Screen("leave-dates-errors", STAFF, "/leave-cafe/", _wrong),
    Screen("leave-plan", STAFF, "/leave-cafe/", plan),
    Screen("leave-paper", STAFF, "/leave-cafe/", _paper),
    Screen("leave-rules", HR, "/leave-cafe/rules"),
    Screen("leave-experiences", SUKAGAWA, "/leave-cafe/experiences"),
    Screen(
        "leave-experiences-none", SUKAGAWA, "/leave-cafe/experiences?scheme=grandchild&year=2020"
    ),
    Screen("leave-experience", MIHARU, "/leave-cafe/experiences", _first),
    Screen("leave-experience-own", SUKAGAWA, "/leave-cafe/experiences/new", _write_own),
    Screen("leave-change", SUKAGAWA, "/leave-cafe/experiences/new", _change_own),
    Screen("leave-write", STAFF, "/leave-cafe/experiences/new"),
    Screen("leave-write-errors", STAFF, "/leave-cafe/experiences/new", _nothing),
)
