"""From a list to columns: what each takes, what it is called, and what cannot be read."""

import io
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from xlsxwriter import Workbook

from niwari.scaffold.listing import MOST_COLUMNS, read_list
from niwari.tabular import Kind, write_xlsx

LINES = [
    "備品名,数量,単価,購入日,状態,貸出可,備考,Serial No.,電話番号",
    '机,3,"1,200.5",令和8年4月1日,良,○,窓側,A1,0249-1',
    "椅子,10,500,2026/5/1,良,×,,A2,0249-2",
    '棚,1,,2026/5/2,要修理,○,"長い\n説明",A3,0249-3',
    "棚,1,,2026/5/2,要修理,○,,A4,0249-4",
]


def test_columns_take_what_their_cells_hold(write_csv_list: Any) -> None:
    found = read_list(write_csv_list(LINES))
    assert [(column.kind, column.required) for column in found] == [
        (Kind.TEXT, True),
        (Kind.NUMBER, True),
        (Kind.NUMBER, False),
        (Kind.DATE, True),
        (Kind.CHOICE, True),
        (Kind.YES_NO, False),
        (Kind.LONG_TEXT, False),
        (Kind.TEXT, True),
        (Kind.TEXT, True),
    ]
    assert found[4].choices == ("良", "要修理")
    assert [column.field for column in found[:4]] == [
        'CharField(max_length=200, default="")',
        "BigIntegerField()",
        "DecimalField(max_digits=15, decimal_places=1, null=True)",
        "DateField()",
    ]
    assert [column.listed for column in found] == [True] * 5 + [False] * 4


def test_columns_are_called_by_place_by_ascii_heading_or_as_chosen(write_csv_list: Any) -> None:
    found = read_list(write_csv_list(LINES), names={" 備品名 ": "item_name"})
    assert [(column.name, column.en) for column in found[:3]] == [
        ("item_name", "Item name"),
        ("column_2", "Column 2 (数量)"),
        ("column_3", "Column 3 (単価)"),
    ]
    assert (found[7].name, found[7].ja, found[7].en) == ("serial_no", "Serial No.", "Serial No.")


@pytest.mark.parametrize(
    "heading",
    [
        *("class", "id", "select", "save", "data", "audience", "form key", "validate_x", "_"),
        *("Values", "Meta", "xmin", "xmax", "cmin", "cmax", "ctid", "tableoid"),
    ],
)
def test_a_heading_that_means_something_to_the_code_is_called_by_its_place(
    write_csv_list: Any, heading: str
) -> None:
    found = read_list(write_csv_list([f"{heading},品名", "1,机"]))
    assert [column.name for column in found] == ["column_1", "column_2"]


def test_two_headings_that_make_one_name_get_two(write_csv_list: Any) -> None:
    found = read_list(write_csv_list(["column_2,Item,item,A b,a-b", "1,2,3,4,5"]))
    assert [column.name for column in found] == ["column_2", "item", "column_3", "a_b", "column_5"]


def test_a_number_that_no_column_keeps_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(write_xlsx("x", ["名", "量"], [["a", 1], ["b", 2]]))
    assert read_list(path)[1].kind is Kind.NUMBER

    out = io.BytesIO()
    book = Workbook(out)
    sheet = book.add_worksheet()
    for line, cells in enumerate([["名", "量"], ["a", 1], ["b", 1e20]]):
        sheet.write_row(line, 0, cells)
    book.close()
    path.write_bytes(out.getvalue())
    assert read_list(path)[1].kind is Kind.TEXT


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("品番=item", "there is no column '品番'; there are 備品名, 数量"),
        ("備品名=Item", "name 'Item': use up to 40 lower-case letters"),
        ("備品名=class", "name 'class' means something else"),
        ("備品名=filter_x", "name 'filter_x' means something to its form"),
        ("備品名", "write it as HEADING=NAME"),
        ("=item", "write it as HEADING=NAME"),
    ],
)
def test_a_name_that_a_column_cannot_have_is_told(
    run: Any, tmp_path: Path, write_csv_list: Any, given: str, said: str
) -> None:
    source = write_csv_list(LINES)
    code, output = run("new-plugin", "tea", "--into", tmp_path, "--from", source, "--column", given)
    assert (code, said in output) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == [source.name]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "ファイルが空です。"),
        ("備品名,数量\n".encode(), "表が見つかりません。"),
        ("ただの文章です。\n二行目です。\n".encode(), "表が見つかりません。"),
        ("名,名\n1,2\n".encode(), "見出し「名」がA列にもあります。"),
        ("名,,量\n1,2,3\n".encode(), "この列に見出しがありません。"),
        (b"PK\x03\x04 no book", "Excelのブックとして読めません"),
        (b"\xff\xfe\x00", "UTF-16 のファイルです。"),
        (b"%PDF-1.7\n\x80\x81", "表として読めません"),
        (
            ",".join(f"h{n}" for n in range(MOST_COLUMNS + 1)).encode() + b"\n" + b"1," * 101,
            "has 101 columns; 100 is the most",
        ),
        (b"a,b\n" + b"1,2\n" * 20_001, "行が多すぎます"),
    ],
    ids=range(10),
)
def test_a_file_that_is_no_list_is_told_in_a_sentence_and_nothing_is_written(
    run: Any, tmp_path: Path, content: bytes, said: str
) -> None:
    expect_told(run, tmp_path, content, said)


