"""Markdown as people in offices write it: what becomes what, and what stays as it was typed."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from niwari.writing.bounds import (
    LONGEST,
    MOST_CELLS,
    MOST_LINES,
    MOST_MARKS,
    is_within_bounds,
)
from niwari.writing.lines import lines_of
from niwari.writing.links import LinkCard, Named, Shown
from niwari.writing.markdown import _as_marked, _parsed, legible, rendered
from niwari.writing.plain import mentioned, plain_text

SHOWN = Shown(
    {3: Named("職員三", "三春町 総務課"), 4: Named("職員四")},
    {
        "/consult/1": LinkCard("題", "相談（三春町）", "/consult/1"),
        "/consult/2": LinkCard("（今は）"),
    },
    "https://niwari.example.jp",
)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一行目\n二行目\n\n次の段落", "<p>一行目<br>二行目</p>\n<p>次の段落</p>"),
        ("＃１ 概要\n・一つ\n＊二つ", "<p>＃１ 概要<br>・一つ<br>＊二つ</p>"),
        ("#番号\n1.つめた", "<p>#番号<br>1.つめた</p>"),
        ("題\n---\n本文", "<p>題</p>\n<hr>\n<p>本文</p>"),
        ("    字下げ", "<p>字下げ</p>"),
        ("[注]: https://example.jp", None),
        ("# 大\n### 深い\n# 大", "<h3>大</h3>\n<h4>深い</h4>\n<h3>大</h3>"),
        ("**「強調」**です。", "<p><strong>「強調」</strong>です。</p>"),
        ("これは**（注）**。", "<p>これは<strong>（注）</strong>。</p>"),
        ("これは*、*印", "<p>これは<em>、</em>印</p>"),
        ("5*3*2", "<p>5<em>3</em>2</p>"),
        ("~~取消~~", "<p><s>取消</s></p>"),
        ("a_b_c", "<p>a_b_c</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_each_text_becomes_what_is_meant(text: str, html: str | None) -> None:
    found = str(rendered(text)).strip()
    if html is None:
        assert "注" in found
    else:
        assert found == html


def test_a_table_scrolls_by_itself_and_can_be_reached_by_keyboard() -> None:
    html = rendered("|町|件数|\n|-|-|\n|三春町|3|")
    assert '<div class="table-scroll" role="region" aria-label="表" tabindex="0">' in html
    assert "<th>町</th>" in html
    assert "<td>3</td>" in html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "手引きはhttps://example.jp/a_b(c)を。",
            '<p>手引きは<a href="https://example.jp/a_b(c)" class="outside" rel="noopener noreferrer">'
            'https://example.jp/a_b(c)</a><span class="outside-mark">（外部サイト）</span>を。</p>',
        ),
        (
            "[市役所](https://evil.example/x)",
            '<p><a href="https://evil.example/x" class="outside" rel="noopener noreferrer">市役所</a>'
            '<span class="outside-mark">（外部サイト evil.example）</span></p>',
        ),
        ("[予定](/ledger/)", '<p><a href="/ledger/">予定</a></p>'),
        (
            "見て https://niwari.example.jp/ledger/ ね",
            '<p>見て <a href="/ledger/">https://niwari.example.jp/ledger/</a> ね</p>',
        ),
        ("[課](mailto:a@example.jp)", '<p><a href="mailto:a@example.jp">課</a></p>'),
        ("![図](/files/3)", '<p><img src="/files/3" alt="図"></p>'),
        (
            "![図](https://e.example/x.png)",
            '<p><a href="https://e.example/x.png" class="outside" rel="noopener noreferrer">図</a>'
            '<span class="outside-mark">（外部サイト e.example）</span></p>',
        ),
    ],
)
def test_each_link_leads_where_it_says(text: str, html: str) -> None:
    assert str(rendered(text, SHOWN)).strip() == html


def test_below_a_path_of_its_host_its_own_addresses_lead_there() -> None:
    shown = Shown(base_url="https://example.jp/niwari", cards=SHOWN.cards)
    html = rendered("見て https://example.jp/niwari/ledger/ と https://example.jp/x", shown)
    assert '<a href="/niwari/ledger/">' in html
    assert html.count("outside-mark") == 1
    assert "link-card" in rendered("https://example.jp/niwari/consult/1", shown)


def test_people_are_called_by_the_directory_and_never_by_the_text() -> None:
    html = rendered("[@町長](person:3)、[@町長](person:4)、[@町長](person:5)", SHOWN)
    assert "町長" not in html
    assert '@職員三<span class="person-place">（三春町 総務課）</span>' in html
    assert '<span class="mention">@職員四</span>' in html
    assert "（今は表示できない職員）" in html


def test_an_address_alone_on_a_line_is_a_card_and_one_inside_a_line_is_not() -> None:
    html = rendered("前に\nhttps://niwari.example.jp/consult/1\n後に /consult/1 と", SHOWN)
    assert html.count("link-card-title") == 1
    assert "<p>前に</p>" in html
    assert "<p>後に /consult/1 と</p>" in html
    closed = rendered("/consult/2", SHOWN)
    assert "（今は）" in closed
    assert "<a" not in closed


def test_plain_text_has_no_marks_and_ends_where_it_must() -> None:
    text = "# 題\n\n**太い** [市](https://example.jp) [@職員三](person:3)\n- 一\n\n```\n<b>\n```"
    assert plain_text(text) == "題 太い 市 @職員三 一 <b>"
    assert plain_text(text, 5) == "題 太い…"
    assert plain_text("字" * 200) == "字" * 200
    assert len(plain_text("字" * 201)) == 200
    assert plain_text("字" * (LONGEST + 1), 10) == "字" * 9 + "…"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# 題\n\n一行目 **太い**\n二行目", ["題", "一行目 太い", "二行目"]),
        ("- 一\n  続き\n-\n\n後に", ["・一", "続き", "後に"]),
        ("1. 受付\n1. 窓口\n   - 中で", ["1. 受付", "2. 窓口", "・中で"]),
        ("0. 前\n1. 後", ["0. 前", "1. 後"]),
        ("- ```\n  <b>\n\n  c\n  ```\n- 二\n\n  三", ["・<b>", "", "c", "・二", "三"]),
        ("|町|数|\n|-|-|\n|田村市||", ["町 | 数", "田村市 | "]),
        ("~~10月3日~~ 10日に変わりました", [" 10日に変わりました"]),
        ("[@町長](person:3)と[誰か](person:99)", ["@職員三と（今は表示できない職員）"]),
        ("[市](https://example.jp/a)", ["市（ https://example.jp/a ）"]),
        ("https://example.jp/a <https://example.jp/a%20b>", ["https://example.jp/a https://example.jp/a%20b"]),
        ("[https://e.jp](https://e.jp) [a@e.jp](mailto:a@e.jp)", ["https://e.jp a@e.jp"]),
        ("[会](/mentoring/3)\n/mentoring/4", ["会（ https://n.jp/mentoring/3 ）", "https://n.jp/mentoring/4"]),
        ("a&#x202e;b&shy;c", ["abc"]),
        ("", []),
        ("一\n" * LONGEST, ["一"] * LONGEST),
    ],
)  # fmt: skip
def test_a_board_of_letters_alone_has_points_numbers_and_addresses(
    text: str, lines: list[str]
) -> None:
    assert lines_of(text, Shown(SHOWN.people, base_url="https://n.jp")) == lines


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://example.jp/%E9%83%A1", "https://example.jp/郡"),
        ("https://example.jp/郡", "https://example.jp/郡"),
        ("https://example.jp/%E2%80%AEgpj", "https://example.jp/%E2%80%AEgpj"),
        ("https://example.jp/a%20b%0A", "https://example.jp/a%20b%0A"),
        ("https://xn--r8jz45g.jp/", "https://xn--r8jz45g.jp/"),
        ("mailto:a@example.jp", "a@example.jp"),
    ],
)
def test_an_address_in_brackets_is_shown_with_letters_that_are_seen_for_what_they_are(
    address: str, words: str
) -> None:
    assert f">{words}</a>" in rendered(f"<{address}>")


def test_what_an_entity_stands_for_is_seen_or_left_out() -> None:
    text = "**市**&amp;&#x202e;町&shy;村&#x200b;"
    assert rendered(text) == "<p><strong>市</strong>&amp;町村</p>\n"
    assert plain_text(text) == "市&町村"
    named = rendered("[a&#x202e;](https://e.jp) ![絵&#x202e;](/files/1) `&#x202e;`")
    assert "\u202e" not in named
    assert ">a</a>" in named
    assert "<code>&amp;#x202e;</code>" in named


def test_only_real_mentions_count_and_each_once() -> None:
    text = "[a](person:7) [b](person:3) [c](person:7) `[d](person:9)` ![e](person:8) person:6"
    assert mentioned(text) == (7, 3)
    assert mentioned("[x](person:99999999999) [y](person:0)") == ()


def test_a_text_beyond_the_bounds_is_shown_as_it_was_typed() -> None:
    assert not is_within_bounds("[" * (MOST_MARKS + 1))
    assert rendered("**a**\n\n" + "[" * 1001).startswith("<p>**a**</p>\n<p>[[")
    assert rendered("<b>" + "字" * LONGEST).startswith("<p>&lt;b&gt;字")
    assert rendered("> a\n" * MOST_LINES).startswith("<p>&gt; a<br>")


def test_a_table_of_an_office_is_well_within_the_bounds() -> None:
    row = "| 書類 | - | 3部 | 窓口 | 翌日 |\n"
    table = row + "|---|:-:|--:|---|---|\n" + row * 150
    assert rendered(f"前\n\n{table}\n後").count("<td>") == 750


WIDE = "|a" * 400 + "|\n" + "|-" * 400 + "|\n"


@pytest.mark.parametrize(
    "text",
    [
        WIDE + "a\n" * 1_900,
        "a|b\n-|-\nc\n" + WIDE + "a\n" * 1_900,
        ">" + WIDE.replace("\n", "\n> ") + "a\n> " * 1_900,
        "- " + WIDE.replace("\n", "\n  ") + "a\n  " * 1_900,
        ("|a" * 40 + "|\n" + "|:-\t" * 40 + "|\n" + "a\n" * 80 + "\n") * 11,
    ],
)
def test_a_table_whose_rows_would_be_filled_up_is_shown_as_it_was_typed(text: str) -> None:
    html = rendered(text)
    assert "<table" not in html
    assert len(html) < 4 * LONGEST
    assert html.count("a<br>") > MOST_CELLS / 4


@given(
    st.lists(
        st.sampled_from(["|a", "|-", "-|", "|", ":", " ", "\t", "> ", "- ", "a", "\n", "\n\n"])
    )
)
def test_no_table_has_more_cells_than_were_counted(parts: list[str]) -> None:
    from niwari.writing.bounds import _cells

    text = "".join(parts)
    cells = [t for t in _parsed(text, {"shown": Shown()}) if t.type in ("td_open", "th_open")]
    assert len(cells) <= _cells(text)


@pytest.mark.parametrize(
    "deep", ["- " * 12 + "底", "".join(f"{'  ' * n}- 底{n}\n" for n in range(12))]
)
def test_what_lies_too_deep_does_not_vanish(deep: str) -> None:
    assert rendered(deep).count("底") == deep.count("底")
    assert plain_text(deep, 1_000).count("底") == deep.count("底")


@given(st.text(st.sampled_from("あ漢a1 　\t\n。・（）＃-+.)=:!%\u200b"), max_size=60))
def test_a_text_without_marks_is_shown_as_the_parser_would(text: str) -> None:
    # But for the paragraph that the parser makes of a wide space alone.
    env = {"shown": Shown()}
    parsed = _as_marked(_parsed(legible(text), env), env).replace("<p></p>\n", "")
    assert rendered(text).replace("<p></p>\n", "") == parsed


PATHOLOGICAL = """
from niwari.writing.markdown import rendered
n, most = 20_000, 1_000
for one in ("[", "*", "_", "~~", "`", "<", "|", "![", "[a](", "*a ", "_a ", "[x](<", "**x*"):
    for times in (n // len(one), most // max(one.count(c) for c in set(one)) // 2):
        rendered(one * times)
for one in (">", "- ", "1. ", "&", "(", "\\\\", "#", "> - ", "https://", "http://a/", "<https://a"):
    rendered(one * (n // len(one)))
rendered("\\n".join(" " * i + "- a" for i in range(190)))
rendered("|" * 990 + "\\n" + "|-" * 5)
rendered("|a" * 90 + "\\n" + "|-" * 90 + "|\\n" + "|\\n" * 800)
rendered("".join("`" * i + " " for i in range(1, 44)))
rendered("[" * 500 + "](" * 500)
print("done")
"""


def test_what_is_made_to_take_long_takes_none() -> None:
    # A process of its own, so that a text that never ends ends with it.
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PATHOLOGICAL],
        capture_output=True, text=True, timeout=60, check=True, env=environment,
    )  # fmt: skip
    assert done.stdout == "done\n"
