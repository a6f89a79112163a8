"""Reading lists as offices keep them: where the table lies, and what its cells hold."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook as PlainBook

from niwari.errors import Minutes
from niwari.tabular import ImportRefused, Limits, Table, UnreadableFile, read_book

HEADER = ("品名", "数量", "購入日")


def values(table: Table) -> list[tuple[Any, ...]]:
    return [record.values for record in table.records]


def refused(data: bytes, **options: Any) -> list[tuple[int, str, str]]:
    with pytest.raises(ImportRefused) as caught:
        read_book(data, **options)
    return [(bad.line, bad.column, bad.reason) for bad in caught.value.bad_lines]


# -- where the table lies --


def test_a_list_at_a1_is_header_and_records(make_book: Any) -> None:
    table = read_book(make_book([HEADER, ("机", 3, date(2026, 4, 1)), ("椅子", 12, None)]))
    assert table.name == "一覧"
    assert table.columns == HEADER
    assert [(record.line, record.values) for record in table.records] == [
        (2, ("机", 3, date(2026, 4, 1))),
        (3, ("椅子", 12, None)),
    ]


def test_a_list_at_b3_with_a_title_above_is_found(make_book: Any) -> None:
    lines = [("備品一覧",), (), HEADER, ("机", 3, date(2026, 4, 1))]
    table = read_book(make_book(lines, at=(0, 1)))
    assert table.columns == HEADER
    assert [(record.line, record.values[0]) for record in table.records] == [(4, "机")]


def test_a_title_with_its_date_right_above_the_header_is_no_header(make_book: Any) -> None:
    lines = [
        ("備品一覧", None, None, None, "令和8年4月1日現在"),
        ("番号", "品名", "数量", "金額", "場所"),
        (1, "机", 3, 1000, "庁舎"),
    ]
    assert read_book(make_book(lines)).columns == ("番号", "品名", "数量", "金額", "場所")


def test_headings_merged_over_two_lines_are_one_header(make_book: Any) -> None:
    lines = [(), (), ("山田", "0247-62-0000", "a@example.jp", "町内")]
    merged = [
        (0, 0, 1, 0, "氏名"),
        (0, 1, 0, 2, "連絡先"),
        (0, 3, 1, 3, "住所"),
    ]

    def second_line(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 1, ["電話", "メール"])

    table = read_book(make_book(lines, merged=merged, finish=second_line))
    assert table.columns == ("氏名", "電話", "メール", "住所")
    assert values(table) == [("山田", "0247-62-0000", "a@example.jp", "町内")]


def test_a_lower_heading_that_stands_twice_keeps_the_one_above_it(make_book: Any) -> None:
    merged = [(0, 0, 1, 0, "氏名"), (0, 1, 0, 2, "自宅"), (0, 3, 0, 4, "職場")]

    def second_line(book: Any, sheet: Any) -> None:
        sheet.write_row(1, 1, ["電話", "住所", "電話", "住所"])

    lines = [(), (), ("山田", "1", "2", "3", "4")]
    table = read_book(make_book(lines, merged=merged, finish=second_line))
    assert table.columns == ("氏名", "自宅 電話", "自宅 住所", "職場 電話", "職場 住所")


def test_cells_merged_sideways_are_one_column(make_book: Any) -> None:
    lines = [("番号",), (1,), (2,)]
    merged = [(0, 1, 0, 2, "品名"), (1, 1, 1, 2, "机"), (2, 1, 2, 2, "椅子")]
    table = read_book(make_book(lines, merged=merged))
    assert table.columns == ("番号", "品名")
    assert values(table) == [(1, "机"), (2, "椅子")]


def test_a_section_merged_over_its_lines_belongs_to_each(make_book: Any) -> None:
    lines = [("課", "品名"), (None, "机"), (None, "椅子"), ("税務課", "棚")]
    table = read_book(make_book(lines, merged=[(1, 0, 2, 0, "総務課")]))
    assert values(table) == [("総務課", "机"), ("総務課", "椅子"), ("税務課", "棚")]


def test_empty_lines_and_columns_and_the_note_below_fall_away(make_book: Any) -> None:
    lines = [
        ("品名", None, "数量", None),
        ("机", None, 3, "　"),
        (),
        ("椅子", None, 4, None),
        (" ", None, None, None),
        ("※ 数量は税務課を含む。",),
    ]
    table = read_book(make_book(lines))
    assert table.columns == ("品名", "数量")
    assert values(table) == [("机", 3), ("椅子", 4)]


def test_the_first_sheet_that_is_not_hidden_is_read_and_another_by_its_name(
    make_book: Any,
) -> None:
    def more(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("貸出")
        other.write_row(0, 0, ("借りた人", "日"))
        other.write_row(1, 0, ("山田", "4/1"))
        other.activate()
        sheet.hide()

    data = make_book([("品名", "数量"), ("机", 3)], finish=more)
    assert read_book(data).columns == ("借りた人", "日")
    assert read_book(data, sheet="一覧").columns == ("品名", "数量")
    assert (
        "「台帳」というシートはありません。あるシート：一覧、貸出"
        in refused(data, sheet="台帳")[0][2]
    )


@pytest.mark.parametrize(
    "lines",
    [
        [("備品一覧",)],
        [("品名", "数量")],
        [("品名",), ("机",), ("椅子",)],
        [("品名", "数量"), (), ("※ 注",)],
    ],
)
def test_without_a_header_and_a_line_below_there_is_no_table(make_book: Any, lines: Any) -> None:
    assert "表が見つかりません" in refused(make_book(lines))[0][2]


def test_a_column_without_name_and_a_name_that_stands_twice_are_named(make_book: Any) -> None:
    data = make_book([("品名", None, "数量", "品 名", "品名"), ("机", 1, 2, 3, 4)], at=(1, 1))
    assert refused(data) == [
        (2, "C", "この列に見出しがありません。見出しを付けてください。"),
        (2, "F", "見出し「品名」がB列にもあります。別の名前にしてください。"),
    ]


# -- what cells hold --


def test_values_come_as_what_the_book_says_they_are(make_book: Any) -> None:
    def formats(book: Any, sheet: Any) -> None:
        sheet.write_datetime(
            1,
            2,
            datetime.fromisoformat("2026-04-01T09:30"),
            book.add_format({"num_format": "yyyy/m/d h:mm"}),
        )
        sheet.write_datetime(1, 3, time(8, 30), book.add_format({"num_format": "h:mm"}))
        sheet.write_datetime(
            1, 4, timedelta(hours=30, minutes=15), book.add_format({"num_format": "[h]:mm"})
        )
        sheet.write_datetime(
            1, 5, date(2026, 11, 18), book.add_format({"num_format": '[$-411]ggge"年"m"月"d"日"'})
        )

    data = make_book(
        [tuple("abcdefg"), (0.1 + 0.2, True, None, None, None, None, 3.0)], finish=formats
    )
    assert values(read_book(data)) == [
        (
            Decimal("0.3"),
            True,
            datetime.fromisoformat("2026-04-01T09:30"),
            time(8, 30),
            Minutes(1815),
            date(2026, 11, 18),
            3,
        )
    ]
    assert isinstance(values(read_book(data))[0][4], Minutes)


def test_a_formula_gives_the_value_that_was_saved_with_it(make_book: Any) -> None:
    def formula(book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 1, "=1+1", None, 2)

    table = read_book(make_book([("品名", "数量"), ("机", None)], finish=formula))
    assert values(table) == [("机", 2)]


def test_a_formula_that_failed_is_named_with_its_cell(make_book: Any) -> None:
    def formula(book: Any, sheet: Any) -> None:
        sheet.write_formula(2, 1, "=1/0", None, "#DIV/0!")

    data = make_book([("品名", "数量"), ("机", 1), ("椅子", None)], finish=formula)
    assert refused(data) == [
        (3, "数量", "式の結果がエラー（#DIV/0!）です。表計算で直してください。")
    ]


@pytest.mark.parametrize("number", [1e31, -1e31, 10**40])
def test_a_number_too_large_for_an_office_is_a_text(make_book: Any, number: float) -> None:
    table = read_book(make_book([("品名", "数量"), ("机", number), ("椅子", 1e15)]))
    assert values(table) == [("机", f"{number:.15g}"), ("椅子", 10**15)]


def test_a_very_long_number_in_the_book_is_a_text(make_book: Any, repack: Any) -> None:
    book = make_book([("品名", "数量"), ("机", 12345)])
    with ZipFile(io.BytesIO(book)) as archive:
        part = archive.read("xl/worksheets/sheet1.xml")
    long = repack(book, {"xl/worksheets/sheet1.xml": part.replace(b"12345", b"1" * 31)})
    assert values(read_book(long)) == [("机", "1.11111111111111e+30")]


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000"])
def test_no_space_stays_at_the_edges_of_a_cell(space: str) -> None:
    table = read_book(f"品名,状態\n机,良{space}\n椅子,{space}良\n棚,{space}\n".encode())
    assert values(table) == [("机", "良"), ("椅子", "良"), ("棚", None)]


def test_lines_within_a_cell_stay_and_the_edges_are_stripped(make_book: Any) -> None:
    data = make_book([("品名", "備考"), ("　机 ", "一行目\n二行目 ")])
    assert values(read_book(data)) == [("机", "一行目\n二行目")]


def test_characters_that_cannot_be_seen_are_named(make_book: Any) -> None:
    data = make_book([("品名", "備考"), ("机", "a\u202eb"), ("椅子", "a\x01b")])
    assert [(line, column) for line, column, _ in refused(data)] == [(2, "備考"), (3, "備考")]


def test_a_book_by_another_program_reads_the_same(tmp_path: Any) -> None:
    book = PlainBook()
    book.active.append(HEADER)
    book.active.append(("机", 3, date(2026, 4, 1)))
    book.save(tmp_path / "list.xlsx")
    table = read_book((tmp_path / "list.xlsx").read_bytes())
    assert (table.columns, values(table)) == (HEADER, [("机", 3, date(2026, 4, 1))])


# -- CSV --


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_file_is_read_the_same_way(encoding: str) -> None:
    text = '備品一覧,,\r\n\r\n品名,数量,備考\r\n机,３,"一\r\n二"\r\n椅子,4\r\n'
    table = read_book(text.encode(encoding))
    assert table.columns == ("品名", "数量", "備考")
    assert [(record.line, record.values) for record in table.records] == [
        (4, ("机", "３", "一\n二")),
        (6, ("椅子", "4", None)),
    ]


def test_an_open_quote_in_a_csv_file_is_named_with_its_line() -> None:
    assert "3行目の引用符" in refused('品名,数量\n机,1\n"椅子,2\n'.encode())[0][2]


def test_a_csv_file_has_no_sheet() -> None:
    assert "CSV にはシートがありません" in refused(b"a,b\n1,2\n", sheet="一覧")[0][2]


# -- how much --


def test_more_lines_or_columns_than_allowed_are_refused(make_book: Any) -> None:
    few = Limits(rows=3, columns=3)
    book = make_book([HEADER, ("机", 1), ("椅子", 2), ("棚", 3)])
    wide = make_book([("a", "b"), ("1", "2", None, "4")])
    for data, sentence in (
        (book, "行が多すぎます（3行まで）"),
        (b"a,b\n1,2\n3,4\n5,6\n", "行が多すぎます（3行まで）"),
        (wide, "列が多すぎます（3列まで）"),
        (b"a,b\n1,2,,4\n", "列が多すぎます（3列まで）"),
    ):
        assert sentence in refused(data, limits=few)[0][2]
    assert len(read_book(make_book([HEADER, ("机", 1), ("椅子", 2)]), limits=few).records) == 2


def test_a_file_over_the_size_and_an_empty_one_are_refused(make_book: Any) -> None:
    with pytest.raises(UnreadableFile, match="ファイルが大きすぎます（1MBまで）"):
        read_book(b"a" * (2**20 + 1), limits=Limits(size=2**20))
    for nothing in (b"", b" \r\n"):
        with pytest.raises(UnreadableFile, match="ファイルが空です"):
            read_book(nothing)
