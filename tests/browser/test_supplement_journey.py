"""Longer than the OK: recorded within the tolerance, accepted once and refused once (rule L17)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import by_request, steps
from tests.browser.visitors import Visitors, expect_sound

ACCEPTED, REFUSED = "窓口の案内表示を見直す", "庁内の様式を集める"


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_what_took_longer_is_answered_by_the_head(visitors: Visitors, scripts: bool) -> None:
    # 1 HR lets records be 15 minutes longer than their OK.
    hr = visitors.person("hr@koriyama", java_script_enabled=scripts)
    hr.goto("/ledger/rules")
    hr.get_by_label("許容時間").fill("15")
    hr.get_by_role("button", name="保存する", exact=True).click()
    steps.says(hr, "決まりを保存しました。")

    # 2 staff asks twice for two hours, and both took ten minutes more.
    staff = visitors.person("staff@koriyama", java_script_enabled=scripts)
    head = visitors.person("head@koriyama", java_script_enabled=scripts)
    paths = {}
    for purpose, day in ((ACCEPTED, "2026-11-11"), (REFUSED, "2026-11-12")):
        paths[purpose] = by_request.ask_for_minutes(staff, day, 120, purpose)
        by_request.agree(head, purpose)
    by_request.move_clock(staff, "2026-11-12")
    for path in paths.values():
        steps.record(staff, path, 130)
        expect(staff.locator("#messages")).to_contain_text(
            "了承より長い10分は、所属長が確かめます。"
        )
    if scripts:
        expect_sound(visitors, staff)
    staff.goto("/ledger/")
    expect(staff.locator(".legend .is-used dd")).to_have_text("4時間20分")

    # 3 one tap accepts the first.
    head.goto("/ledger/approvals")
    if scripts:
        expect_sound(visitors, head)
    row = head.get_by_role("listitem").filter(has_text=ACCEPTED)
    expect(row).to_contain_text("追加分 10分")
    row.get_by_role("button", name="認める").click()
    steps.says(head, "追加分を認めました。")

    # 4 the other is refused with a word, and is private time.
    head.get_by_role("link", name=REFUSED).click()
    head.get_by_role("button", name="認めない").click()
    expect(head.get_by_role("main")).to_contain_text("認めない理由を一言入力してください。")
    head.get_by_label("一言").fill("打合せは17時まででした。")
    head.get_by_role("button", name="認めない").click()
    steps.says(head, "追加分を認めませんでした。本人に知らせました。")
    staff.goto(paths[REFUSED])
    shown = staff.get_by_role("main")
    expect(shown).to_contain_text("記録済み 2時間")
    expect(shown).to_contain_text("私的な時間")
    expect(shown).to_contain_text("打合せは17時まででした。")
    if scripts:
        expect_sound(visitors, staff)
    staff.goto("/ledger/")
    expect(staff.locator(".legend .is-used dd")).to_have_text("4時間10分")
    staff.goto("/notices/")
    expect(staff.get_by_role("main")).to_contain_text("了承より長く記録した分に、答えがありました")
