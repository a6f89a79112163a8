"""Searching: from the field of any page, by two characters, and in another spelling."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser import by_request, steps
from tests.browser.demo import Demo, command
from tests.browser.visitors import Visitors

TITLE = "担当が替わるときの引継ぎ書、どこまで書いていますか"


def test_a_question_is_found_by_two_characters_and_in_another_spelling(
    demo: Demo, visitors: Visitors
) -> None:
    asker = visitors.person("staff@sukagawa")
    body = "前任の資料が多く、どこから読めばよいか分かりません。"
    path = by_request.ask_question(asker, "文書・法規", TITLE, body)
    # What the worker does within a minute.
    command(demo.home, "search", "reindex", variables=demo.variables)

    reader = visitors.person("staff@koriyama")
    reader.goto("/ledger/")
    field = reader.get_by_role("searchbox", name="にわりの中を探す")
    field.fill("引継")
    field.press("Enter")
    expect(reader.get_by_role("heading", level=1)).to_have_text("探す")
    row = reader.get_by_role("listitem").filter(has_text=TITLE)
    expect(row).to_contain_text("須賀川市")
    expect(row.locator("mark").first).to_have_text("引継ぎ")

    words = reader.get_by_label("探す言葉")
    words.fill("引き継ぎ 資料")
    reader.get_by_label("市町村").select_option(label="須賀川市")
    reader.get_by_role("main").get_by_role("button", name="探す").click()
    expect(reader.get_by_role("main")).to_contain_text("見つかったもの（1件）")
    reader.get_by_role("link", name=TITLE).click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)
    assert steps.path_of(reader) == path

    reader.go_back()
    words.fill("見当たらない言葉")
    reader.get_by_role("main").get_by_role("button", name="探す").click()
    expect(reader.get_by_role("main")).to_contain_text("当てはまるものはありませんでした")
    reader.get_by_role("link", name="絞り込まずに探す").click()
    expect(reader.get_by_label("市町村")).to_have_value("")
