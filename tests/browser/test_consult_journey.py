"""Asking across municipalities, and a municipality that switches the feature off and on again."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser import by_request, steps
from tests.browser.visitors import Visitors

TITLE = "決裁の途中で担当が替わったときの引継ぎ方"
ADVICE = "担当が替わった日と、残っている手順を1枚にして、起案に付けています。"
LATER = "うちでは、替わる前の週に一緒に画面を見ています。"
HIDDEN = "いまさら聞けない、決裁の順番"
PAUSED = "この市町村では休止中"


def in_menu(page: Page, name: str) -> None:
    """Expect a line of the menu."""
    expect(_menu(page).get_by_role("link", name=name, exact=True)).to_be_visible()


def not_in_menu(page: Page, name: str) -> None:
    """Expect the menu to be there without that line."""
    expect(_menu(page).get_by_role("link", name="ホーム")).to_be_visible()
    expect(_menu(page).get_by_role("link", name=name, exact=True)).to_have_count(0)


def _menu(page: Page) -> Locator:
    return page.get_by_role("navigation", name="メニュー")


def row(page: Page, title: str) -> Locator:
    """Return the row of a question in the list."""
    page.goto("/consult/")
    return page.get_by_role("listitem").filter(has_text=title)


def test_a_question_is_asked_answered_and_solved_across_municipalities(
    visitors: Visitors,
) -> None:
    asker = visitors.person("staff@sukagawa")
    asker.goto("/consult/ask")
    asker.get_by_label("分野").select_option(label="文書・法規")
    asker.get_by_label("聞きたいことを一行で").fill(TITLE)
    asker.get_by_label("背景").fill("年度の途中で担当が替わり、決裁が止まりました。")
    asker.get_by_label("教えてほしいこと").fill("引き継ぐときの書き方を教えてください。")
    asker.get_by_role("button", name="相談を投稿する").click()
    steps.says(asker, "相談しました。")
    path = steps.path_of(asker)

    other = visitors.at_home("staff@koriyama")
    home_card = other.get_by_role("main").get_by_role("listitem").filter(has_text=TITLE)
    expect(home_card).to_contain_text("職員三（須賀川市 人事課）")
    home_card.get_by_role("link", name=TITLE).click()
    expect(other.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(other.get_by_role("heading", name="背景")).to_be_visible()
    steps.answer_question(other, path, ADVICE)

    asker.reload()
    expect(asker.get_by_role("article").filter(has_text=ADVICE)).to_contain_text(
        "職員一（郡山市 市民課）"
    )
    steps.accept_answer(asker, path, ADVICE)
    expect(row(other, TITLE)).to_contain_text("解決")
    expect(row(other, TITLE)).to_contain_text("回答 1件")


def test_switching_off_hides_it_at_home_and_closes_it_elsewhere_until_it_is_on_again(
    visitors: Visitors,
) -> None:
    staff = visitors.person("staff@sukagawa")
    path = steps.ask_question(staff, "文書・法規", TITLE, "引き継ぐときの書き方を教えてください。")
    other = visitors.person("staff@koriyama")
    steps.answer_question(other, path, ADVICE)
    other.get_by_role("textbox", name="回答").fill(LATER)
    in_menu(staff, "相談")

    it = visitors.person("it@sukagawa")
    steps.switch_off(it, "相談", "年度末まで休止します。")
    not_in_menu(it, "相談")

    # Sukagawa: the page that was open has its form still; whatever is pressed next, it is gone.
    staff.get_by_role("textbox", name="回答").fill("追記です。")
    staff.get_by_role("button", name="回答を投稿する").click()
    expect(staff.get_by_role("heading", level=1)).to_have_text("ページが見つかりません")
    not_in_menu(staff, "相談")
    for gone in ("/consult/", "/consult/waiting", "/consult/ask", path):
        answer = staff.goto(gone)
        assert answer is not None
        assert answer.status == 404, gone
    staff.goto("/")
    not_in_menu(staff, "相談")
    expect(staff.get_by_role("heading", name="答えを待っている相談")).to_have_count(0)

    # Koriyama: what was shared stays readable, marked, and closed for replies.
    other.get_by_role("button", name="回答を投稿する").click()
    expect(other.get_by_role("textbox", name="回答")).to_have_value(LATER)
    expect(other.get_by_text("須賀川市では、相談を休止しています。").first).to_be_visible()
    expect(row(other, TITLE)).to_contain_text(PAUSED)
    other.goto(path)
    expect(other.get_by_role("article").filter(has_text=ADVICE)).to_be_visible()
    expect(other.get_by_text("再開するまで、回答や解決はできません。")).to_be_visible()
    expect(other.get_by_role("button", name="回答を投稿する")).to_have_count(0)
    expect(row(other, "掲示板の古い記事")).not_to_contain_text(PAUSED)

    steps.switch_on(it, "相談")
    in_menu(it, "相談")
    staff.goto("/")
    in_menu(staff, "相談")
    staff.goto(path)
    expect(staff.get_by_role("article").filter(has_text=ADVICE)).to_be_visible()
    expect(row(other, TITLE)).not_to_contain_text(PAUSED)
    steps.answer_question(other, path, LATER)


def test_a_question_without_a_name_is_published_answered_and_solved(visitors: Visitors) -> None:
    """J-ASK 1, 3, 4, 5 over three municipalities; the worker of the demo publishes it."""
    asker = visitors.person("staff@miharu")
    asker.goto("/consult/ask")
    asker.get_by_label("分野").select_option(label="文書・法規")
    asker.get_by_label("聞きたいことを一行で").fill(HIDDEN)
    asker.get_by_label("教えてほしいこと").fill("だれに先に見せるのか、聞かないまま来ました。")
    asker.get_by_label("名前を出さない").check()
    expect(asker.get_by_text("内容からあなたと分かるところはありませんか。")).to_be_attached()
    asker.get_by_role("button", name="相談を投稿する").click()
    steps.says(asker, "名前を出さない相談を受け付けました。")
    expect(asker.get_by_role("listitem").filter(has_text=HIDDEN)).to_contain_text("公開待ち")

    head = visitors.person("head@miharu")
    head.goto("/consult/")
    expect(head.get_by_text(HIDDEN)).to_have_count(0)
    by_request.move_clock(head, "2026-11-11")
    helper = visitors.person("staff@sukagawa")
    listed = steps.wait_for_row(helper, "/consult/", HIDDEN)
    expect(listed).to_contain_text("匿名の職員A")
    expect(listed).not_to_contain_text("三春町")
    listed.get_by_role("link", name=HIDDEN).click()
    path = steps.path_of(helper)
    steps.answer_question(helper, path, ADVICE)

    asker.goto(path)
    expect(asker.get_by_label("名前を出さない")).to_be_checked()
    steps.accept_answer(asker, path, ADVICE, said="受け付けました。")
    by_request.move_clock(head, "2026-11-12")
    koriyama = visitors.person("staff@koriyama")
    solved = steps.wait_for_row(koriyama, "/consult/?topic=documents", HIDDEN, "解決")
    expect(solved).to_contain_text("回答 1件")
