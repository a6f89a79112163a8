"""What people may write, what is refused beside its field, and how it is shown."""

from typing import Any

import pytest

from niwari.api import Blank, Illegible, TooLong
from niwari.db import connection
from niwari_consult.models import Question
from niwari_consult.texts import (
    BODY_LIMIT,
    TITLE_LIMIT,
    InParts,
    Plain,
    checked_body,
    checked_optional,
    checked_title,
)

NOTHING = ["", " ", "　", "\n\t \r\n", "\u200b\u200d\ufeff", "\u00ad"]
ILLEGIBLE = ["a\x00b", "a\x07b", "a\x1b[31mb", "a\u202eb", "a\u2066b", "a\ud800b", "a\x7fb"]


@pytest.mark.parametrize("text", NOTHING)
def test_what_shows_nothing_is_blank(text: str) -> None:
    assert checked_optional(text, "heard") == ""
    for check in (checked_title, checked_body):
        with pytest.raises(Blank):
            check(text)


@pytest.mark.parametrize("text", ILLEGIBLE)
def test_characters_that_do_not_print_are_refused(text: str) -> None:
    for check in (checked_title, checked_body):
        with pytest.raises(Illegible):
            check(text)


def test_limits_are_counted_in_characters() -> None:
    assert len(checked_title("字" * TITLE_LIMIT)) == 120
    assert len(checked_body("𠮷" * BODY_LIMIT)) == 10_000
    with pytest.raises(TooLong) as title:
        checked_title("字" * (TITLE_LIMIT + 1))
    assert title.value.params == {"limit": 120, "length": 121}
    with pytest.raises(TooLong):
        checked_body("字" * (BODY_LIMIT + 1))


def test_line_ends_become_plain_and_a_title_one_line() -> None:
    assert checked_body(" 一行目\r\n二行目\r三行目\n ") == "一行目\n二行目\n三行目"
    assert checked_title("  題が\n二行  に\t分かれた ") == "題が 二行 に 分かれた"


def test_of_three_parts_only_the_question_is_needed() -> None:
    assert InParts(" ", "", "質問").checked() == {"background": "", "heard": "", "ask": "質問"}
    with pytest.raises(Blank) as error:
        InParts("背景", "聞いた", " ").checked()
    assert error.value.field == "ask"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"title": " "}, "title", "文字が入っていません。"),
        ({"title": "あ" * 121}, "title", "120文字以内"),
        ({"ask": "\u200b"}, "ask", "文字が入っていません。"),
        ({"background": "a\x00"}, "background", "表示できない文字"),
        ({"heard": "あ" * 10_001}, "heard", "10000文字以内"),
        ({"shape": "plain", "body": ""}, "body", "文字が入っていません。"),
        ({"topic": ""}, "topic", "選択肢から選んでください。"),
        ({"topic": "gossip"}, "topic", "選択肢から選んでください。"),
    ],
)
def test_a_question_is_refused_beside_the_field(
    client_for: Any,
    send: Any,
    question_form: Any,
    changes: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    answered = send(client_for("staff@koriyama"), "/consult/ask", **question_form(**changes))
    assert answered.status_code == 422
    page = answered.get_data(as_text=True)
    message = page.split(f'id="{field}-error"')[1].split("</p>")[0]
    assert sentence in message
    assert f'href="#{field}"' in page
    with connection():
        assert Question.select().count() == 0


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(
    client_for: Any, send: Any, question_form: Any
) -> None:
    typed = question_form(title="", ask="", background="ここまで書きました")
    answered = send(client_for("staff@koriyama"), "/consult/ask", **typed)
    page = answered.get_data(as_text=True)
    assert 'id="title-error"' in page
    assert 'id="ask-error"' in page
    assert "ここまで書きました" in page


def test_the_way_of_writing_that_was_not_chosen_is_not_asked_for(
    client_for: Any, send: Any, question_form: Any
) -> None:
    typed = question_form(shape="plain", body="自由に書きました", ask="", background="a" * 10_001)
    assert send(client_for("staff@koriyama"), "/consult/ask", **typed).status_code == 303
    with connection():
        row = Question.get()
    assert (row.body, row.background, row.heard, row.ask) == ("自由に書きました", "", "", "")


@pytest.mark.parametrize("body", [" ", "\x00", "あ" * 10_001])
def test_an_answer_is_refused_beside_the_field(
    client_for: Any, send: Any, ask: Any, body: str
) -> None:
    thread = f"/consult/{ask('staff@koriyama')}"
    answered = send(client_for("staff@miharu"), thread, f"{thread}/answers", body=body)
    assert answered.status_code == 422
    assert 'id="body-error"' in answered.get_data(as_text=True)


def test_pasted_markup_is_shown_as_text(client_for: Any, ask: Any, answer: Any) -> None:
    script = "<script>alert('x')</script>"
    ask("staff@koriyama", script)
    question = ask("staff@koriyama", text=Plain(script))
    answer("staff@miharu", question, script)
    for address in ("/", "/consult/", f"/consult/{question}"):
        page = client_for("staff@sukagawa").get(address).get_data(as_text=True)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_lines_and_paragraphs_are_kept(client_for: Any, ask: Any) -> None:
    question = ask("staff@koriyama", text=Plain("一行目\n二行目\n\n次の段落"))
    page = client_for("staff@miharu").get(f"/consult/{question}").get_data(as_text=True)
    assert "<p>一行目<br>二行目</p>" in page
    assert "<p>次の段落</p>" in page


def test_what_is_marked_is_shown_as_it_is_meant(client_for: Any, ask: Any, answer: Any) -> None:
    question = ask("staff@koriyama", text=InParts("- 一つ\n- 二つ", "", "**いつ**ですか"))
    answer("staff@miharu", question, "# まず\n詳しくは https://example.jp/tebiki を見てください。")
    page = client_for("staff@miharu").get(f"/consult/{question}").get_data(as_text=True)
    assert "<li>一つ</li>" in page
    assert "<strong>いつ</strong>ですか" in page
    assert "<h3>まず</h3>" in page
    assert '<a href="https://example.jp/tebiki" class="outside" rel="noopener noreferrer">' in page
