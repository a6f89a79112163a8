"""Fiscal 2026 in Koriyama is over and closed, its 保存年限 too: two officials dispose of it on the pages."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser import by_request, steps
from tests.browser.screens import HR, IT, Scene
from tests.browser.visitors import Visitors

LIST = "/ledger/disposals"
REASON = "保存年限（1年）が過ぎたため"


def set_disposals(visitors: Visitors) -> Scene:
    """Dispose of fiscal 2026, and propose to dispose of 2027; returns the paths, by name."""
    scene = {}
    with visitors.at_window(IT) as it:
        give_second(it)
    with visitors.at_window(HR) as hr:
        keep_one_year(hr)
        let_pass(hr, "2029-04-02", "3月")
        scene["disposed"] = propose(hr, "2026")
    with visitors.at_window(IT) as it:
        it.goto(scene["disposed"])
        agree(it, "2026")
        wait_for_record(it)
    with visitors.at_window(HR) as hr:
        scene["proposed"] = propose(hr, "2027")
    return scene


def give_second(page: Page) -> None:
    """Let the town's IT be the second official."""
    ability = {"終わった年度の台帳を廃棄する": "情報担当"}
    steps.tick_permissions(page, "20%の時間", **ability)


def keep_one_year(page: Page) -> None:
    """Keep the ledger for one year, as HR."""
    page.goto("/ledger/rules")
    page.get_by_label("台帳の保存年限").fill("1")
    page.get_by_role("button", name="保存する", exact=True).click()
    steps.says(page, "決まりを保存しました。")


def let_pass(page: Page, day: str, month: str) -> None:
    """Let the demo go on at a day years later, and close the month before it with all earlier ones."""
    steps.move_clock(page, day)
    by_request.close_month(page, month)


def propose(page: Page, year: str) -> str:
    """Propose to dispose of a fiscal year, with a reason; returns the proposal's path."""
    page.goto(LIST)
    page.get_by_role("link", name=f"{year}年度の廃棄を提案する").click()
    page.get_by_label("廃棄する理由").fill(REASON)
    page.get_by_role("button", name="廃棄を提案する").click()
    steps.says(page, "廃棄を提案しました。")
    return steps.path_of(page)


def agree(page: Page, year: str) -> None:
    """Agree to the proposal whose page is open."""
    page.get_by_role("button", name=f"{year}年度の廃棄を承認する").click()
    steps.says(page, "廃棄を承認しました。")


def wait_for_record(page: Page) -> None:
    """Read the page of a disposal again until the worker has written its record."""
    record = page.get_by_role("heading", level=1).filter(has_text="廃棄記録")
    for _ in range(60):
        if record.count():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(record).to_be_visible()
