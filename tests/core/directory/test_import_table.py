"""Reading CSV files from outside: encodings, header, line numbers, cells."""

from datetime import date

import pytest

from niwari.tabular import (
    BadCell,
    ImportRefused,
    Reader,
    Refusals,
    Row,
    choice_of,
    day_of,
    decode,
    normalised,
    optional_day_of,
    read_table,
    text_of,
)

COLUMNS = ("login", "name")
TEXT = "login,name\na@koriyama,職員一\nb@koriyama,職員ソ表\n"


def rows_of(data: bytes) -> list[Row]:
    """The rows of a file in which nothing is wrong."""
    refusals = Refusals()
    rows = read_table(data, COLUMNS, refusals)
    refusals.raise_if_any()
    return rows


def refused(data: bytes) -> list[tuple[int, str, str]]:
    """What is wrong with a file: line, column, reason."""
    with pytest.raises(ImportRefused) as caught:
        rows_of(data)
    return [(bad.line, bad.column, bad.reason) for bad in caught.value.bad_lines]


# -- encodings --


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_utf8_with_and_without_mark_and_cp932_give_the_same_rows(encoding: str) -> None:
    rows = rows_of(TEXT.encode(encoding))
    assert [(row.line, dict(row.cells)) for row in rows] == [
        (2, {"login": "a@koriyama", "name": "職員一"}),
        (3, {"login": "b@koriyama", "name": "職員ソ表"}),
    ]


def test_characters_that_only_cp932_has_are_read() -> None:
    assert decode("髙﨑①Ⅲ㈱～－".encode("cp932")) == "髙﨑①Ⅲ㈱～－"


def test_cp932_with_half_width_kana_is_not_taken_for_utf8() -> None:
    kana = "".join(chr(code) for code in range(0xFF66, 0xFF9E))
    assert decode(kana.encode("cp932")) == kana
    assert decode("ﾃｽﾄ".encode("cp932")) == "ﾃｽﾄ"


def test_each_line_with_a_broken_byte_of_utf8_is_named_with_its_place() -> None:
    lines = TEXT.encode().splitlines()
    lines[1] = lines[1] + b"\xff"
    lines[2] = b"\xe8" + lines[2]
    mend = "が文字として読めません。UTF-8 か CP932 で保存し直してください。"
    assert refused(b"\n".join(lines)) == [
        (2, "", f"行の{len(lines[1])}バイト目（FF）{mend}"),
        (3, "", f"行の1バイト目（E8）{mend}"),
    ]


@pytest.mark.parametrize("name", ["ﾔﾏﾀﾞ", "ｱﾍﾞ ﾏﾘｱ･", "齋藤ﾏﾅﾐ", "黑淵 鷹", "ﾜﾀﾅﾍﾞ､ﾊﾅ"])
def test_names_that_look_a_little_like_euc_jp_stay_cp932(name: str) -> None:
    data = f"login,name\na@koriyama,{name}\n".encode("cp932")
    assert rows_of(data)[0].cells["name"] == name


@pytest.mark.parametrize("byte", [b"\x80", b"\xa0", b"\xfd", b"\xfe", b"\xff"])
def test_a_byte_that_is_no_character_of_cp932_is_named(byte: bytes) -> None:
    lines = TEXT.encode("cp932").splitlines()
    lines[2] += byte
    ((line, _, reason),) = refused(b"\n".join(lines))
    assert line == 3
    assert f"行の{len(lines[2])}バイト目（{byte.hex().upper()}）" in reason


def test_after_a_mark_of_utf8_nothing_else_is_tried() -> None:
    data = b"\xef\xbb\xbf" + TEXT.encode("cp932")
    assert [line for line, _, _ in refused(data)] == [2, 3]


KANA = "ショクインイチ,しょくいんいち、さいとう"


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"PK\x03\x04rest", "Excelのブック"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16"),
        (TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.encode("euc_jp"), "EUC-JP"),
        (f"login,name\na@koriyama,{KANA}\n".encode("euc_jp"), "EUC-JP"),
        (TEXT.encode("iso2022_jp"), "JIS（ISO-2022-JP）"),
        (b"%PDF-1.7\n" + bytes(range(256)), "表として読めません"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 400, "表として読めません"),
        (bytes(range(256)) * 4, "表として読めません"),
    ],
)
def test_another_kind_of_file_is_named(data: bytes, what: str) -> None:
    ((line, _, reason),) = refused(data)
    assert line == 1
    assert what in reason


# -- header --


def test_columns_may_stand_in_any_order() -> None:
    (row,) = rows_of("name,login\n職員一,a@koriyama\n".encode())
    assert row.cells == {"login": "a@koriyama", "name": "職員一"}


def test_missing_unknown_and_doubled_columns_are_all_named() -> None:
    assert refused("login,login,ｎame2\n".encode()) == [
        (1, "login", "この列が二つ以上あります。"),
        (1, "name", "この列がありません。"),
        (1, "name2", "知らない列です。使える列は login, name です。"),
    ]


def test_a_header_with_full_width_letters_and_spaces_is_understood() -> None:
    assert len(rows_of("ｌｏｇｉｎ , name\na@koriyama,職員一\n".encode())) == 1


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\n , \n"])
def test_an_empty_file_is_refused_as_such(data: bytes) -> None:
    assert refused(data) == [(1, "", "ファイルが空です。")]


@pytest.mark.parametrize("data", [b"login,name\n", b"login,name\n,\n\n", b"login,name"])
def test_a_file_with_a_header_alone_is_refused(data: bytes) -> None:
    ((line, column, reason),) = refused(data)
    assert (line, column) == (1, "")
    assert reason.startswith("見出しの行だけで、取り込む行がありません。")


