"""HR's room of the 20% rule: a choice, a rate, stopping after a disaster, going on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import by_request, steps
from tests.browser.visitors import Visitors

PURPOSE = "災害の前から決まっていた勉強会"
REASON = "台風の災害対応のため"


def tab(page: Page, name: str) -> None:
    """Go to one of the pages side by side."""
    tabs = page.get_by_role("navigation", name="20%の決まりの種類")
    tabs.get_by_role("link", name=name, exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_hr_decides_stops_and_lets_go_on(visitors: Visitors, scripts: bool) -> None:
    # Something is agreed to before.
    staff = visitors.person("staff@koriyama", java_script_enabled=scripts)
    path = by_request.ask_for_minutes(staff, "2026-11-18", 120, PURPOSE)
    head = visitors.person("head@koriyama", java_script_enabled=scripts)
    head.goto("/ledger/approvals")
    row = head.get_by_role("listitem").filter(has_text=PURPOSE)
    row.get_by_role("button", name="了承する").click()
    steps.says(head, "了承しました。")

    # HR looks what another closing day would do, and saves it.
    hr = visitors.at_home("hr@koriyama", java_script_enabled=scripts)
    menu = hr.get_by_role("navigation", name="メニュー")
    menu.get_by_role("link", name="20%の決まり").click()
    expect(hr.get_by_text("11月は12月14日（月）に締まります。")).to_be_visible()
    hr.get_by_label("前の月を締める日").fill("5")
    hr.get_by_role("button", name="保存せずに例を見る").click()
    expect(hr.get_by_text("11月は12月7日（月）に締まります。")).to_be_visible()
    hr.get_by_role("button", name="保存する").click()
    steps.says(hr, "決まりを保存しました。")

    # The section's share falls to 5%: 441 minutes.
    tab(hr, "割合")
    hr.get_by_role("radio", name="所属", exact=True).check()
    hr.get_by_role("combobox", name="所属").select_option(label="市民部/市民課")
    hr.get_by_label("割合", exact=False).last.fill("5")
    hr.get_by_label("始まりの日").fill("2026-11-01")
    hr.get_by_role("button", name="この割合にする").click()
    steps.says(hr, "割合を決めました。")
    expect(hr.get_by_role("table")).to_contain_text("11月の枠は7時間21分（441分）")
    hr.get_by_role("radio", name="個人", exact=True).check()
    hr.get_by_label("職員のアカウント").fill("staff2@koriyama")
    hr.get_by_label("割合", exact=False).last.fill("4")
    hr.get_by_label("始まりの日").fill("2026-12-01")
    hr.get_by_role("button", name="この割合にする").click()
    expect(hr.get_by_role("row").filter(has_text="職員二")).to_contain_text("4%")
    staff.goto("/ledger/")
    expect(staff.locator(".page-lead")).to_contain_text("7時間21分まで使えます")

    # A disaster: all rests, the minutes return.
    tab(hr, "停止と再開")
    hr.get_by_label("理由").fill(REASON)
    hr.get_by_role("button", name="20%の時間を止める").click()
    steps.says(hr, "停止しました。")
    staff.goto("/ledger/")
    expect(staff.get_by_text(f"理由：{REASON}")).to_be_visible()
    for _ in range(30):
        staff.goto(path)
        if staff.get_by_text("停止 2時間").count():
            break
        staff.wait_for_timeout(500)
    expect(staff.get_by_text("停止 2時間")).to_be_visible()

    # It goes on, and the head gives an OK again.
    hr.get_by_text("20%の時間を再開する").click()
    hr.get_by_role("button", name="再開する", exact=True).click()
    steps.says(hr, "再開しました。")
    head.goto("/ledger/approvals")
    row = head.get_by_role("listitem").filter(has_text=PURPOSE)
    row.get_by_role("button", name="再開を了承する").click()
    steps.says(head, "1件の再開を了承しました。")
    staff.goto(path)
    expect(staff.get_by_text("了承済み 2時間")).to_be_visible()
