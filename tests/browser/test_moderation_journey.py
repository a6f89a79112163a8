"""A post is reported by a neighbour, held back by its town, and released by the region."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser import by_request, steps
from tests.browser.visitors import Visitors

TITLE = "窓口で名乗らない方への対応"
BODY = "先日いらした方のお名前を書いておきます。"


def finds(page: Page, path: str, *, there: bool) -> None:
    """Expect the question at its address, and in the list, to be there or not."""
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == (200 if there else 404)
    page.goto("/consult/")
    expect(page.get_by_role("main").get_by_text(TITLE)).to_have_count(int(there))


def test_a_post_is_reported_held_back_objected_to_and_released(visitors: Visitors) -> None:
    author = visitors.person("staff@koriyama")
    path = by_request.ask_question(author, "戸籍・住民", TITLE, BODY)

    neighbour = visitors.person("staff@sukagawa")
    steps.report_post(neighbour, path, BODY, "個人情報が書かれている", "お名前が出ています。")
    assert steps.path_of(neighbour) == path

    moderator = visitors.person("it@koriyama")
    moderator.goto("/")
    moderator.get_by_role("navigation", name="メニュー").get_by_role(
        "link", name=re.compile(r"^報告の確認\s*1\s*件$")
    ).click()
    steps.open_reported(moderator)
    expect(moderator.get_by_role("main")).to_contain_text("須賀川市の職員から")
    steps.decide_post(moderator, "表示を止める", "住民の方のお名前があるためです。")
    steps.says(moderator, "表示を止めました。")
    finds(neighbour, path, there=False)
    neighbour.goto("/moderation/mine/reports")
    expect(neighbour.get_by_role("main")).to_contain_text("表示を止めました")

    steps.own_post(author)
    expect(author.get_by_role("main")).to_contain_text("住民の方のお名前があるためです。")
    expect(author.get_by_role("main")).to_contain_text(BODY)
    author.get_by_label("再確認してほしい理由").fill("見本の名前で、住民の方ではありません。")
    author.get_by_role("button", name="再確認を依頼する").click()
    steps.says(author, "再確認の依頼を受け付けました。")
    finds(neighbour, path, there=False)

    region = visitors.person("secretariat")
    steps.open_reported(region, "/moderation/region")
    expect(region.get_by_role("main")).to_contain_text("見本の名前で")
    steps.decide_post(region, "再び表示する", "見本の名前と確かめました。")
    steps.says(region, "再び表示しました。")
    finds(neighbour, path, there=True)
    steps.own_post(author)
    expect(author.get_by_role("main")).to_contain_text("見本の名前と確かめました。")
