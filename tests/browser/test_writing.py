"""Writing: what was typed is not lost, whatever happens before it is sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.visitors import Visitors, sign_in

BODY = "**紙**で集めています。\n\n- 記入漏れが多い\n- 集計に時間がかかる"
TITLE = "年末調整の書類、どう集めていますか"
SCRIPTS: list[dict[str, Any]] = [{}, {"java_script_enabled": False}]

with_and_without_scripts = pytest.mark.parametrize(
    "options", SCRIPTS, ids=["with-scripts", "without"]
)


def fill_in(page: Page) -> None:
    page.goto("/consult/ask")
    page.get_by_label("分野").select_option(label="給与・庶務")
    page.get_by_label("聞きたいことを一行で").fill(TITLE)
    page.get_by_role("radio", name="自由に書く").check()
    page.get_by_label("相談の内容").fill(BODY)


@with_and_without_scripts
def test_after_the_session_has_ended_the_text_is_sent_by_signing_in_again(
    visitors: Visitors, options: dict[str, Any]
) -> None:
    page = visitors.visitor(**options)
    sign_in(page, "staff@koriyama")
    fill_in(page)
    page.context.clear_cookies(name="niwari_session")
    page.get_by_role("button", name="相談を投稿する").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("サインインが必要です")
    expect(page.get_by_label("相談の内容")).to_have_value(BODY)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="サインインする").click()
    sign_in(opened.value, "staff@koriyama")
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.get_by_label("相談の内容")).to_have_value(BODY)
    page.get_by_role("button", name="もう一度送る").click()
    steps.says(page, "相談しました。")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.locator(".prose li").first).to_have_text("記入漏れが多い")


@with_and_without_scripts
def test_a_preview_a_name_and_a_draft(visitors: Visitors, options: dict[str, Any]) -> None:
    page = visitors.person("staff@koriyama", **options)
    fill_in(page)
    page.get_by_role("button", name="見え方を確かめる").click()
    preview = page.get_by_role("region", name="見え方の確認")
    expect(preview.locator("strong")).to_have_text("紙")
    expect(page.get_by_label("相談の内容")).to_have_value(BODY)

    page.wait_for_load_state()
    if not page.get_by_label("氏名、よみがな、所属のどれか").is_visible():
        page.get_by_text("職員の名前を入れる").click()
    page.get_by_label("入れる欄").select_option(label="相談の内容")
    page.get_by_label("氏名、よみがな、所属のどれか").fill("職員二")
    page.get_by_label("氏名、よみがな、所属のどれか").press("Enter")
    page.get_by_role("button", name="職員二（郡山市").first.click()
    expect(page.get_by_label("相談の内容")).to_have_value(
        _starting_with(f"{BODY} [@職員二](person:")
    )

    page.get_by_role("button", name="下書きを保存する").click()
    expect(page.get_by_text("下書きを保存しました。14日間")).to_be_visible()
    page.goto("/consult/ask")
    expect(page.get_by_text("下書きがあります")).to_be_visible()
    page.get_by_role("link", name="続ける").click()
    expect(page.get_by_label("相談の内容")).to_have_value(_starting_with(BODY))
    page.get_by_role("button", name="相談を投稿する").click()
    steps.says(page, "相談しました。")
    expect(page.locator(".mention")).to_contain_text("@職員二（郡山市")
    page.goto("/consult/ask")
    expect(page.get_by_text("下書きがあります")).to_have_count(0)


def _starting_with(text: str) -> Any:
    return re.compile("^" + re.escape(text))


def test_while_somebody_writes_a_draft_is_kept_and_nothing_stays_in_the_browser(
    visitors: Visitors,
) -> None:
    page = visitors.person("staff@sukagawa")
    fill_in(page)
    expect(page.locator("[data-draft-said]")).to_have_text("下書きを保存しました。")
    stored = "() => [localStorage.length, sessionStorage.length, document.cookie.length]"
    assert page.evaluate(stored) == [0, 0, 0]
    page.close()
    later = visitors.person("staff@sukagawa")
    later.goto("/consult/ask")
    later.get_by_role("link", name="続ける").click()
    expect(later.get_by_label("相談の内容")).to_have_value(BODY)
    later.goto("/consult/ask")
    later.get_by_role("button", name="捨てる").click()
    steps.says(later, "下書きを捨てました。")
    expect(later.get_by_text("下書きがあります")).to_have_count(0)
