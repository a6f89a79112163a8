"""Books that are old, locked, broken or meant to do harm: one sentence each, and soon."""

import io
import time
from typing import Any
from zipfile import ZipFile

import pytest

from niwari.tabular import Limits, UnreadableFile, read_book

DAMAGED = "Excelのブックとして読めません"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
SHEET = "xl/worksheets/sheet1.xml"
LINES = [("品名", "数量"), ("机", 3)]
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sentence(data: bytes, **options: Any) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_book(data, **options)
    assert [bad.reason for bad in caught.value.bad_lines] == [str(caught.value)]
    return str(caught.value)


def sheet_of(rows: str) -> bytes:
    return f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()


def test_an_old_book_is_named_as_one() -> None:
    assert "古い形式（.xls）" in sentence(COMPOUND)


def test_a_locked_book_is_named_as_one() -> None:
    assert "パスワードの付いたブック" in sentence(
        COMPOUND + "EncryptedPackage".encode("utf-16-le") + b"\0" * 100
    )


def test_another_kind_of_archive_is_no_book(make_book: Any, repack: Any) -> None:
    out = io.BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert "Excelのブックではありません" in sentence(out.getvalue())
    binary = repack(make_book(LINES), {"xl/workbook.bin": b"\x83\x01\x00"})
    assert "バイナリ形式（.xlsb）" in sentence(binary)
    document = repack(make_book(LINES), {"[Content_Types].xml": b"<Types/>"})
    assert DAMAGED in sentence(document)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_book_that_is_cut_off_is_damaged(make_book: Any, share: float) -> None:
    whole = make_book(LINES)
    assert DAMAGED in sentence(whole[: int(len(whole) * share)])


def test_a_book_with_flipped_bytes_is_damaged_or_still_right(make_book: Any) -> None:
    whole = make_book(LINES)
    right = read_book(whole)
    outcomes = set()
    for place in range(30, len(whole), 61):
        broken = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        try:
            assert read_book(broken) == right
            outcomes.add("right")
        except UnreadableFile:
            outcomes.add("refused")
    assert outcomes == {"right", "refused"}


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"<worksheet",
        b"not xml",
        sheet_of('<row r="x"><c r="A1"><v>1</v></c></row>'),
        sheet_of('<row r="1"><c r="A1"><v>NaN</v></c></row>'),
        sheet_of('<row r="1"><c r="A1"><v>1E999</v></c></row>'),
        sheet_of('<row r="1"><c r="A1" t="s"><v>999999</v></c></row>'),
        sheet_of('<row r="1"><c r="A1"><v>' + "9" * 5000 + "</v></c></row>"),
    ],
)
def test_a_sheet_with_nonsense_in_it_is_damaged(make_book: Any, repack: Any, part: bytes) -> None:
    assert DAMAGED in sentence(repack(make_book(LINES), {SHEET: part}))


def test_a_bomb_is_refused_before_it_is_unpacked(make_book: Any, repack: Any) -> None:
    bomb = repack(make_book(LINES), {SHEET: sheet_of("") + b" " * (60 * 2**20)})
    assert len(bomb) < 2**20
    began = time.monotonic()
    assert "ブックの中身が大きすぎます（50MBまで）" in sentence(bomb)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_that_multiply_are_refused(make_book: Any, repack: Any, encoding: str) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(20))
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE worksheet [{entities}]>'
        f'<worksheet {MAIN}><sheetData><row r="1"><c t="inlineStr"><is><t>&e19;</t></is></c></row>'
        "</sheetData></worksheet>"
    )
    assert DAMAGED in sentence(repack(make_book(LINES), {SHEET: text.encode(encoding)}))


def test_a_file_of_this_machine_cannot_be_named_in_a_book(make_book: Any, repack: Any) -> None:
    text = (
        '<!DOCTYPE sst [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
        f"<sst {MAIN}><si><t>&file;</t></si></sst>"
    )
    assert DAMAGED in sentence(repack(make_book(LINES), {"xl/sharedStrings.xml": text.encode()}))


def test_a_thousand_sheets_that_are_one_large_part_are_refused(make_book: Any, repack: Any) -> None:
    book = make_book(LINES)
    with ZipFile(io.BytesIO(book)) as archive:
        workbook = archive.read("xl/workbook.xml").decode()
    one = workbook[workbook.index("<sheet ") : workbook.index("</sheets>")]
    many = workbook.replace(one, one * 1000).encode()
    large = sheet_of("") + b" " * 2**20
    hostile = repack(book, {"xl/workbook.xml": many, SHEET: large})
    assert "シートが多すぎます" in sentence(hostile)


def test_a_line_far_below_costs_no_time_and_one_beyond_the_end_is_not_there(
    make_book: Any, repack: Any
) -> None:
    head = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>b</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    )
    far = head + '<row r="1000000"><c r="A1000000"><v>2</v></c></row>'
    beyond = head + '<row r="999999999999"><c r="A999999999999"><v>2</v></c></row>'
    began = time.monotonic()
    table = read_book(repack(make_book(LINES), {SHEET: sheet_of(far)}))
    assert [record.line for record in table.records] == [2, 1_000_000]
    table = read_book(repack(make_book(LINES), {SHEET: sheet_of(beyond)}))
    assert [record.line for record in table.records] == [2]
    assert time.monotonic() - began < 5


def test_a_column_far_to_the_right_is_refused(make_book: Any) -> None:
    def far(book: Any, sheet: Any) -> None:
        sheet.write(1, 3, "x")

    assert "列が多すぎます" in sentence(make_book(LINES, finish=far), limits=Limits(columns=3))


def test_macros_are_not_looked_at(make_book: Any, repack: Any) -> None:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    macro = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
    book = make_book(LINES)
    with ZipFile(io.BytesIO(book)) as archive:
        types = archive.read("[Content_Types].xml")
    with_macro = repack(
        book, {"[Content_Types].xml": types.replace(kind, macro), "xl/vbaProject.bin": b"\xcc" * 99}
    )
    assert [record.values for record in read_book(with_macro).records] == [("机", 3)]


def test_an_area_merged_over_the_whole_sheet_does_no_harm(make_book: Any, repack: Any) -> None:
    book = make_book([*LINES, ("椅子", 4)])
    with ZipFile(io.BytesIO(book)) as archive:
        part = archive.read(SHEET).decode()
    areas = '<mergeCell ref="A1:XFD1048576"/>' * 20_000
    merged = part.replace("</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>")
    began = time.monotonic()
    table = read_book(repack(book, {SHEET: merged.encode()}))
    assert [record.values for record in table.records] == [("机", 3), ("椅子", 4)]
    assert time.monotonic() - began < 5


def test_a_large_list_is_read_in_reasonable_time(make_book: Any) -> None:
    columns = tuple(f"列{n}" for n in range(20))
    lines = [columns, *[tuple(range(20)) for _ in range(5_000)]]
    began = time.monotonic()
    assert len(read_book(make_book(lines)).records) == 5_000
    assert time.monotonic() - began < 20
