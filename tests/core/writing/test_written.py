"""The rules for what people write into forms, which all plugins ask."""

from uuid import uuid4

import pytest

from niwari.written import (
    Blank,
    Illegible,
    NotChosen,
    StaleForm,
    TooLong,
    checked_choice,
    checked_key,
    checked_line,
    checked_text,
)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  窓口 \t の\n待ち時間  ", "窓口 の 待ち時間"),
        ("　全角　空白　", "全角 空白"),
        ("👨\u200d👩\u200d👧 の日", "👨\u200d👩\u200d👧 の日"),
        ("", ""),
        ("\u200b\ufeff", ""),
    ],
)
def test_a_line_is_one_line(given: str, kept: str) -> None:
    assert checked_line(given, "title", 20) == kept


def test_a_text_keeps_its_lines() -> None:
    assert (
        checked_text("\r\n一行目\r\n\r\n二行目\r三行目 \n", "body", 20)
        == "一行目\n\n二行目\n三行目"
    )


@pytest.mark.parametrize(
    "nothing", ["", " \n\t", "\u3000", "\u200b\u200d\ufeff", "\u3164", "\u2800"]
)
def test_what_shows_nothing_is_missing_where_something_must_be(nothing: str) -> None:
    for check in (checked_line, checked_text):
        with pytest.raises(Blank) as caught:
            check(nothing, "title", 20, required=True)
        assert caught.value.field == "title"


@pytest.mark.parametrize("hidden", ["a\x00", "\u202eabc", "見え\u200bない", "\ud800a", "a\u2066b"])
def test_what_cannot_be_seen_is_refused(hidden: str) -> None:
    for check in (checked_line, checked_text):
        with pytest.raises(Illegible) as caught:
            check(hidden, "body", 20)
        assert caught.value.field == "body"


def test_only_what_is_in_the_list_can_be_chosen() -> None:
    assert checked_choice("tax", {"tax": "税"}, "topic") == "tax"
    for none in ("", "castle", "tax "):
        with pytest.raises(NotChosen) as caught:
            checked_choice(none, {"tax": "税"}, "topic")
        assert caught.value.field == "topic"


def test_the_limit_counts_what_is_kept() -> None:
    assert checked_line(f"  {'あ' * 20}  ", "title", 20) == "あ" * 20
    with pytest.raises(TooLong) as caught:
        checked_text("あ" * 21, "title", 20)
    assert str(caught.value) == "20文字以内で入力してください。今は21文字です。"


def test_a_key_is_a_uuid_in_one_way_of_writing() -> None:
    key = str(uuid4())
    assert checked_key(key.upper()) == checked_key(key) == key


@pytest.mark.parametrize("key", ["", "1", "form", "0" * 33])
def test_what_is_no_key_is_a_stale_form(key: str) -> None:
    with pytest.raises(StaleForm):
        checked_key(key)
