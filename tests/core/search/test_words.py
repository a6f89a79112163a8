"""Words: what is written in different ways and meant alike, and where it stands in a text."""

import pytest

from niwari.search import excerpts
from niwari.search.excerpts import LENGTH, excerpt, marked
from niwari.search.queries import LONGEST, MOST_WORDS, WrongQuery, read_phrases
from niwari.search.words import LONGEST_TEXT, phrase, tokens
from tests.core.search.conftest import words

ALIKE = (
    ("引継ぎ", "引き継ぎ", "引継", "引き継"),
    ("申込み", "申し込み", "申込", "申し込"),
    ("問合せ", "問い合わせ", "問合わせ", "問い合せ"),
    ("取扱い", "取り扱い", "取扱"),
    ("手続き", "手続"),
    ("打合せ", "打ち合わせ"),
    ("届出", "届け出"),
    ("見積書", "見積り書", "見積もり書"),
    ("取扱う", "取り扱う"),
    ("引継いだ", "引き継いだ"),
    ("こども", "子ども", "子供", "コドモ", "ｺﾄﾞﾓ"),
    ("障害", "障がい"),
    ("行う", "行なう"),
    ("3か月", "3ヶ月", "3カ月", "３ヵ月", "3箇月"),
    ("髙橋", "高橋"),
    ("COVID", "ｃｏｖｉｄ", "Covid"),
    ("ﾏｲﾅﾝﾊﾞｰ", "マイナンバー"),
)


@pytest.mark.parametrize("spellings", ALIKE, ids=[one[0] for one in ALIKE])
def test_spellings_that_are_meant_alike_are_one_phrase(spellings: tuple[str, ...]) -> None:
    assert len({phrase(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("申請", "申込"), ("引下げ", "引上げ"), ("行く", "行う"), ("見直し", "見合せ"), ("カ", "ガ")],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert phrase(one) != phrase(other)


def test_a_listed_word_stands_in_the_index_in_one_spelling_and_as_it_was_written() -> None:
    held = tokens("前任の引き継ぎ")
    assert {"引継", "引キ", "キ継", "継ギ"} <= set(held)


def test_what_is_beyond_the_longest_text_is_not_indexed() -> None:
    held = tokens("題", "あ" * LONGEST_TEXT + "終わり")
    assert "終ワ" not in held
    assert "アア" in held


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("住民票 写し", [("住民票",), ("写シ",)]),
        ("　住民票　　写し\n", [("住民票",), ("写シ",)]),
        ('"board meeting"', [("board", "meeting")]),
        ("「年度末の 引継ぎ」 書式", [("年度末ノ", "引継"), ("書式",)]),
        ('"閉じていない', [("閉ジテイナイ",)]),
        ("COVID-19", [("covid", "19")]),
        ("AND OR NOT", [("and",), ("or",), ("not",)]),
        ("住民票* -写し title:x", [("住民票",), ("写シ",), ("title", "x")]),
        ("同じ 同じ", [("同ジ",)]),
        ("窓", [("窓",)]),
    ],
)
def test_what_is_typed_is_text_whatever_it_looks_like(
    text: str, runs: list[tuple[str, ...]]
) -> None:
    assert [one.runs for one in read_phrases(text)] == runs


@pytest.mark.parametrize("text", ["", "  ", "*", '""', "、。", "😀", "-", "%%", "\\"])
def test_a_text_without_a_letter_is_refused_with_the_mend(text: str) -> None:
    with pytest.raises(WrongQuery, match="記号だけでは探せません") as refused:
        read_phrases(text)
    assert refused.value.field == "q"


def test_a_text_that_is_too_long_is_refused_with_its_length() -> None:
    with pytest.raises(WrongQuery, match="100文字までにしてください。今は10,000文字あります"):
        read_phrases("あ" * 10_000)
    assert read_phrases("あ" * LONGEST)


def test_too_many_words_are_refused() -> None:
    many = " ".join(chr(ord("あ") + at) for at in range(MOST_WORDS + 1))
    with pytest.raises(WrongQuery, match="8個まで"):
        read_phrases(many)


@pytest.mark.parametrize(
    ("text", "asked", "shown"),
    [
        ("年度末の引継ぎ書を、どこまで", "引き継ぎ", ["引継ぎ"]),
        ("引き継ぎの書き方", "引", ["引"]),
        ("引き継ぎの書き方", "き継", ["き継"]),
        ("ｶﾞｿﾘﾝの補助", "ガソリン", ["ｶﾞｿﾘﾝ"]),
        ("㈱と株", "株", ["㈱", "株"]),
        ("子供とこども", "子ども", ["子供", "こども"]),
        ("Board  Meeting", '"board meeting"', ["Board Meeting"]),
        ("住民票の写し", "写し 住民票", ["住民票", "写し"]),
        ("どこにもない", "別の語", []),
        ("ß と SS", "ss", ["ß", "SS"]),
    ],
)
def test_the_words_are_marked_where_they_stand(text: str, asked: str, shown: list[str]) -> None:
    pieces = marked(text, read_phrases(asked))
    assert words(pieces) == shown
    assert "".join(piece.text for piece in pieces) == " ".join(text.split())


def test_an_excerpt_begins_shortly_before_the_first_word_and_is_short() -> None:
    text = "前置きです。" * 50 + "ここに住民票があります。" + "あとがきです。" * 50
    pieces = excerpt(text, read_phrases("住民票"))
    assert words(pieces) == ["住民票"]
    assert (pieces[0].text, pieces[-1].text) == ("…", "…")
    assert sum(len(piece.text) for piece in pieces) <= LENGTH + 2


def test_an_excerpt_of_a_text_without_the_words_is_its_beginning() -> None:
    (piece,) = excerpt("短い本文です。", read_phrases("住民票"))
    assert (piece.text, piece.found) == ("短い本文です。", False)


def test_a_place_far_into_a_text_is_shown_without_folding_all_of_it_by_characters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "ｶﾞｿﾘﾝの補助、" * 1_700 + "ここに住民票があります。"
    looked_at: list[int] = []
    by_characters = excerpts._folded

    def noticed(part: str) -> tuple[str, list[tuple[int, int]]]:
        looked_at.append(len(part))
        return by_characters(part)

    monkeypatch.setattr(excerpts, "_folded", noticed)
    pieces = excerpt(text, read_phrases("住民票"))
    assert words(pieces) == ["住民票"]
    assert sum(looked_at) < 2_000


@pytest.mark.parametrize("before", range(285, 316, 3))
def test_a_place_is_found_wherever_the_parts_of_a_text_end(before: int) -> None:
    for word in ("ｶﾞｿﾘﾝ", "引き継ぎ", "か\u3099す"):
        text = "あ" * before + word + "い" * 700
        asked = {"ｶﾞｿﾘﾝ": "ガソリン", "引き継ぎ": "引継", "か\u3099す": "ガス"}[word]
        assert words(excerpt(text, read_phrases(asked))) == [word]


def test_words_between_which_very_much_stands_are_still_marked() -> None:
    text = "前置き。" * 300 + "住民" + "、" * 700 + "票です"
    pieces = excerpt(text, read_phrases("「住民 票」"))
    assert words(pieces)[0].startswith("住民、")