def test_so_is_a_book_that_holds_too_much(run: Any, tmp_path: Path) -> None:
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("xl/workbook.xml", b" " * 60 * 2**20)
    expect_told(run, tmp_path, out.getvalue(), "ブックの中身が大きすぎます")


def expect_told(run: Any, tmp_path: Path, content: bytes, said: str) -> None:
    source = tmp_path / "list.xlsx"
    source.write_bytes(content)
    code, output = run("new-plugin", "tea", "--into", tmp_path, "--from", source)
    assert code == 2
    assert output.startswith("niwari: list.xlsx")
    assert said in output
    assert output.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["list.xlsx"]


def test_a_file_that_is_not_there_is_told(run: Any, tmp_path: Path) -> None:
    for source in (tmp_path / "nothing.xlsx", tmp_path):
        code, output = run("new-plugin", "tea", "--into", tmp_path, "--from", source)
        assert (code, "cannot be read" in output) == (2, True)


def test_the_printed_import_names_the_sheet_that_was_read(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(write_xlsx("本 庁", ["名", "量"], [["a", 1], ["b", 2]]))
    for name, sheet, said in (("tea", ["--sheet", "本 庁"], " --sheet '本 庁'"), ("cup", [], "")):
        code, output = run("new-plugin", name, "--into", tmp_path, "--from", path, *sheet)
        assert code == 0
        assert f"  niwari {name} import {path}{said} --municipality CODE\n" in output


def test_the_files_name_is_what_people_call_the_plugin(
    run: Any, tmp_path: Path, write_csv_list: Any
) -> None:
    run("new-plugin", "tea", "--into", tmp_path, "--from", write_csv_list(LINES))
    manifest = (tmp_path / "tea" / "niwari_tea" / "plugin.toml").read_text(encoding="utf-8")
    assert 'label = { ja = "備品一覧", en = "Tea" }' in manifest


PEOPLE = [
    "備品名,担当者,種別,状態,Staff name",
    *(
        f"品{n},{('佐藤', '鈴木')[n % 2]},{'ab'[n % 2]},{'良悪'[n % 2]},{('Sato', 'Suzuki')[n % 2]}"
        for n in range(6)
    ),
]


def test_names_of_people_do_not_become_choices_in_the_source(
    run: Any, tmp_path: Path, write_csv_list: Any
) -> None:
    code, output = run("new-plugin", "tea", "--into", tmp_path, "--from", write_csv_list(PEOPLE))
    assert code == 0
    assert (
        "The values of these columns were written into columns.toml: 種別、状態; "
        "remove what is personal.\n"
    ) in output
    written = [
        path.read_text(encoding="utf-8")
        for path in (tmp_path / "tea").rglob("*")
        if path.is_file() and path.suffix != ".mo"
    ]
    assert any('"良",' in text for text in written)
    assert not [text for text in written if "佐藤" in text or "Suzuki" in text]


def test_where_no_values_were_written_nothing_is_said_of_them(
    run: Any, tmp_path: Path, write_csv_list: Any
) -> None:
    code, output = run(
        "new-plugin", "tea", "--into", tmp_path, "--from", write_csv_list(["品,数", "机,3"])
    )
    assert (code, "were written into" in output) == (0, False)


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("氏名", Kind.TEXT),
        ("ﾀﾝﾄｳ職員", Kind.TEXT),
        ("住所", Kind.TEXT),
        ("連絡先", Kind.TEXT),
        ("ＮＡＭＥ", Kind.TEXT),
        ("種別", Kind.CHOICE),
        ("状態", Kind.CHOICE),
        ("場所", Kind.CHOICE),
        ("備品名", Kind.CHOICE),
    ],
)
def test_a_heading_tells_whether_few_values_are_choices(
    write_csv_list: Any, heading: str, kind: Kind
) -> None:
    found = read_list(write_csv_list([f"{heading},数", *("甲,1", "乙,2") * 3]))
    assert (found[0].kind, bool(found[0].choices)) == (kind, kind is Kind.CHOICE)
