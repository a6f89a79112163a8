"""Two officials dispose of a fiscal year whose 保存年限 is over, by hand and eye (rule L6)."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import by_request, disposal_scene
from tests.browser.visitors import Visitors, expect_sound, sign_in, sign_out


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_a_year_is_disposed_of_by_two_officials(visitors: Visitors, scripts: bool) -> None:
    # 1 A request of November 2026 that somebody recorded.
    staff = visitors.person("staff@koriyama", java_script_enabled=scripts)
    path = by_request.ask_for_minutes(staff, "2026-11-18", 120, "窓口の案内表示を見直す")
    by_request.agree(
        visitors.person("head@koriyama", java_script_enabled=scripts), "窓口の案内表示"
    )
    by_request.move_clock(staff, "2026-11-18")
    by_request.record(staff, path, 120)

    # 2 The years go by; the municipality keeps its ledger for one.
    second = visitors.person("it@koriyama", java_script_enabled=scripts)
    disposal_scene.give_second(second)
    first = visitors.person("hr@koriyama", java_script_enabled=scripts)
    disposal_scene.keep_one_year(first)
    disposal_scene.let_pass(first, "2028-04-03", "3月")

    # 3 The first one proposes: not without a reason. The file is the one whose value stands there.
    first.goto("/ledger/disposals/years/2026")
    first.get_by_role("button", name="廃棄を提案する").click()
    expect(first.get_by_role("main")).to_contain_text("廃棄する理由を入力してください。")
    proposal = disposal_scene.propose(first, "2026")
    if scripts:
        expect_sound(visitors, first)
    with first.expect_download() as taken:
        first.get_by_role("button", name="ファイルを受け取る").click()
    data = Path(taken.value.path()).read_bytes()
    expect(first.locator("code").first).to_have_text(hashlib.sha256(data).hexdigest())
    expect(first.get_by_role("button", name="廃棄を承認する")).to_have_count(0)

    # 4 The second one is told, signs in again, and agrees.
    second.goto("/notices/")
    expect(second.get_by_role("main")).to_contain_text("2026年度の台帳の廃棄が提案されました")
    sign_out(second)
    sign_in(second, "it@koriyama")
    second.goto(proposal)
    disposal_scene.agree(second, "2026")

    # 5 The page becomes the record, and the person reads that nothing is left.
    disposal_scene.wait_for_record(second)
    expect(second.get_by_role("main")).to_contain_text(disposal_scene.REASON)
    if scripts:
        expect_sound(visitors, second)
    second.emulate_media(media="print")
    expect(second.get_by_role("heading", level=1)).to_have_text("廃棄記録 第1号（2026年度）")
    expect(second.locator(".shell-nav, .menu").first).to_be_hidden()
    staff.goto("/ledger/?month=2026-11")
    expect(staff.get_by_role("main")).to_contain_text("郡山市の2026年度の台帳は、")
    answer = staff.goto(path)
    assert answer is not None
    assert answer.status == 404
