"""From the seat to the record: the host says who was there, one tap records, absence returns the time.

What is offered are notes of the dummy of tests/plugins, whose section hosts them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import by_request, steps
from tests.browser.conftest import watched
from tests.browser.demo import OFFERING_PLUGIN, Demo
from tests.browser.hosted_scene import OTHER, TITLE, join, offer
from tests.browser.visitors import NewContext, Visitors, expect_sound

KORIYAMA, SUKAGAWA, HOST = "staff@koriyama", "staff@sukagawa", "staff@miharu"


@pytest.fixture
def folk(filled_home: Path, tmp_path: Path, new_context: NewContext) -> Iterator[Visitors]:
    """The people at a demo in which Miharu offers two meetings on 17 November."""
    home = shutil.copytree(filled_home, tmp_path / "home")
    with Demo(home, OFFERING_PLUGIN) as running:
        offer(home, TITLE, "15")
        offer(home, OTHER, "10")
        yield from watched(Visitors(running.address, new_context))


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without-scripts"])
def test_there_absent_and_recorded_with_one_tap(folk: Visitors, scripts: bool) -> None:
    # 1 two towns join, and their heads agree.
    staff, neighbour = (
        folk.person(login, java_script_enabled=scripts) for login in (KORIYAMA, SUKAGAWA)
    )
    for page, head in ((staff, "head@koriyama"), (neighbour, "head@sukagawa")):
        join(page, TITLE)
        by_request.agree(folk.person(head, java_script_enabled=scripts), TITLE)

    # 2 what one cannot come to is cancelled beforehand; the time is back.
    join(staff, OTHER)
    by_request.agree(folk.person("head@koriyama", java_script_enabled=scripts), OTHER)
    staff.goto("/catalogue/")
    staff.get_by_role("link", name=OTHER).click()
    staff.get_by_role("link", name="申込みを見る").click()
    staff.locator("summary").filter(has_text="欠席を伝える").click()
    staff.get_by_role("button", name="欠席を伝える").click()
    steps.says(staff, "欠席を伝えました。時間は枠に戻りました。")
    expect(staff.get_by_role("main")).to_contain_text("欠席のため、この予定は取り消されました")
    if scripts:
        expect_sound(folk, staff)

    # 3 the day after, the host says who was there: names and towns, one press.
    host = folk.person(HOST, java_script_enabled=scripts)
    by_request.move_clock(host, "2026-11-18")
    host.goto("/catalogue/dummy.note/1")
    host.get_by_role("link", name="出席の確認").click()
    rows = host.get_by_role("main").get_by_role("listitem").filter(has=host.get_by_role("radio"))
    expect(rows).to_have_count(2)
    rows.filter(has_text="須賀川市").get_by_role("radio", name="欠席").check()
    if scripts:
        expect_sound(folk, host)
    host.get_by_role("button", name="選んだとおりに確かめる").click()
    steps.says(host, "1人の出席を確かめました。")
    steps.says(host, "1人を欠席にしました。")

    # 4 one tap at home records what is proposed; whose place was empty has the time back.
    staff.goto("/")
    expect(staff.get_by_role("main")).to_contain_text("主催者が出席を確かめました。記録しますか。")
    if scripts:
        expect_sound(folk, staff)
    staff.get_by_role("button", name="1時間で記録する").click()
    steps.says(staff, "記録しました。")
    neighbour.goto("/ledger/")
    expect(neighbour.get_by_role("main")).to_contain_text("欠席")
    expect(neighbour.get_by_role("button", name="予定どおり記録")).to_have_count(0)
