"""Staff ask for yesterday, the head agrees, and the statement prints it with its mark."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.screens import HEAD, HR, STAFF
from tests.browser.visitors import Visitors, expect_sound

PURPOSE = "大雨の片付けの進め方を話し合う"


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_time_that_is_over_is_asked_for_agreed_to_and_printed(
    visitors: Visitors, scripts: bool
) -> None:
    # 1 it is not there until HR switches it on.
    staff = visitors.person(STAFF, java_script_enabled=scripts)
    staff.goto("/ledger/requests/new")
    expect(staff.get_by_role("checkbox", name="事後の申込みにします")).to_have_count(0)
    hr = visitors.person(HR, java_script_enabled=scripts)
    steps.take_after_fact(hr)
    expect(hr.get_by_role("main")).to_contain_text("11月2日（月）からの時間です。")

    # 2 without the tick yesterday is refused, with the way, and what was typed is kept.
    staff.goto("/ledger/requests/new")
    staff.get_by_label("すること").fill(PURPOSE)
    staff.get_by_label("日にち").first.fill("2026-11-09")
    staff.get_by_role("spinbutton", name="長さ").fill("60")
    staff.get_by_role("button", name="申し込む", exact=True).click()
    expect(staff.locator("#work_date-error")).to_contain_text("「事後の申込み」として申し込めます")
    expect(staff.get_by_label("すること")).to_have_value(PURPOSE)
    if scripts:
        expect_sound(visitors, staff)

    # 3 with it, it waits, marked.
    path = steps.ask_after_fact(staff, "2026-11-09", 60, PURPOSE)
    expect(staff.get_by_text("事後", exact=True)).to_be_visible()
    head = visitors.person(HEAD, java_script_enabled=scripts)
    head.goto("/ledger/approvals")
    row = head.get_by_role("listitem").filter(has_text=PURPOSE)
    expect(row.get_by_text("事後", exact=True)).to_be_visible()
    if scripts:
        expect_sound(visitors, head)

    # 4 the head ticks it like any other.
    row.get_by_role("checkbox").check()
    head.get_by_role("button", name="選んだものを了承する").click()
    steps.says(head, "了承しました。")

    # 5 it is recorded at once, and the statement says what it was.
    steps.record(staff, path, 60)
    staff.goto("/ledger/statement?period=2026-11")
    line = staff.get_by_role("row").filter(has_text=PURPOSE)
    expect(line).to_contain_text("事後")
    if scripts:
        expect_sound(visitors, staff)
