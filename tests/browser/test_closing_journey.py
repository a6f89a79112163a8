"""J-LEDGER 5 by hand and eye: HR closes the month, and a correction makes 100 minutes 90."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import by_request, steps
from tests.browser.visitors import Visitors

PURPOSE = "窓口の案内表示を見直す"


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_closed_month_and_its_correction(visitors: Visitors, scripts: bool) -> None:
    staff = visitors.person("staff@koriyama", java_script_enabled=scripts)
    path = by_request.ask_for_minutes(staff, "2026-11-18", 120, PURPOSE)
    forgotten = by_request.ask_for_minutes(staff, "2026-11-19", 60, "記録を忘れる分")
    head = visitors.person("head@koriyama", java_script_enabled=scripts)
    by_request.agree(head, PURPOSE)
    by_request.agree(head, "記録を忘れる分")
    by_request.move_clock(staff, "2026-11-18")
    by_request.record(staff, path, 100)

    # HR closes November before its day; what was not recorded ends.
    by_request.move_clock(staff, "2026-12-02")
    hr = visitors.at_home("hr@koriyama", java_script_enabled=scripts)
    menu = hr.get_by_role("navigation", name="メニュー")
    menu.get_by_role("link", name="月の締め").click()
    expect(hr.locator(".page-lead")).to_contain_text("11月は、12月14日（月）に自動で締まります。")
    hr.locator("summary").filter(has_text="11月を今すぐ締める").click()
    hr.get_by_role("button", name="11月を締める").click()
    steps.says(hr, "11月を締めました。")
    staff.goto(forgotten)
    expect(staff.get_by_text("記録なしで終了 1時間")).to_be_visible()

    # The person asks for 90 instead of 100: nothing moves before HR's answer.
    staff.goto(path)
    staff.get_by_role("link", name="記録を訂正する").click()
    staff.get_by_role("spinbutton", name="正しい長さ").fill("90")
    staff.get_by_role("button", name="人事担当に依頼する").click()
    expect(staff.get_by_role("alert")).to_contain_text("理由を入力してください")
    expect(staff.get_by_role("spinbutton", name="正しい長さ")).to_have_value("90")
    staff.get_by_role("textbox", name="訂正の理由").fill("終わりの時刻を間違えました。")
    staff.get_by_role("button", name="人事担当に依頼する").click()
    steps.says(staff, "人事担当に訂正を依頼しました。")
    staff.goto("/ledger/?month=2026-11")
    expect(staff.locator(".legend .is-used dd")).to_have_text("1時間40分")

    hr.goto("/ledger/closing")
    hr.get_by_role("link", name="締めた月の訂正").click()
    row = hr.get_by_role("listitem").filter(has_text="終わりの時刻を間違えました。")
    row.get_by_role("button", name="認める").click()
    steps.says(hr, "訂正を認めました。")

    # −100 and +90; the month of the work says 90, marked.
    staff.goto(path)
    postings = staff.get_by_role("table", name="記録と訂正").get_by_role("row")
    expect(postings.nth(2)).to_contain_text("−1時間40分")
    expect(postings.nth(3)).to_contain_text("1時間30分")
    staff.goto("/ledger/?month=2026-11")
    expect(staff.locator(".legend .is-used dd")).to_have_text("1時間30分")
    expect(staff.get_by_text("修正あり", exact=True)).to_be_visible()


def test_one_tap_records_what_was_planned(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    by_request.ask_for_minutes(staff, "2026-11-20", 45, PURPOSE)
    by_request.agree(visitors.person("head@koriyama"), PURPOSE)
    by_request.move_clock(staff, "2026-11-20")
    staff.goto("/")
    staff.get_by_role("button", name=f"予定どおり記録：「{PURPOSE}」 45分").click()
    steps.says(staff, "予定どおり45分を記録しました。")
    expect(staff.locator(".legend .is-used dd")).to_have_text("45分")
