"""A nursery's clerk enters for those who have no computer and work by a roster (rule L9)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import by_request, steps
from tests.browser.visitors import Visitors, expect_sound

PURPOSE = "絵本の読み聞かせの勉強会"
NURSERY, CLERK, HEAD = "鶴見坦保育所", "staff7@koriyama", "head5@koriyama"
EARLY, LATE = "職員二十四", "職員二十五"
"""Of the early and the late shift."""


def name_clerk(page: Page, section: str, login: str) -> None:
    """Let HR name a section's clerk."""
    page.goto("/directory/sections")
    row = page.get_by_role("row").filter(has_text=section)
    row.locator("a[href$='/arrange']").first.click()
    page.locator("input[name=clerk-login]").fill(login)
    page.locator("form:has(input[name=clerk-login]) button[type=submit]").click()
    steps.says(page, "庶務担当を決めました。")


def fill_line(page: Page, number: int, person: str, day: str, minutes: int) -> None:
    """Fill in one line of the table."""
    page.get_by_label(f"{number}行目の職員").select_option(label=person)
    page.get_by_label(f"{number}行目の日にち").fill(day)
    page.get_by_label(f"{number}行目の長さ（分）").fill(str(minutes))
    page.get_by_label(f"{number}行目のすること").fill(PURPOSE)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_clerk_enters_the_head_agrees_and_one_person_objects(
    visitors: Visitors, scripts: bool
) -> None:
    # 1 HR names who has the nursery's one computer as its clerk.
    name_clerk(visitors.person("hr@koriyama"), NURSERY, CLERK)

    # 2 the clerk enters for two people. The roster counts and not the hours of desks: a Thursday off
    # keeps both out, with all kept as typed, and the Saturday that is worked instead is taken.
    clerk = visitors.at_home(CLERK, java_script_enabled=scripts)
    menu = clerk.get_by_role("navigation", name="メニュー")
    menu.get_by_role("link", name="代理入力").click()
    clerk.get_by_role("button", name="行を増やす").click()
    expect(clerk.get_by_label("10行目の職員")).to_be_visible()
    fill_line(clerk, 1, LATE, "2026-11-18", 60)
    fill_line(clerk, 2, EARLY, "2026-11-19", 60)
    send = clerk.get_by_role("button", name="まとめて申し込む")
    send.click()
    summary = clerk.get_by_role("alert")
    expect(summary).to_contain_text("2行目の日にち：この日時や長さでは申し込めません。")
    expect(clerk.get_by_label("1行目のすること")).to_have_value(PURPOSE)
    if scripts:
        expect_sound(visitors, clerk)
    clerk.get_by_label("2行目の日にち").fill("2026-11-21")
    send.click()
    steps.says(clerk, "2件を代理入力しました。所属長の了承を待ちます。")
    expect(clerk.get_by_role("listitem").filter(has_text=PURPOSE)).to_have_count(2)

    # 3 the head sees who entered them, and agrees to both.
    head = visitors.person(HEAD, java_script_enabled=scripts)
    for left in (2, 1):
        head.goto("/ledger/approvals")
        waiting = head.get_by_role("listitem").filter(has_text=PURPOSE)
        expect(waiting).to_have_count(left)
        expect(waiting.first).to_contain_text("代理入力：職員二十三（庶務担当）")
        waiting.first.get_by_role("button", name="了承する").click()
        steps.says(head, "了承しました。")

    # 4 one person is told, and objects when next at that computer.
    staff = visitors.person("staff9@koriyama", java_script_enabled=scripts)
    staff.goto("/notices")
    expect(staff.get_by_role("main")).to_contain_text("代わりに入力されました。")
    staff.goto("/ledger/")
    staff.get_by_role("link", name=PURPOSE).click()
    card = staff.get_by_role("main")
    expect(card).to_contain_text("職員二十三")
    staff.locator("summary").filter(has_text="異議を伝える").click()
    staff.get_by_label("何が違うか").fill("その日は行きません。")
    staff.get_by_role("button", name="異議を伝える").click()
    steps.says(staff, "異議を、所属長と入力した職員に伝えました。")
    if scripts:
        expect_sound(visitors, staff)

    # 5 head and clerk read it; the other line stands.
    head.goto("/ledger/objections")
    expect(head.get_by_role("listitem").filter(has_text="その日は行きません。")).to_have_count(1)
    if scripts:
        expect_sound(visitors, head)
    clerk.goto("/ledger/entering")
    expect(clerk.get_by_role("main")).to_contain_text("本人の異議：その日は行きません。")

    # 6 on that Saturday the clerk records what the other person did.
    by_request.move_clock(clerk, "2026-11-21")
    clerk.goto("/ledger/entering")
    clerk.get_by_label(f"{EARLY}の実際の長さ（分）").fill("45")
    clerk.get_by_role("button", name="まとめて記録する").click()
    steps.says(clerk, "代理で記録しました。本人に知らせます。")
    expect(clerk.get_by_role("listitem").filter(has_text="記録済み 1時間")).to_have_count(1)
    if scripts:
        expect_sound(visitors, clerk)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_an_oral_ok_is_entered_for_somebody_and_confirmed_later(
    visitors: Visitors, scripts: bool
) -> None:
    name_clerk(visitors.person("hr@koriyama"), NURSERY, CLERK)

    # 1 the head said yes by the way this morning: who and when is asked where the tick is set.
    clerk = visitors.person(CLERK, java_script_enabled=scripts)
    clerk.goto("/ledger/entering")
    fill_line(clerk, 1, EARLY, "2026-11-20", 60)
    who = clerk.get_by_label("1行目の了承した人")
    expect(who).to_be_hidden()
    clerk.get_by_role("checkbox", name="1行目の所属長から、もう口頭で了承をもらいました").check()
    expect(who).to_be_visible()
    if scripts:
        expect_sound(visitors, clerk)
    clerk.get_by_role("button", name="まとめて申し込む").click()
    summary = clerk.get_by_role("alert")
    expect(summary).to_contain_text("1行目の了承した人：了承した人を選んでください。")
    expect(summary).to_contain_text("1行目の了承の時刻：時刻を 15:00 の形で")
    who.select_option(label="所属長二十五")
    clerk.get_by_label("1行目の了承の時刻").fill("00:00")
    clerk.get_by_role("button", name="まとめて申し込む").click()
    steps.says(clerk, "口頭の了承がある1件を代理入力し、時間を確保しました。")
    entered = clerk.get_by_role("listitem").filter(has_text=PURPOSE)
    expect(entered).to_contain_text("了承済み 1時間")

    # 2 the person reads both: who entered it, and whose OK it is said to be.
    staff = visitors.person("staff8@koriyama", java_script_enabled=scripts)
    staff.goto("/ledger/")
    staff.get_by_role("link", name=PURPOSE).click()
    expect(staff.get_by_role("main")).to_contain_text("職員二十三")
    expect(staff.get_by_role("main")).to_contain_text("未確認")

    # 3 days later the head confirms with one tap.
    head = visitors.person(HEAD, java_script_enabled=scripts)
    by_request.move_clock(head, "2026-11-12")
    head.goto("/ledger/approvals")
    row = head.get_by_role("listitem").filter(has_text=PURPOSE)
    row.get_by_role("button", name="確かめました").click()
    steps.says(head, "口頭の了承を確かめました。")
    staff.reload()
    expect(staff.get_by_role("main")).to_contain_text("が確かめました")
