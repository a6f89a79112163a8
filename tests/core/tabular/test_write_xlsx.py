"""Excel books for offices: typed, printable, and nothing in them is computed."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from niwari.errors import Minutes
from niwari.tabular import excel_file, read_book, write_xlsx


def opened(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).worksheets[0]


def part(data: bytes, name: str = "xl/worksheets/sheet1.xml") -> str:
    with ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_values_are_typed_cells() -> None:
    row = [
        "机",
        3,
        Decimal("0.5"),
        True,
        None,
        date(2026, 4, 1),
        datetime(2026, 4, 1, 0, 30, tzinfo=UTC),
        time(8, 30),
        Minutes(1815),
    ]
    sheet = opened(write_xlsx("備品", list("abcdefghi"), [row]))
    assert [cell.value for cell in sheet[2]] == [
        "机",
        3,
        0.5,
        "はい",
        None,
        datetime.fromisoformat("2026-04-01"),
        datetime.fromisoformat("2026-04-01T09:30"),
        time(8, 30),
        timedelta(hours=30, minutes=15),
    ]
    assert sheet["F2"].number_format == "yyyy-mm-dd"
    assert sheet["I2"].number_format == "[h]:mm"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "{=1}", "+1", "-1", "@a", "＝1", "https://example.jp", "mailto:a@b", "0123", "\t=1"],
)
def test_a_text_stays_a_text_without_formula_or_link(text: str) -> None:
    data = write_xlsx("備品", [text], [[text]])
    sheet = opened(data)
    assert (sheet["A2"].data_type, sheet["A2"].value, sheet["A1"].value) == ("s", text, text)
    assert "<f>" not in part(data)
    assert "hyperlink" not in part(data)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (date(1868, 10, 23), "1868-10-23"),
        (Minutes(-90), "-1:30"),
        (10**15, "1000000000000000"),
        (float("nan"), "nan"),
        ("a\ud800b", "a?b"),
    ],
)
def test_what_excel_cannot_hold_is_written_as_text(value: Any, shown: str) -> None:
    assert opened(write_xlsx("備品", ["a"], [[value]]))["A2"].value == shown


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    text = opened(write_xlsx("備品", ["a"], [["あ" * 40_000]]))["A2"].value
    assert len(text) == 32_767
    assert text.endswith("…")


def test_it_prints_on_a4_landscape_one_page_wide_with_the_header_on_each() -> None:
    sheet = opened(write_xlsx("総務・備品 & 消耗品", ["品名"], [["机"]]))
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    # One page wide is what a missing fitToWidth means.
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    header = part(write_xlsx("総務・備品 & 消耗品", ["a"], [])).replace("&amp;", "&")
    assert "&L総務・備品 && 消耗品&R" in header


def test_columns_are_as_wide_as_what_is_in_them_full_width_counting_two() -> None:
    sheet = opened(write_xlsx("備品", ["品名", "備考", "x"], [["あいうえお", "a" * 200, 1]]))
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABC"]
    assert 11 <= widths[0] <= 14
    assert 60 <= widths[1] <= 62
    assert 6 <= widths[2] <= 8


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a/b:c", "a・b・c"),
        ("あ" * 40, "あ" * 31),
        ("'", "一覧"),
        ("", "一覧"),
        ("History", "一覧"),
    ],
)
def test_any_title_names_the_sheet(title: str, name: str) -> None:
    assert opened(write_xlsx(title, ["a"], [])).title == name


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel_file, "MOST_ROWS", 3)
    assert opened(write_xlsx("備品", ["a"], [[1], [2]])).max_row == 3
    with pytest.raises(excel_file.TooManyRows, match="2行まで"):
        write_xlsx("備品", ["a"], [[1], [2], [3]])


def test_what_we_give_out_we_read_again() -> None:
    rows = [
        ("机", 3, date(2026, 4, 1), Minutes(90), None),
        ("=椅子", Decimal("0.5"), None, None, "x"),
    ]
    table = read_book(write_xlsx("備品", list("abcde"), rows))
    assert table.name == "備品"
    assert [record.values for record in table.records] == rows


def test_nothing_is_left_in_the_temporary_folder(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert re.search(r"<row r=\"2\"", part(write_xlsx("備品", ["a"], [["机"]])))
