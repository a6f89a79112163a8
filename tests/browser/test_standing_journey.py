"""A standing agreement (包括了承, L12) by hand and eye: two hours a month, and the third Wednesday."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.visitors import Visitors, expect_sound


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_from_the_preview_to_the_record(visitors: Visitors, scripts: bool) -> None:
    # The third Wednesday, 15:00 to 16:00, until 31 March: 5 times, 300 minutes, named beforehand.
    staff = visitors.person("staff@koriyama", java_script_enabled=scripts)
    staff.goto("/ledger/")
    staff.get_by_role("link", name="わたしの包括了承").click()
    staff.get_by_role("link", name="包括了承を申し込む").click()
    if scripts:
        expect_sound(visitors, staff)
    staff.get_by_label("すること").fill("窓口の学び合い")
    staff.get_by_role("radio", name="決まった日").check()
    staff.get_by_text("決まった日のとき：繰り返しと時刻").click()
    staff.get_by_role("combobox", name="繰り返し").select_option(label="毎月第3")
    staff.get_by_role("combobox", name="曜日").select_option(label="水曜日")
    staff.get_by_label("始まりの時刻").fill("15:00")
    staff.get_by_label("終わりの時刻").fill("16:00")
    staff.get_by_role("button", name="予定を確かめる").click()
    expect(staff.get_by_text("確保できるのは5回、合わせて5時間です。")).to_be_visible()
    if scripts:
        expect_sound(visitors, staff)
    staff.get_by_role("button", name="この内容で申し込む").click()
    steps.says(staff, "包括了承を申し込みました。")
    third_wednesdays = steps.path_of(staff)

    # The head sees what an OK reserves, and gives it at once.
    head = visitors.person("head@koriyama", java_script_enabled=scripts)
    head.goto("/ledger/approvals")
    if scripts:
        expect_sound(visitors, head)
    head.get_by_role("link", name="窓口の学び合い").click()
    expect(head.get_by_text("3月17日（水）15:00")).to_be_visible()
    if scripts:
        expect_sound(visitors, head)
    head.get_by_role("button", name="まとめて了承する").click()
    steps.says(head, "包括了承の申込みを了承し、5回、合わせて5時間を確保しました。")
    if scripts:
        expect_sound(visitors, head)
    staff.goto(third_wednesdays)
    expect(staff.get_by_text("了承済み 1時間")).to_have_count(5)

    # Two hours a month, as the form suggests it; 45 minutes of it are recorded today.
    staff.goto("/ledger/standing/new")
    staff.get_by_role("button", name="予定を確かめる").click()
    expect(staff.get_by_text("確保できるのは5回、合わせて10時間です。")).to_be_visible()
    staff.get_by_role("button", name="この内容で申し込む").click()
    allowance = steps.path_of(staff)
    head.goto(allowance)
    head.get_by_role("button", name="まとめて了承する").click()
    steps.says(head, "5回、合わせて10時間を確保しました。")
    staff.goto(allowance)
    staff.get_by_role("link", name="2026年11月中").click()
    staff.get_by_label("使った長さ").fill("45")
    staff.get_by_role("button", name="記録する").click()
    steps.says(staff, "記録しました。")
    expect(staff.get_by_text("11月10日（火）").first).to_be_visible()
    if scripts:
        expect_sound(visitors, staff)
    staff.goto("/ledger/")
    expect(staff.get_by_text("使った 45分・残り 1時間15分")).to_be_visible()

    # The head calls off the rest; what was recorded stays.
    head.goto(allowance)
    head.get_by_role("button", name="これからの予定を取りやめる").click()
    steps.says(head, "これからの予定を取りやめました。")
    staff.goto("/ledger/standing")
    expect(staff.get_by_role("row", name="2026年11月 0分 45分")).to_be_visible()
    if scripts:
        expect_sound(visitors, staff)
