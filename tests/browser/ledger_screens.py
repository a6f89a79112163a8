"""The screens of the 20% ledger that need a month gone by; ``ledger_scene`` lets it go by."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.ledger_scene import CLERK, MANY_HEAD
from tests.browser.screens import HEAD, HR, STAFF, STAFF2, Screen

ALONE = "head3@koriyama"
"""Whose section has nobody else."""


def _unfold(words: str) -> Callable[[Page], None]:
    return lambda page: page.locator("summary").filter(has_text=words).first.click()


def _tick_oral(page: Page) -> None:
    page.get_by_role("checkbox", name="所属長から、もう口頭で").check()


def _tick_after_fact(page: Page) -> None:
    page.get_by_role("checkbox", name="事後の申込みにします").check()


def _follow(link: str) -> Callable[[Page], None]:
    return lambda page: page.get_by_role("main").get_by_role("link", name=link).first.click()


def _press(button: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_load_state()

    return act


LEDGER_SCREENS: tuple[Screen, ...] = (
    Screen("month-over", STAFF, "/ledger/"),
    Screen("month-closed", STAFF, "/ledger/?month=2026-11"),
    Screen("month-avoid", STAFF2, "/ledger/"),
    Screen("month-stopped", "staff@nihonmatsu", "/ledger/"),
    Screen("ask-oral", STAFF2, "/ledger/requests/new", _tick_oral),
    Screen("ask-after-fact", STAFF2, "/ledger/requests/new", _tick_after_fact),
    Screen("ask-stopped", "staff@nihonmatsu", "/ledger/requests/new"),
    Screen("ask-together", STAFF2, "/ledger/requests/together"),
    Screen("ask-together-errors", STAFF2, "/ledger/requests/together", _press("まとめて申し込む")),
    Screen("request-corrected", STAFF, "{corrected}"),
    Screen("correct", STAFF, "{drawn}", _follow("記録を訂正する")),
    Screen("request-lapsed", STAFF, "{lapsed}"),
    Screen("request-revoked", STAFF, "{revoked}"),
    Screen("request-shortening", HEAD, "{agreed}", _unfold("短くする・取りやめる")),
    Screen("request-oral", STAFF2, "{oral}"),
    Screen("request-oral-confirming", HEAD, "{oral}"),
    Screen("request-after-fact", STAFF, "{after_fact}"),
    Screen("request-after-fact-head", HEAD, "{after_fact}"),
    Screen("request-longer", STAFF2, "{longer}"),
    Screen("request-longer-head", HEAD, "{longer}"),
    Screen("request-private", STAFF2, "{private}"),
    Screen("request-entered", STAFF, "{entered}"),
    Screen("request-entered-head", HEAD, "{entered}"),
    Screen("request-suspended", STAFF2, "{suspended}"),
    Screen("request-reviving", HEAD, "{suspended}"),
    Screen("request-allowance", STAFF, "{drawn}"),
    Screen("request-drawing", STAFF, "{drawing}"),
    Screen("standing-list", STAFF, "/ledger/standing"),
    Screen("standing-list-empty", "staff@tamura", "/ledger/standing"),
    Screen("standing", STAFF, "{standing}"),
    Screen("standing-head", HEAD, "{standing}"),
    Screen("standing-deciding", HEAD, "{standing_waiting}"),
    Screen("standing-ask", STAFF, "/ledger/standing/new"),
    Screen("standing-preview", STAFF, "/ledger/standing/new", _press("予定を確かめる")),
    Screen("approvals-all", HEAD, "/ledger/approvals"),
    Screen("approvals-many", MANY_HEAD, "/ledger/approvals"),
    Screen("approvals-small-town", "head@otama", "/ledger/approvals"),
    Screen("away-month-many", MANY_HEAD, "/ledger/heads/month"),
    Screen("away-month-all", HEAD, "/ledger/heads/month"),
    Screen("away-month-small-town", "head@otama", "/ledger/heads/month"),
    Screen("month-alone", ALONE, "/ledger/"),
    Screen("approvals-alone", ALONE, "/ledger/approvals"),
    Screen("away-month-alone", ALONE, "/ledger/heads/month"),
    Screen("slip-alone", ALONE, "/ledger/heads/slip?week=2026-12-07"),
    Screen("statement-alone", ALONE, "/ledger/statement?period=FY2026"),
    Screen("slip-many", MANY_HEAD, "/ledger/heads/slip?week=2026-12-07"),
    Screen("avoid", HEAD, "/ledger/heads/avoid"),
    Screen("avoid-change", HEAD, "/ledger/heads/avoid", _follow("変更する")),
    Screen("entering", CLERK, "/ledger/entering"),
    Screen("entering-errors", CLERK, "/ledger/entering", _press("まとめて申し込む")),
    Screen("transferred", HEAD, "/ledger/transferred"),
    Screen("transferred-empty", "head@tamura", "/ledger/transferred"),
    Screen("objections", HEAD, "/ledger/objections"),
    Screen("objections-empty", "head@tamura", "/ledger/objections"),
    Screen("over-cap", HEAD, "/ledger/over-cap"),
    Screen("over-cap-empty", "head@tamura", "/ledger/over-cap"),
    Screen("statement", STAFF, "/ledger/statement?period=2026-11"),
    Screen("statement-year", STAFF, "/ledger/statement?period=FY2026"),
    Screen("brought-home", STAFF, "/ledger/brought-home"),
    Screen("rules", HR, "/ledger/rules"),
    Screen("rates", HR, "/ledger/rates"),
    Screen("rates-errors", HR, "/ledger/rates", _press("この割合にする")),
    Screen("rate-end", HR, "/ledger/rates", _follow("終わりを決める")),
    Screen("region-rates", "secretariat", "/ledger/region-rates"),
    Screen("bases", HR, "/ledger/bases"),
    Screen("freezes", HR, "/ledger/freezes"),
    Screen("freezes-stopped", "it@nihonmatsu", "/ledger/freezes", _unfold("20%の時間を再開する")),
    Screen("closing", HR, "/ledger/closing"),
    Screen("corrections", HR, "/ledger/closing/corrections"),
    Screen("correction", HR, "/ledger/closing/corrections", _follow("の記録")),
    Screen("late-bases", HR, "/ledger/closing/late"),
    Screen("reports", HR, "/ledger/reports"),
    Screen("report-year-book", HR, "/ledger/reports/year-book"),
    Screen("report-answers", HR, "/ledger/reports/answers"),
    Screen("report-overtime", HR, "/ledger/reports/overtime"),
    Screen("region-report", "secretariat", "/ledger/region-report"),
    Screen("home-hr", HR, "/"),
    Screen("home-head-ledger", HEAD, "/"),
)
