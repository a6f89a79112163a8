"""J-CAFE 1 and 2: dates are shown and not kept, by rules that HR confirms for the own town alone."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.leave_screens import confirm, plan
from tests.browser.visitors import Visitors

NOTICE = "郡山広域圏の見本です。人事担当課に必ずご確認ください。"


def test_dates_are_shown_by_the_towns_rules_and_nothing_is_kept(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama")
    staff.goto("/")
    staff.get_by_role("link", name="産休・育休カフェ", exact=True).click()
    plan(staff)
    expect(staff.get_by_role("main")).to_contain_text(NOTICE)
    assert staff.url.endswith("/leave-cafe/")
    row = staff.get_by_role("row").filter(has=staff.get_by_role("rowheader", name="産前休暇"))
    expect(row).to_contain_text("2026年10月16日（金）から2026年12月10日（木）まで")
    expect(staff.get_by_role("img", name="2026年10月1日")).to_have_count(2)
    with staff.expect_download() as download:
        staff.get_by_role("button", name="カレンダーのファイルを受け取る").click()
    file = Path(download.value.path()).read_text(encoding="utf-8").replace("\r\n ", "")
    assert f"DESCRIPTION:{NOTICE}".replace("\n", "") in file.replace("\n ", "")
    assert "DTSTART;VALUE=DATE:20261016" in file
    staff.get_by_role("button", name="印刷用の画面を開く").click()
    expect(staff.get_by_role("main")).to_contain_text(NOTICE)
    staff.goto("/leave-cafe/")
    expect(staff.get_by_label("出産予定日")).to_have_value("")

    hr = visitors.person("hr@koriyama")
    hr.goto("/leave-cafe/rules")
    confirm(hr)
    plan(staff)
    expect(staff.get_by_role("main")).not_to_contain_text(NOTICE)
    expect(staff.get_by_role("main")).to_contain_text("郡山市の人事担当が確認しています。")
    for login in ("staff@sukagawa", "staff@miharu"):
        neighbour = visitors.person(login)
        neighbour.goto("/leave-cafe/")
        expect(neighbour.get_by_role("main")).to_contain_text(NOTICE)


def test_an_experience_is_read_next_door_and_marked_as_helpful(visitors: Visitors) -> None:
    author = visitors.person("staff@miharu")
    author.goto("/leave-cafe/experiences/new")
    author.get_by_label("使った制度").select_option("childcare")
    author.get_by_role("radio", name="配偶者・パートナー").check()
    author.get_by_label("任用の種類").select_option("regular")
    author.get_by_label("一行で言うと").fill("冬に二か月の育休")
    author.get_by_label("どう申し出たか").fill("秋に所属長へ話しました。")
    author.get_by_role("button", name="体験談を載せる").click()
    steps.says(author, "体験談を載せました。")
    reader = visitors.person("staff@koriyama")
    reader.goto(steps.path_of(author))
    expect(reader.get_by_role("article")).to_contain_text("秋に所属長へ話しました。")
    reader.get_by_role("button", name="助かりました").click()
    steps.says(reader, "「助かりました」を押しました。")
    author.reload()
    expect(author.get_by_role("article")).to_contain_text("助かりました 1")
