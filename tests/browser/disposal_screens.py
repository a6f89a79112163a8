"""The screens of 台帳の廃棄, years later; ``disposal_scene`` lets them go by."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.screens import HR, IT, Screen


def _propose(page: Page) -> None:
    page.get_by_role("button", name="廃棄を提案する").click()
    page.wait_for_load_state()


def _print(page: Page) -> None:
    page.emulate_media(media="print")


_NEW = "/ledger/disposals/years/2027"

DISPOSAL_SCREENS: tuple[Screen, ...] = (
    Screen("disposals", HR, "/ledger/disposals"),
    Screen("disposal-new", HR, _NEW),
    Screen("disposal-new-errors", HR, _NEW, _propose),
    Screen("disposal-proposed", HR, "{proposed}"),
    Screen("disposal-agreeing", IT, "{proposed}"),
    Screen("disposal-record", IT, "{disposed}"),
    Screen("disposal-month", "staff@koriyama", "/ledger/?month=2026-11"),
    Screen("disposal-record-printed", IT, "{disposed}", _print),
)
