"""J-REVOKE, and an oral OK that is confirmed later, by hand and eye of the people named.

What waits for the person is a note of the dummy of tests/plugins, which holds a seat.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import by_request, steps
from tests.browser.test_catalogue_journey import TITLE, fair, town_folk
from tests.browser.visitors import Visitors, expect_sound

__all__ = ["fair", "town_folk"]

PURPOSE = "窓口の混み具合を見て回る"
_RELOADS = 200


def note_oral_ok(page: Page, day: str, minutes: int) -> str:
    """Ask with the tick of an oral OK of now; returns the request's path."""
    page.goto("/ledger/requests/new")
    page.get_by_label("すること").fill(PURPOSE)
    page.get_by_label("日にち").fill(day)
    page.get_by_role("spinbutton", name="長さ").fill(str(minutes))
    expect(page.get_by_label("了承した人")).to_be_hidden()
    page.get_by_role("checkbox", name="所属長から、もう口頭で了承をもらいました").check()
    expect(page.get_by_label("了承した人")).to_be_visible()
    page.get_by_role("button", name="申し込む", exact=True).click()
    steps.says(page, "口頭の了承を書きとめ、時間を確保しました。")
    return steps.path_of(page)


def expect_after_reloads(page: Page, words: str) -> None:
    """Expect words that a worker brings: the page is opened again until they are there."""
    for _ in range(_RELOADS):
        page.reload()
        if words in page.get_by_role("main").inner_text():
            return
    expect(page.get_by_role("main")).to_contain_text(words)


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_an_oral_ok_is_confirmed_days_later(visitors: Visitors, scripts: bool) -> None:
    # 1 staff notes who said yes: the time is there at once.
    staff = visitors.person("staff@koriyama", java_script_enabled=scripts)
    path = note_oral_ok(staff, "2026-11-12", 60)
    expect(staff.get_by_text("了承済み 1時間")).to_be_visible()
    expect(staff.get_by_role("main")).to_contain_text("未確認")
    if scripts:
        expect_sound(visitors, staff)

    # 2 the work is done and recorded while the head is still silent.
    by_request.move_clock(staff, "2026-11-12")
    steps.record(staff, path, 60)

    # 3 after the due day the head's list says that it is late; one tap confirms.
    by_request.move_clock(staff, "2026-11-18")
    head = visitors.person("head@koriyama", java_script_enabled=scripts)
    head.goto("/ledger/approvals")
    row = head.get_by_role("listitem").filter(has_text=PURPOSE)
    expect(row).to_contain_text("11月17日（火）までに確認")
    expect(row).to_contain_text("確認が遅れています")
    if scripts:
        expect_sound(visitors, head)
    row.get_by_role("button", name="確かめました").click()
    steps.says(head, "口頭の了承を確かめました。")
    expect(head.get_by_role("main").get_by_text(PURPOSE)).to_have_count(0)
    staff.goto(path)
    expect(staff.get_by_role("main")).to_contain_text("が確かめました")


def test_normal_duties_come_first(town_folk: Visitors) -> None:
    """J-REVOKE."""
    # 1 half an hour that is done, and an agreed request for tomorrow, which somebody offers.
    staff = town_folk.person("staff@koriyama")
    by_request.move_clock(staff, "2026-11-16")
    head = town_folk.person("head@koriyama")
    done = by_request.ask_for_minutes(staff, "2026-11-16", 30, PURPOSE)
    by_request.agree(head, PURPOSE)
    by_request.record(staff, done, 30)
    staff.goto("/ledger/")
    left = staff.locator(".legend .is-left dd").inner_text()
    used = staff.locator(".legend .is-used dd").inner_text()
    staff.goto("/catalogue/")
    staff.get_by_role("link", name=TITLE).click()
    offer = steps.path_of(staff)
    expect(staff.get_by_role("main")).to_contain_text("12席")
    staff.get_by_role("radio", name="オンラインで（自宅）").check()
    staff.get_by_role("button", name="参加したい").click()
    staff.get_by_role("link", name="申込みを見る").click()
    path = steps.path_of(staff)
    steps.agree(head, TITLE)
    host = town_folk.person("staff@sukagawa")
    host.goto(offer)
    expect_after_reloads(host, "11席")
    staff.goto("/ledger/")
    expect(staff.locator(".legend .is-reserved dd")).to_have_text("1時間")
    expect(staff.locator(".legend .is-left dd")).not_to_have_text(left)

    # 2 the head revokes it: "normal duties".
    head.goto(path)
    head.locator("summary").filter(has_text="短くする・取りやめる").click()
    expect_sound(town_folk, head)
    expect(head.get_by_label("理由")).to_have_value("業務都合のため")
    head.get_by_role("button", name="すべて取りやめる").click()
    steps.says(head, "取りやめました。")

    # 3 whoever waits for the staff is told: the seat is free again.
    expect_after_reloads(host, "12席")
    staff.goto("/notices/")
    expect(staff.get_by_role("main")).to_contain_text("業務都合による取りやめ")

    # 4 the minutes return; minutes already done stay.
    staff.goto("/ledger/")
    expect(staff.locator(".legend .is-reserved dd")).to_have_text("0分")
    expect(staff.locator(".legend .is-left dd")).to_have_text(left)
    expect(staff.locator(".legend .is-used dd")).to_have_text(used)
    staff.goto(done)
    expect(staff.get_by_text("記録済み")).to_be_visible()
    staff.goto(path)
    expect(staff.get_by_role("main")).to_contain_text("業務都合のため")

    # 5 the audit shows who, when and why.
    auditor = town_folk.person("director-seisaku@koriyama")
    auditor.goto("/admin/audit")
    act = auditor.get_by_role("row").filter(has_text="了承した時間を取りやめた").first
    number = path.rsplit("/", 1)[-1]
    for told in ("2026年11月16日", "所属長一", f"ledger_request {number}", "業務都合のため"):
        expect(act).to_contain_text(told)


def test_what_has_begun_stays(visitors: Visitors) -> None:
    """J-REVOKE 4: minutes already done stay, and can be recorded."""
    staff = visitors.person("staff@koriyama")
    path = by_request.ask_for_minutes(staff, "2026-11-11", 120, PURPOSE)
    head = visitors.person("head@koriyama")
    by_request.agree(head, PURPOSE)
    by_request.move_clock(staff, "2026-11-11")
    head.goto(path)
    head.locator("summary").filter(has_text="短くする・取りやめる").click()
    head.get_by_label("残す長さ").fill("45")
    head.get_by_role("button", name="短くする", exact=True).click()
    steps.says(head, "短くしました。")
    staff.goto(path)
    expect(staff.get_by_text("短くして了承 45分")).to_be_visible()
    steps.record(staff, path, 45)
    staff.goto("/ledger/")
    expect(staff.locator(".legend .is-used dd")).to_have_text("45分")
