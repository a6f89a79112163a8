"""J-LEDGER with the numbers of November 2026, by hand and eye of the people named."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.visitors import Visitors

PURPOSE = "電子申請の使い方を須賀川市に聞く"


def expect_balance(
    page: Page, *, left: str, used: str = "0分", planned: str = "0分", asked: str = ""
) -> None:
    """Expect the amounts beside the ring; without ``asked`` that line is not there."""
    for kind, amount in (("used", used), ("reserved", planned), ("left", left)):
        expect(page.locator(f".legend .is-{kind} dd")).to_have_text(amount)
    expect(page.locator(".legend .is-asked dd")).to_have_text([asked] if asked else [])


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_from_the_full_allowance_to_the_printed_statement(
    visitors: Visitors, scripts: bool
) -> None:
    # 1 staff sees November 2026: base 8,835 min, cap 1,767, left 1,767.
    staff = visitors.at_home("staff@koriyama", java_script_enabled=scripts)
    expect(staff.get_by_role("heading", level=1)).to_have_text("11月の20%")
    expect(staff.locator(".page-lead")).to_have_text(
        "勤務19日・147時間15分のうち、29時間27分まで使えます。"
    )
    expect_balance(staff, left="29時間27分")

    # 2 asks 120 min on 18 Nov for an activity: nothing is reserved before the head agrees.
    path = steps.ask_for_minutes(staff, "2026-11-18", 120, PURPOSE)
    expect(staff.get_by_text("了承を待っています 2時間")).to_be_visible()
    staff.goto("/")
    expect_balance(staff, left="29時間27分", asked="2時間")

    # 3 the head agrees with one tap: left 1,647, reserved 120.
    head = visitors.at_home("head@koriyama", java_script_enabled=scripts)
    waiting = head.get_by_role("navigation", name="メニュー").get_by_role("link", name="了承を待つ")
    waiting.click()
    row = head.get_by_role("listitem").filter(has_text=PURPOSE)
    expect(row).to_contain_text("職員一（市民課）")
    expect(row).to_contain_text("この月の残り 29時間27分")
    row.get_by_role("button", name="了承する").click()
    steps.says(head, "了承しました。")
    expect(head.get_by_role("main").get_by_text(PURPOSE)).to_have_count(0)
    staff.reload()
    expect_balance(staff, left="27時間27分", planned="2時間")

    # 4 staff records 100 on the day: used 100, reserved 0, left 1,667.
    staff.goto(path)
    expect(staff.get_by_role("button", name="記録する")).to_have_count(0)
    steps.move_clock(staff, "2026-11-18")
    expect(staff.locator(".shell-demo")).to_contain_text("2026年11月18日（水）")
    steps.record(staff, path, 100)
    expect(staff.get_by_text("記録済み")).to_be_visible()
    staff.goto("/ledger/")
    expect_balance(staff, left="27時間47分", used="1時間40分")
    row = staff.get_by_role("listitem").filter(has_text=PURPOSE)
    expect(row).to_contain_text("11月18日（水）")

    # 5 HR closes the month; a correction appears as a reversal of −100 and a new +90.
    steps.move_clock(staff, "2026-12-02")
    hr = visitors.person("hr@koriyama", java_script_enabled=scripts)
    hr.goto("/ledger/closing")
    hr.locator("summary").filter(has_text="11月を今すぐ締める").click()
    hr.get_by_role("button", name="11月を締める").click()
    steps.says(hr, "11月を締めました。")
    staff.goto(path)
    staff.get_by_role("link", name="記録を訂正する").click()
    staff.get_by_role("spinbutton", name="正しい長さ").fill("90")
    staff.get_by_role("textbox", name="訂正の理由").fill("終わりの時刻を間違えました。")
    staff.get_by_role("button", name="人事担当に依頼する").click()
    steps.says(staff, "人事担当に訂正を依頼しました。")
    hr.goto("/ledger/closing/corrections")
    asked = hr.get_by_role("listitem").filter(has_text="終わりの時刻を間違えました。")
    asked.get_by_role("button", name="認める").click()
    steps.says(hr, "訂正を認めました。")

    # The statement prints 90: what is on paper is the pair, and the balance that follows from it.
    staff.goto("/ledger/statement?period=2026-11")
    staff.emulate_media(media="print")
    balance = staff.get_by_role("table", name="枠と使った時間").get_by_role("row").nth(1)
    for amount in ("147時間15分", "29時間27分", "1時間30分", "27時間57分"):
        expect(balance).to_contain_text(amount)
    kept = staff.get_by_role("table", name="使った時間の記録").get_by_role("row")
    for place, amount in ((1, "1時間40分"), (2, "−1時間40分"), (3, "1時間30分")):
        expect(kept.nth(place)).to_be_visible()
        expect(kept.nth(place)).to_contain_text(amount)
    expect(staff.locator(".only-print").first).to_contain_text("職員一")


def test_the_year_shows_what_each_day_gives(readers: Visitors) -> None:
    page = readers.person("staff@koriyama")
    page.goto("/ledger/")
    page.get_by_text("1日ごとの内訳を見る").click()
    days = page.get_by_role("table", name="1日ごとの内訳").get_by_role("row")
    expect(days).to_have_count(31)
    expect(days.filter(has_text="11月3日（火）")).to_contain_text("文化の日")
    expect(days.filter(has_text="11月18日（水）")).to_contain_text("7時間45分")
    page.get_by_role("link", name="次の月").click()
    expect(page.get_by_role("heading", name="2026年12月")).to_be_visible()
    page.get_by_text("1日ごとの内訳を見る").click()
    closed = page.get_by_role("row").filter(has_text="12月29日（火）")
    expect(closed).to_contain_text("閉庁日")
