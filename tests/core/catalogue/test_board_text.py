"""掲示板用の文章: the exact text that people paste into their groupware."""

from niwari.api import board_text

from .conftest import Fair

WHOLE = """\
【引継ぎを学ぶ会】

■ 日時
　11月18日（水）15:00–16:00（1時間）

■ 場所
　三春交流館
　（オンラインでも参加できます）

■ 内容
　引継ぎノートの書き方を見せ合います。
　はじめての人も歓迎です。

■ 詳しい内容・参加の申込み（にわり）
https://niwari.example.jp/catalogue/dummy.note/1

■ 問合せ先
　三春町 企画政策課（内線 123）
"""


def test_it_is_laid_out_for_a_board_with_the_address_alone_on_its_line() -> None:
    said = board_text(
        title="引継ぎを学ぶ会",
        when="11月18日（水）15:00–16:00（1時間）",
        place="三春交流館\n（オンラインでも参加できます）",
        lines=["引継ぎノートの書き方を見せ合います。", "はじめての人も歓迎です。"],
        address="https://niwari.example.jp/catalogue/dummy.note/1",
        contact="三春町 企画政策課（内線 123）",
    )
    assert said == WHOLE


def test_what_is_empty_has_no_heading() -> None:
    said = board_text(title="会", when="", place=" ", lines=[], address="https://x/1", contact="")
    assert said == "【会】\n\n■ 詳しい内容・参加の申込み（にわり）\nhttps://x/1\n"


def test_what_an_offer_is_about_is_shown_as_written_and_on_the_board_without_marks(
    fair: Fair,
) -> None:
    head = fair.world.ctx_for("head@koriyama")
    body = f"- **朝**の打合せ\n- 受付 <b>\n\n[@町長](person:{head.person_id})と[@だれか](person:999999)"
    ref = fair.offer("窓口を見る会", days=8, body=body)
    page = fair.page(f"/catalogue/{ref.kind}/{ref.id}")
    assert "<li><strong>朝</strong>の打合せ</li>" in page
    assert "受付 &lt;b&gt;" in page
    board = fair.page(f"/catalogue/{ref.kind}/{ref.id}/board")
    named = f"@{head.acting.person_name}と（今は表示できない職員）"
    assert f"■ 内容\n　・朝の打合せ\n　・受付 &lt;b&gt;\n　{named}\n" in board
    assert "町長" not in page + board
    assert "だれか" not in page + board


def test_an_offers_page_has_it_and_names_no_person(fair: Fair) -> None:
    ref = fair.offer("引継ぎを学ぶ会", days=8)
    page = fair.page(f"/catalogue/{ref.kind}/{ref.id}/board")
    text = page.partition("readonly>")[2].partition("</textarea>")[0]
    assert text == (
        "【引継ぎを学ぶ会】\n\n■ 日時\n　11月18日（水）15:00–16:00（1時間）\n\n"
        "■ 場所\n　第一会議室（オンラインでも参加できます）\n\n"
        "■ 詳しい内容・参加の申込み（にわり）\n"
        f"http://localhost/catalogue/dummy.note/{ref.id}\n\n"
        "■ 問合せ先\n　郡山市 市民課（内線 123）\n"
    )
    assert fair.world.ctx_for("staff@koriyama").acting.person_name not in text