def test_a_bad_line_below_the_header_is_told_and_not_that_there_is_none() -> None:
    assert [reason for *_, reason in refused(b'login,name\n"a,b\n')] == [
        '引用符（"）の使い方が正しくありません。この行から後は確かめていません。'
    ]


# -- lines --


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_the_file_whatever_ends_a_line(end: str) -> None:
    data = f"login,name{end}{end}a@koriyama,一{end},{end}b@koriyama,二".encode()
    assert [row.line for row in rows_of(data)] == [3, 5]


def test_a_line_break_in_quotes_is_refused_and_later_lines_keep_their_numbers() -> None:
    data = 'login,name\na@koriyama,"職員\n一"\nb@koriyama,=1\nc@koriyama\n'.encode()
    assert refused(data) == [
        (2, "name", "欄の中に改行があります。"),
        (5, "", "欄の数が違います。2個のはずが、1個あります。"),
    ]


def test_quoted_commas_and_quotes_are_part_of_the_cell() -> None:
    (row,) = rows_of('login,name\na@koriyama,"職員, ""一"""\n'.encode())
    assert row.cells["name"] == '職員, "一"'


def test_an_open_quote_is_refused_at_the_line_where_its_record_begins() -> None:
    ((line, _, reason),) = refused('login,name\na@koriyama,一\n"b@koriyama,二\nc,三\n'.encode())
    assert line == 3
    assert "引用符" in reason


def test_an_open_quote_in_the_header_is_all_that_is_told() -> None:
    ((line, _, reason),) = refused('"login,name\na@koriyama,一\n'.encode())
    assert line == 1
    assert "引用符" in reason


def test_too_many_and_too_few_cells_are_refused_by_line() -> None:
    assert refused(b"login,name\na,b,c\nd\ne,f\n") == [
        (2, "", "欄の数が違います。2個のはずが、3個あります。"),
        (3, "", "欄の数が違います。2個のはずが、1個あります。"),
    ]


@pytest.mark.parametrize(
    "character", ["\x00", "\x07", "\t", "\x1f", "\x7f", "\x85", "\u200b", "\u202e", "\ufeff"]
)
def test_control_and_invisible_characters_are_refused_by_line_and_column(character: str) -> None:
    data = f"login,name\na@koriyama,職員{character}一\n".encode()
    assert refused(data) == [(2, "name", f"使えない文字（U+{ord(character):04X}）があります。")]


def test_space_around_a_cell_is_left_out_full_width_too_but_names_stay_as_written() -> None:
    (row,) = rows_of("login,name\n a@koriyama ,\u3000職員\u3000ｶﾅ１ \n".encode())
    assert row.cells == {"login": "a@koriyama", "name": "職員\u3000ｶﾅ１"}


def test_a_name_with_a_variation_selector_is_no_invisible_character() -> None:
    (row,) = rows_of("login,name\na@koriyama,葛\U000e0100城\n".encode())
    assert row.cells["name"] == "葛\U000e0100城"


# -- cells --


def test_all_bad_cells_of_a_row_are_named() -> None:
    refusals = Refusals()
    readers: dict[str, Reader] = {"login": choice_of(["a"]), "name": text_of(3)}
    assert Row(4, {"login": "b", "name": "=1+1"}).read(readers, refusals) is None
    with pytest.raises(ImportRefused) as caught:
        refusals.raise_if_any()
    assert [(bad.line, bad.column) for bad in caught.value.bad_lines] == [(4, "login"), (4, "name")]
    assert str(caught.value) == "ファイルに誤りが2件あります。何も取り込んでいません。"


@pytest.mark.parametrize("sign", list("=+-@＝＋－＠"))
def test_a_name_that_looks_like_a_formula_is_refused(sign: str) -> None:
    with pytest.raises(BadCell, match="式として扱われます"):
        text_of(20)(f"{sign}SUM(A1)")


def test_a_sign_inside_a_name_is_fine() -> None:
    assert text_of(20)("東-1係") == "東-1係"


def test_an_empty_and_a_long_name_are_refused() -> None:
    with pytest.raises(BadCell, match="空にできません"):
        text_of(3)("")
    with pytest.raises(BadCell, match="3文字までのところ、4文字"):
        text_of(3)("職員一二")
    assert text_of(3)("職員一") == "職員一"


def test_a_choice_is_read_in_full_width_letters_and_names_the_choices_when_refused() -> None:
    assert choice_of(("annual", "sick"))("ｓｉｃｋ") == "sick"
    with pytest.raises(BadCell, match="「休み」は使えません。annual, sick のどれか"):
        choice_of(("annual", "sick"))("休み")


@pytest.mark.parametrize("cell", ["2026-04-01", "2026/4/1", "２０２６－０４－０１", "2026-4-1"])
def test_days_are_read_as_iso_and_as_spreadsheets_write_them(cell: str) -> None:
    assert day_of(cell) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "2026-04-01 のように"),
        ("令和8年4月1日", "2026-04-01 のように"),
        ("4/1/2026", "2026-04-01 のように"),
        ("2026-04-01T00:00", "2026-04-01 のように"),
        ("2026-02-29", "2026-02-29 という日はありません"),
        ("9999-12-31", "1900年から2100年まで"),
        ("0026-04-01", "1900年から2100年まで"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(cell: str, reason: str) -> None:
    with pytest.raises(BadCell, match=reason):
        day_of(cell)


def test_an_optional_day_may_be_empty() -> None:
    assert optional_day_of("") is None
    assert optional_day_of("2027/3/31") == date(2027, 3, 31)


def test_codes_become_half_width() -> None:
    assert normalised("　０７２０３６ ") == "072036"
