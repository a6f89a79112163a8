"""The ways to the neighbour town and back: asked with the request, one OK, one tap for three lines (L16)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import by_request, steps
from tests.browser.hosted_scene import fill_visit
from tests.browser.visitors import Visitors, expect_sound

PURPOSE = "となり町の窓口を見学する"


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_the_ways_go_with_the_visit(visitors: Visitors, scripts: bool) -> None:
    # 1 HR lets people ask for travel time.
    hr = visitors.person("hr@koriyama", java_script_enabled=scripts)
    hr.goto("/ledger/rules")
    hr.get_by_label("移動の時間も申し込む").check()
    hr.get_by_role("button", name="保存する", exact=True).click()
    steps.says(hr, "決まりを保存しました。")

    # 2 staff asks for a visit from 14:00 to 16:00 with half an hour each way.
    staff = visitors.person("staff@koriyama", java_script_enabled=scripts)
    fill_visit(staff, "2026-11-12", PURPOSE)
    if scripts:
        expect_sound(visitors, staff)
    staff.get_by_role("button", name="申し込む", exact=True).click()
    steps.says(staff, "申し込みました。所属長の了承を待ちます。")
    path = steps.path_of(staff)

    # 3 the head sees one line with both amounts, and agrees once.
    head = visitors.person("head@koriyama", java_script_enabled=scripts)
    head.goto("/ledger/approvals")
    row = head.get_by_role("listitem").filter(has_text=PURPOSE)
    expect(row).to_have_count(1)
    expect(row).to_contain_text("本体 2時間 + 移動 1時間")
    if scripts:
        expect_sound(visitors, head)
    steps.agree(head, PURPOSE)

    # 4 one tap records the visit and both ways.
    by_request.move_clock(staff, "2026-11-13")
    staff.goto("/ledger/")
    staff.get_by_role("button", name="予定どおり記録").click()
    lines = staff.get_by_role("listitem").filter(has_text=PURPOSE)
    expect(lines).to_have_count(3)
    for words in ("記録済み 2時間", "移動（行き）", "移動（帰り）"):
        expect(lines.filter(has_text=words)).to_have_count(1)
    expect(lines.filter(has_text="記録済み 30分")).to_have_count(2)
    expect(staff.locator(".legend .is-used dd")).to_have_text("3時間")
    staff.goto(path)
    expect(staff.get_by_role("main")).to_contain_text("移動の時間")
    if scripts:
        expect_sound(visitors, staff)
