"""J-MENTOR 1, 3 and 6 over three towns: a section asked and visited, sheets side by side, and a pair."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.visitors import Visitors

STAFF, NEIGHBOUR, FAR = "staff@koriyama", "staff@sukagawa", "staff@miharu"
SEEN = "届いた届出を二人で読み合わせるところ"
QUESTION = "資格がなくても、最初の年から担当を持てますか。"


def test_a_section_is_asked_and_neither_head_nor_hr_learns_by_whom(visitors: Visitors) -> None:
    staff = visitors.person(STAFF)
    staff.goto("/")
    staff.get_by_role("link", name="学び合い", exact=True).click()
    row = staff.locator(".row").filter(has_text="職員が働く場を支えます")
    row.get_by_role("link").click()
    expect(staff.get_by_role("main")).to_contain_text("本庁と支所の違い")
    place = steps.path_of(staff)
    expect(staff.get_by_label("名前を出さない")).to_be_checked()
    staff.get_by_label("質問", exact=False).first.fill(QUESTION)
    staff.get_by_role("button", name="質問する").click()
    steps.says(staff, "名前を出さない質問を受け付けました。")
    expect(staff.get_by_text("公開待ち")).to_be_visible()
    for login in ("head@koriyama", "hr@koriyama"):
        other = visitors.person(login)
        other.goto(place)
        expect(other.get_by_text(QUESTION)).to_have_count(0)


def test_an_open_company_day_is_visited_and_neither_head_nor_hr_learns_whose_it_is(
    visitors: Visitors,
) -> None:
    host = visitors.person(NEIGHBOUR)
    host.goto("/mentoring/open-days")
    host.get_by_role("link", name="自分の所属で開く").click()
    host.get_by_label("見られること").fill(SEEN)
    host.get_by_label("日にち").fill("2026-11-30")
    host.get_by_label("始まり").fill("14:00")
    host.get_by_label("長さ").fill("90")
    host.get_by_role("textbox", name="場所").fill("須賀川市役所 人事課")
    host.get_by_label("席の数").fill("2")
    host.get_by_label("申込みの締切り").fill("2026-11-29")
    host.get_by_role("button", name="この日に決める").click()
    steps.says(host, "オープンカンパニーの日を決めました。")
    place = steps.path_of(host)

    staff = visitors.person(STAFF)
    staff.goto("/mentoring/")
    staff.get_by_role("main").locator(".row").filter(has_text="職員が働く場を支えます").get_by_role(
        "link"
    ).click()
    staff.get_by_role("main").get_by_role("link", name="11月30日（月）14:00–15:30").click()
    expect(staff.get_by_role("main")).to_contain_text("残り2席")
    expect(staff.get_by_text("お名前は、この所属で働いている職員だけに見えます。")).to_be_visible()
    staff.get_by_role("link", name="取組の一覧で申し込む").click()
    staff.get_by_role("button", name="参加したい").click()
    steps.says(staff, "申し込みました。所属長の了承を待ちます。")
    expect(staff.get_by_role("main")).to_contain_text("席があります")

    host.goto(place)
    expect(host.get_by_role("main")).to_contain_text("職員一")
    head = visitors.person("head@koriyama")
    head.goto("/ledger/approvals")
    waiting = head.get_by_role("main").get_by_role("listitem").filter(has_text="11月30日")
    expect(waiting).to_contain_text("学び・相談")
    expect(waiting).not_to_contain_text("人事課")
    for login in ("head@koriyama", "hr@koriyama", "it@koriyama"):
        other = visitors.person(login)
        other.goto(place)
        expect(other.get_by_role("main")).to_contain_text(SEEN)
        expect(other.get_by_role("main")).not_to_contain_text("職員一")
        expect(other.get_by_role("main")).not_to_contain_text("来る人")

    host.get_by_role("link", name="直す・取りやめる").click()
    host.get_by_label("日にち").fill("2026-12-01")
    host.get_by_role("button", name="この内容で直す").click()
    steps.says(host, "オープンカンパニーの日を直しました。")
    staff.goto("/notices/")
    expect(staff.get_by_role("main")).to_contain_text("2026年12月1日になりました。")
    staff.goto(place)
    expect(staff.get_by_role("main")).to_contain_text("申し込んだあとで、日時が変わりました。")
    staff.get_by_role("button", name="席を返す").click()
    steps.says(staff, "席を返しました。")
    expect(staff.get_by_role("main")).to_contain_text("残り2席")


def test_three_towns_stand_side_by_side_and_come_out_as_a_file(visitors: Visitors) -> None:
    far = visitors.person(FAR)
    far.goto("/mentoring/practices/mail/fill")
    far.get_by_label("確認する時刻と人").fill("朝に一度、四人で画面を見ます。")
    far.get_by_role("button", name="シートを保存する").click()
    steps.says(far, "シートを保存しました。")
    neighbour = visitors.person(NEIGHBOUR)
    neighbour.goto("/mentoring/practices/mail/fill")
    neighbour.get_by_label("返事漏れの防ぎ方").fill("=夕方に数えます")
    neighbour.get_by_role("button", name="シートを保存する").click()
    staff = visitors.person(STAFF)
    staff.goto("/mentoring/practices")
    staff.get_by_role("main").get_by_role("link", name="メールの課内確認").click()
    for town in ("郡山市", "須賀川市", "三春町"):
        expect(staff.get_by_role("columnheader", name=town)).to_be_visible()
    with staff.expect_download() as download:
        staff.get_by_role("link", name="CSVで保存する").click()
    content = Path(download.value.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert [row[0] for row in rows[1:]] == ["郡山市", "須賀川市", "三春町"]
    assert "'=夕方に数えます" in [cell for row in rows for cell in row]


def test_two_find_each_other_meet_and_end_quietly(visitors: Visitors) -> None:
    far, mentor = visitors.person(FAR), visitors.person("staff2@koriyama")
    far.goto("/mentoring/people?field=digital")
    far.get_by_role("main").locator(".row-title a").first.click()
    far.get_by_role("link", name="お願いする").click()
    far.get_by_label("教わりたいことを一行で").fill("選挙の名簿を数える")
    far.get_by_label("お願いの言葉").fill("投票所ごとの数を、毎回手で足しています。")
    far.get_by_role("button", name="お願いを送る").click()
    place = steps.path_of(far)
    mentor.goto(place)
    mentor.get_by_label("ひとこと").fill("一緒にやってみましょう。")
    mentor.get_by_role("button", name="引き受ける").click()
    steps.says(mentor, "引き受けました。")
    mentor.get_by_label("話すこと").fill("数える表を作る")
    mentor.get_by_label("日にち").fill("2026-11-27")
    mentor.get_by_label("始まり").fill("14:00")
    mentor.get_by_label("終わり").fill("15:00")
    mentor.get_by_role("button", name="面談を決める").click()
    steps.says(mentor, "面談を決めました。")
    mentor.get_by_role("button", name="所属長に申し込む").click()
    expect(mentor.get_by_role("main")).to_contain_text("申し込んであります")
    far.goto(place)
    far.get_by_role("textbox", name="メモ").fill("次は投票区ごとに分ける。")
    far.get_by_role("button", name="メモを残す").click()
    steps.says(far, "メモを残しました。")
    mentor.goto(place)
    expect(mentor.get_by_role("main")).to_contain_text("次は投票区ごとに分ける。")
    for login in ("head@koriyama", "it@koriyama", "hr@koriyama"):
        other = visitors.person(login)
        answer = other.goto(place)
        assert answer is not None
        assert answer.status == 404
    mentor.goto(place)
    mentor.locator("summary").filter(has_text="ペアを終える").click()
    mentor.get_by_role("button", name="ペアを終える").click()
    steps.says(mentor, "ペアを終えました。")
    far.goto(place)
    expect(far.get_by_role("main")).to_contain_text("終わりました")
