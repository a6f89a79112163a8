"""J-HAND 1, 3, 4 and 5: a notebook written all year, handed over in April, helped with until November.

Over three municipalities: a neighbour, another one's head and an unnamed colleague see nothing of it.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.browser import steps
from tests.browser.visitors import Visitors, sign_in

POST, DUTY = "印鑑登録担当", "印鑑登録の申請の受付"
FORMER, NEW, COLLEAGUE = "staff@koriyama", "staff6@koriyama", "staff3@koriyama"
HEAD, FORMERS_HEAD, HR = "head@koriyama", "head3@koriyama", "hr@koriyama"
OTHERS = (COLLEAGUE, HR, "staff@sukagawa", "head@miharu")
QUESTION, ANSWER = (
    "代理人の申請は、その日に登録できますか。",
    "照会書を送り、返事を待ってから登録します。",
)
HELP = "照会書の文例の直し方を、画面を見ながら説明する"
TRANSFERS = (
    "municipality,login,name,kana,email,section,head,employment,start,end",
    f"072036,{FORMER},職員一,しょくいんいち,,農林部/農業政策課,{FORMERS_HEAD},full_time,2027-04-01,",
    f"072036,{NEW},職員八,しょくいんはち,,市民部/市民課,{HEAD},full_time,2027-04-01,",
)
"""On 1 April 2027 the predecessor leaves the section, and the successor comes into it."""


def fact(page: Page, name: str) -> Locator:
    """Return what a page says of something, beside its name."""
    return (
        page.locator("dt").get_by_text(name, exact=True).locator("xpath=following-sibling::dd[1]")
    )


def sees_nothing(visitors: Visitors, *paths: str) -> None:
    """Expect those whom nobody named to find neither the notebook nor what is in it."""
    for login in OTHERS:
        with visitors.at_window(login) as page:
            for path in paths:
                assert page.request.get(path).status == 404, (login, path)
            for path in ("/handover/", f"/search/?q={DUTY}"):
                answer = page.request.get(path)
                assert (answer.status, urlsplit(answer.url).path) == (200, urlsplit(path).path)
                words = re.sub(r"<[^>]*>", "", answer.text())  # what is found is marked
                assert POST not in words
                assert ("当てはまるものはありませんでした" in words) == ("?" in path)


def open_notebook(page: Page) -> tuple[str, str]:
    """Open the notebook and write its first duty, by its name alone; returns the paths of both."""
    page.goto("/handover/new")
    page.get_by_label("担当の名前").fill(POST)
    page.get_by_role("button", name="ノートを作る").click()
    steps.says(page, "ノートを作りました。")
    notebook = steps.path_of(page)
    page.get_by_role("link", name="業務を書く").first.click()
    page.get_by_label("業務の名前").fill(DUTY)
    page.get_by_role("button", name="保存する", exact=True).click()
    steps.says(page, "業務を書きました。")
    return notebook, steps.path_of(page)


def name_successor(page: Page, notebook: str) -> None:
    """Name the successor: before the 内示 it is refused, and what was typed stays."""
    page.goto(f"{notebook}/successor")
    page.get_by_label("内示の日").fill("2027-03-20")
    page.get_by_label("異動日").fill("2027-04-01")
    page.get_by_label("後任のアカウントか氏名").fill(NEW)
    page.get_by_role("button", name="後任を決める").click()
    expect(page.get_by_role("alert")).to_contain_text("後任を決められるのは、内示のあとです。")
    expect(page.get_by_label("後任のアカウントか氏名")).to_have_value(NEW)
    page.get_by_label("内示の日").fill("2027-03-19")
    page.get_by_role("button", name="後任を決める").click()
    steps.says(page, "後任を決めました。")


def test_a_post_is_written_down_handed_over_and_helped_with_for_a_year(visitors: Visitors) -> None:
    # 1 November: a notebook of the post; what lacks is told to its holder alone.
    former = visitors.person(FORMER)
    notebook, duty = open_notebook(former)
    former.goto(notebook)
    lacking = former.get_by_role("main").get_by_role("listitem").filter(has_text=DUTY)
    expect(lacking).to_contain_text("手順がまだ")
    lacking.get_by_role("link", name=DUTY).click()
    former.get_by_role("link", name="直す", exact=True).click()
    former.get_by_label("手順").fill("1. 本人確認をする\n2. 印影を確かめる")
    former.get_by_label(re.compile("^締切")).fill("申請の日のうち")
    former.get_by_label("連絡先").fill("情報政策課")
    former.get_by_label("見直した日").fill("2026-11-10")
    former.get_by_role("button", name="保存する", exact=True).click()
    steps.says(former, "業務を保存しました。")
    expect(former.get_by_role("main")).to_contain_text("書けています")
    head = visitors.person(HEAD)
    head.goto(duty)
    expect(head.get_by_role("main")).to_contain_text("印影を確かめる")
    expect(head.get_by_role("main")).not_to_contain_text("書けています")
    new = visitors.person(NEW)
    sees_nothing(visitors, notebook, duty, f"{duty}/history", f"{notebook}/handing")
    answer = new.goto(notebook)
    assert answer is not None
    assert answer.status == 404

    # 3 March, after the 内示: the successor is named, sees the notebook, and the checklist has its days.
    steps.move_clock(head, "2027-03-19")
    name_successor(former, notebook)
    new.goto("/handover/")
    row = new.get_by_role("listitem").filter(has_text=POST)
    expect(row).to_contain_text("あなたが後任です")
    row.get_by_role("link", name=POST).click()
    new.get_by_role("navigation", name="ノートのページ").get_by_role(
        "link", name="引継ぎの進み具合"
    ).click()
    expect(fact(new, "異動日")).to_contain_text("2027年4月1日")
    line = (
        new.get_by_role("main").get_by_role("listitem").filter(has_text="鍵・備品・書類の置き場所")
    )
    expect(line).to_contain_text("3月31日（水）まで")
    line.get_by_role("button", name="済みにする").click()
    expect(new.get_by_text("7件のうち1件が済みました。")).to_be_visible()
    steps.import_file(visitors.person(HR), "職員と所属", *TRANSFERS)

    # 4 questions inside; the successor confirms, then the superior. Nobody else has learnt of it.
    new.goto(f"{notebook}/ask")
    new.get_by_label("どの業務について").select_option(label=DUTY)
    new.get_by_label("質問").fill(QUESTION)
    new.get_by_role("button", name="質問する", exact=True).click()
    steps.says(new, "質問しました。")
    former.goto(notebook)
    former.get_by_role("link", name="答える").click()
    former.get_by_label("答え").fill(ANSWER)
    former.get_by_role("button", name="答える", exact=True).click()
    steps.says(former, "答えました。")
    head.goto(f"{notebook}/handing")
    expect(head.get_by_role("button", name="上司として確認する")).to_have_count(0)
    new.goto(f"{notebook}/handing")
    new.get_by_role("button", name="引継ぎを受けたことを確認する").click()
    steps.says(new, "引継ぎを受けたことを確認しました。")
    head.reload()
    head.get_by_role("button", name="上司として確認する").click()
    steps.says(head, "上司として引継ぎを確認しました。")
    sees_nothing(visitors, notebook, duty, f"{notebook}/handing", f"{notebook}/print")

    # April: the post is the successor's by the clock, and the new year's review is to be done.
    # Whoever was transferred signs in anew, in the new post.
    steps.move_clock(head, "2027-04-02")
    sign_in(former, FORMER)
    sign_in(new, NEW)
    steps.wait_for_row(new, "/handover/", POST, "職員八")
    steps.wait_for_row(former, "/handover/", POST, "あなたが前任です")
    new.goto(duty)
    expect(new.get_by_role("main")).to_contain_text("今年度の見直しがまだ")
    expect(new.get_by_role("link", name="直す", exact=True)).to_be_visible()
    former.goto(duty)
    expect(former.get_by_role("link", name="直す", exact=True)).to_have_count(0)

    # 5 May: help is the predecessor's, with the OK of the head whom they have now; the new section is told.
    steps.move_clock(head, "2027-05-18")
    former.goto(notebook)
    former.get_by_role("link", name="支援の時間を申し込む").click()
    former.get_by_label("日にち").fill("2027-05-20")
    former.get_by_label("長さ").fill("60")
    former.get_by_label("すること").fill(HELP)
    former.get_by_role("button", name="今の所属長に申し込む").click()
    steps.says(former, "申し込みました。今の所属長の了承を待ちます。")
    head.goto("/ledger/approvals")
    expect(head.get_by_role("main")).not_to_contain_text(HELP)
    steps.agree(visitors.person(FORMERS_HEAD), HELP)
    former.reload()
    expect(fact(former, "予定")).to_have_text("1時間")
    for told in (head, new):
        steps.wait_for_row(told, "/notices/", POST, "1時間の支援に入ることを")
    former.goto("/ledger/")
    former.get_by_role("link", name=HELP).first.click()
    request = steps.path_of(former)

    # The next November: what was done is recorded and counted for the predecessor's eyes alone.
    steps.move_clock(head, "2027-05-21")
    steps.record(former, request, 60)
    steps.move_clock(head, "2027-11-10")
    former.goto(f"{notebook}/help")
    expect(fact(former, "使った")).to_have_text("1時間")
    expect(fact(former, "予定")).to_have_text("0分")
    for other in (head, new):
        other.goto(f"{notebook}/help")
        expect(other.get_by_role("main")).not_to_contain_text("使った")
    sees_nothing(visitors, notebook, duty, f"{notebook}/help")
