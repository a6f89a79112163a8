"""Every journey with scripts off: what people do does not depend on a script."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.chromium import PHONE
from tests.browser.visitors import Visitors, sign_in, sign_out

OFF: dict[str, Any] = {"java_script_enabled": False}
PURPOSE = "避難所の受付を一緒に試す"
TITLE = "避難所の受付、名簿は何で作っていますか"
BODY = "紙の名簿を後から打ち込んでいます。もっと早い方法はありますか。"
ADVICE = "表計算ソフトの様式を1枚だけ用意して、窓口ごとに番号を振っています。"


def test_signing_in_and_out(readers: Visitors) -> None:
    page = readers.visitor(**OFF)
    sign_in(page, "staff@koriyama")
    expect(page.locator(".shell-me")).to_have_text("職員一")
    sign_out(page)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("サインイン")


def test_the_drawer_and_the_language(readers: Visitors) -> None:
    page = readers.at_home("staff@koriyama", PHONE, **OFF)
    expect(page.locator("#menu")).to_be_hidden()
    page.locator(".shell-drawer > summary").click()
    page.locator("#menu").get_by_role("link", name="わたしの20%").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("わたしの20%")
    page.locator(".menu > summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("My 20%")


def test_asking_for_a_time_of_the_day_and_agreeing(visitors: Visitors) -> None:
    staff = visitors.person("staff@koriyama", **OFF)
    staff.goto("/ledger/requests/new")
    staff.get_by_label("すること").fill(PURPOSE)
    staff.get_by_label("日にち").fill("2026-11-18")
    staff.get_by_role("radio", name="時刻を決める").check()
    expect(staff.get_by_role("spinbutton", name="長さ")).to_be_hidden()
    staff.get_by_label("始まり").fill("15:00")
    staff.get_by_role("button", name="申し込む", exact=True).click()
    expect(staff.locator(".error-summary")).to_contain_text("終わり")
    expect(staff.get_by_label("始まり")).to_have_value("15:00")
    staff.get_by_label("終わり").fill("16:00")
    staff.get_by_role("button", name="申し込む", exact=True).click()
    steps.says(staff, "申し込みました。")
    head = visitors.person("head@koriyama", **OFF)
    steps.agree(head, PURPOSE)
    staff.goto("/")
    coming = staff.get_by_role("listitem").filter(has_text=PURPOSE)
    expect(coming).to_contain_text("11月18日（水）15:00–16:00")
    expect(coming).to_contain_text("了承済み 1時間")


def test_asking_answering_and_accepting(visitors: Visitors) -> None:
    asker = visitors.person("staff@sukagawa", **OFF)
    path = steps.ask_question(asker, "防災", TITLE, BODY)
    other = visitors.person("staff@koriyama", **OFF)
    steps.answer_question(other, path, ADVICE)
    steps.accept_answer(asker, path, ADVICE)
    expect(asker.get_by_role("article").filter(has_text=ADVICE)).to_contain_text("解決")


def test_switching_a_feature_off_and_on(visitors: Visitors) -> None:
    it = visitors.person("it@sukagawa", **OFF)
    steps.switch_off(it, "相談")
    expect(it.get_by_role("link", name="相談", exact=True)).to_have_count(0)
    steps.switch_on(it, "相談")
    expect(it.get_by_role("link", name="相談", exact=True)).to_have_count(1)


def test_pausing_a_feature_and_going_on(visitors: Visitors) -> None:
    it = visitors.person("it@sukagawa", **OFF)
    steps.pause(it, "相談", "年度末まで休止します。")
    staff = visitors.person("staff@sukagawa", **OFF)
    staff.goto("/consult/")
    expect(staff.get_by_role("heading", level=1)).to_have_text("「相談」は休止中です")
    expect(staff.get_by_text("理由：年度末まで休止します。")).to_be_visible()
    steps.go_on(it, "相談")
    staff.reload()
    expect(staff.get_by_role("heading", level=1)).to_have_text("相談")


def test_hiding_what_was_shared_and_showing_it_again(visitors: Visitors) -> None:
    title = "会計年度任用職員の通勤手当"
    it = visitors.person("it@sukagawa", **OFF)
    steps.switch_off(it, "相談")
    reader = visitors.person("staff@koriyama", **OFF)
    reader.goto("/consult/")
    expect(reader.get_by_role("listitem").filter(has_text=title)).to_have_count(1)
    steps.withdraw_shared(it, "相談")
    reader.reload()
    expect(reader.get_by_role("heading", level=1)).to_have_text("相談")
    expect(reader.get_by_role("listitem").filter(has_text=title)).to_have_count(0)
    it.get_by_role("button", name="また見せる").click()
    steps.says(it, "「相談」で見せた内容を、ほかの市町村の職員がまた読めるようにしました。")
    reader.reload()
    expect(reader.get_by_role("listitem").filter(has_text=title)).to_have_count(1)


def test_setting_a_feature_for_the_town_and_for_oneself(broken_visitors: Visitors) -> None:
    it = broken_visitors.person("it@koriyama", **OFF)
    steps.open_feature(it, "故障の見本を設定する")
    days = it.get_by_role("spinbutton", name="読む期限")
    days.fill("99")
    it.get_by_role("radio", name="期限の近い順").check()
    it.get_by_role("button", name="保存する").click()
    expect(it.locator(".error-summary")).to_contain_text("1から31までの整数を入力してください。")
    expect(it.get_by_role("radio", name="期限の近い順")).to_be_checked()
    days.fill("10")
    it.get_by_role("button", name="保存する").click()
    steps.says(it, "設定を保存しました。")
    steps.open_feature(it, "故障の見本を設定する")
    expect(days).to_have_value("10")

    staff = broken_visitors.at_home("staff@koriyama", **OFF)
    staff.locator(".menu > summary").click()
    staff.get_by_role("list", name="自分の設定").get_by_role("link", name="故障の見本").click()
    staff.get_by_label("メールでも受け取る").check()
    staff.get_by_role("button", name="保存する").click()
    steps.says(staff, "設定を保存しました。")
    expect(staff.get_by_label("メールでも受け取る")).to_be_checked()
    colleague = broken_visitors.person("staff2@koriyama", **OFF)
    colleague.goto("/admin/my/broken")
    expect(colleague.get_by_label("メールでも受け取る")).not_to_be_checked()
