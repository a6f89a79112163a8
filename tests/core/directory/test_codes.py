"""The reference table of Japan's municipalities, and codes that are refused."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from importlib import resources

import pytest

from niwari.directory.codes import (
    InvalidCode,
    ReferenceMunicipality,
    check_digit,
    is_municipality,
    reference,
    validate_code,
)

KORIYAMA_REGION = {
    "072036": "郡山市",
    "072079": "須賀川市",
    "072109": "二本松市",
    "072117": "田村市",
    "072141": "本宮市",
    "073229": "大玉村",
    "073423": "鏡石町",
    "073440": "天栄村",
    "074071": "磐梯町",
    "074080": "猪苗代町",
    "075019": "石川町",
    "075027": "玉川村",
    "075035": "平田村",
    "075043": "浅川町",
    "075051": "古殿町",
    "075213": "三春町",
    "075221": "小野町",
}


def wrong_check_digits(codes: list[str]) -> list[str]:
    """The codes whose last digit is not that of the standard, worked out digit by digit."""
    wrong = []
    for code in codes:
        a, b, c, d, e = map(int, code[:5])
        if str((11 - (6 * a + 5 * b + 4 * c + 3 * d + 2 * e) % 11) % 10) != code[5]:
            wrong.append(code)
    return wrong


def test_every_check_digit_of_the_table_is_right() -> None:
    assert wrong_check_digits(list(reference())) == []


def test_a_planted_wrong_check_digit_is_found() -> None:
    assert wrong_check_digits([*reference(), "072037"]) == ["072037"]


@pytest.mark.parametrize(
    ("five", "digit"), [("13101", 6), ("40130", 7), ("14100", 3), ("01000", 6), ("07203", 6)]
)
def test_known_check_digits(five: str, digit: int) -> None:
    assert check_digit(five) == digit


@pytest.mark.parametrize("five", ["", "1310", "131016", "1310a", "１３１０１", "13101\n"])
def test_a_check_digit_needs_five_ascii_digits(five: str) -> None:
    with pytest.raises(InvalidCode) as refused:
        check_digit(five)
    assert refused.value.reason == "format"


def test_japan_has_1741_municipalities() -> None:
    kinds = Counter(row.kind for row in reference().values())
    assert kinds == {
        "prefecture": 47,
        "designated_city": 20,
        "ward": 171,
        "special_ward": 23,
        "city": 772,
        "town": 743,
        "village": 183,
    }
    assert sum(n for kind, n in kinds.items() if is_municipality(kind)) == 1741


def test_the_table_is_in_order_of_code_without_repetition() -> None:
    table = resources.files("niwari.directory") / "data" / "municipalities.csv"
    codes = [line.split(",")[0] for line in table.read_text(encoding="utf-8").splitlines()[1:]]
    assert codes == sorted(set(codes))
    assert codes == list(reference())


def test_every_parent_is_the_prefecture_or_for_wards_the_designated_city() -> None:
    table = reference()
    for row in table.values():
        if row.kind == "prefecture":
            assert (row.parent, row.prefecture) == ("", row.name)
            continue
        parent = table[row.parent]
        assert parent.kind == ("designated_city" if row.kind == "ward" else "prefecture"), row
        assert parent.prefecture == row.prefecture, row
        if row.kind == "ward":
            assert row.name.startswith(parent.name), row
            assert row.kana.startswith(parent.kana), row


def test_every_reading_is_full_width_katakana_and_ends_as_the_kind_does() -> None:
    endings = {
        "designated_city": ("シ",),
        "ward": ("ク",),
        "special_ward": ("ク",),
        "city": ("シ",),
        "town": ("チョウ", "マチ"),
        "village": ("ムラ", "ソン"),
        "prefecture": ("ケン", "ト", "フ", "ドウ"),
    }
    for row in reference().values():
        assert all("ァ" <= letter <= "ー" for letter in row.kana), row
        assert row.kana.endswith(endings[row.kind]), row


def test_only_towns_and_villages_have_a_county_and_it_is_not_in_their_name() -> None:
    for row in reference().values():
        if row.county:
            assert row.kind in {"town", "village"}, row
            assert row.county.endswith("郡"), row
            assert not row.name.startswith(row.county), row
    islands = [
        row.name
        for row in reference().values()
        if row.kind in {"town", "village"} and not row.county
    ]
    assert islands == [
        "大島町",
        "利島村",
        "新島村",
        "神津島村",
        "三宅村",
        "御蔵島村",
        "八丈町",
        "青ヶ島村",
        "小笠原村",
    ]


@pytest.mark.parametrize(("code", "name"), KORIYAMA_REGION.items())
def test_the_koriyama_region_by_name(code: str, name: str) -> None:
    assert validate_code(code) == code
    row = reference()[code]
    assert (row.name, row.prefecture, row.parent) == (name, "福島県", "070009")
    assert is_municipality(row.kind)


@pytest.mark.parametrize(
    "row",
    [
        ReferenceMunicipality("070009", "福島県", "フクシマケン", "福島県", "prefecture", "", ""),
        ReferenceMunicipality(
            "141003", "横浜市", "ヨコハマシ", "神奈川県", "designated_city", "140007", ""
        ),
        ReferenceMunicipality(
            "221384", "浜松市中央区", "ハママツシチュウオウク", "静岡県", "ward", "221309", ""
        ),
        ReferenceMunicipality(
            "131016", "千代田区", "チヨダク", "東京都", "special_ward", "130001", ""
        ),
        ReferenceMunicipality(
            "073229", "大玉村", "オオタマムラ", "福島県", "village", "070009", "安達郡"
        ),
        ReferenceMunicipality(
            "103454", "吉岡町", "ヨシオカマチ", "群馬県", "town", "100005", "北群馬郡"
        ),
        ReferenceMunicipality(
            "284815", "上郡町", "カミゴオリチョウ", "兵庫県", "town", "280003", "赤穂郡"
        ),
    ],
    ids=lambda row: row.name,
)
def test_samples_of_every_shape(row: ReferenceMunicipality) -> None:
    assert reference()[row.code] == row


def test_prefectures_and_wards_are_valid_codes_but_no_municipalities() -> None:
    for code in ("070009", "221384"):
        assert validate_code(code) == code
        assert not is_municipality(reference()[code].kind)


@pytest.mark.parametrize(
    ("code", "reason", "expected"),
    [
        ("072037", "check_digit", "072036"),
        ("077777", "check_digit", "077771"),
        ("077771", "unknown", None),
        ("221317", "unknown", None),
        ("016951", "unknown", None),
        ("07203", "format", "072036"),
        ("72036", "format", "072036"),
        ("", "format", None),
        ("0720366", "format", None),
        ("99999", "format", None),
        ("072036\n", "format", None),
        (" 072036", "format", None),
        ("０７２０３６", "format", None),
        ("郡山市", "format", None),
    ],
)
def test_refused_codes_say_why_and_what_was_meant(
    code: str, reason: str, expected: str | None
) -> None:
    with pytest.raises(InvalidCode) as refused:
        validate_code(code)
    assert refused.value.code == code
    assert refused.value.reason == reason
    assert refused.value.expected == expected


def test_five_digits_that_can_be_two_places_are_not_guessed() -> None:
    known = reference().keys()
    ambiguous = next(
        code[1:]
        for code in known
        if code.startswith("0") and f"{code[1:]}{check_digit(code[1:])}" in known
    )
    with pytest.raises(InvalidCode) as refused:
        validate_code(ambiguous)
    assert refused.value.expected is None


def test_the_reference_is_read_once_and_cannot_be_changed() -> None:
    assert reference() is reference()
    with pytest.raises(TypeError):
        reference()["000000"] = reference()["072036"]  # type: ignore[index]


def test_the_members_of_the_koriyama_region_are_all_there_with_their_dates() -> None:
    table = resources.files("niwari.directory") / "data" / "koriyama.csv"
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert {row["code"]: row["name"] for row in rows} == KORIYAMA_REGION
    assert Counter(date.fromisoformat(row["since"]) for row in rows) == {
        date(2019, 1, 23): 15,
        date(2019, 10, 18): 1,
        date(2022, 2, 7): 1,
    }
