"""Books that are old, locked, broken or meant to do harm: one sentence each, and soon."""

import io
from typing import Any
from zipfile import ZipFile

import pytest

from niwari.tabular import ImportRefused, Limits, UnreadableFile, read_book
from niwari.tabular.archive import check_book
from niwari.tabular.elements import chunks

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
        sheet_of('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'),
    ],
)
def test_a_sheet_with_nonsense_in_it_is_damaged(make_book: Any, repack: Any, part: bytes) -> None:
    assert DAMAGED in sentence(repack(make_book(LINES), {SHEET: part}))


def test_a_bomb_is_refused_before_it_is_unpacked(make_book: Any, repack: Any) -> None:
    bomb = repack(make_book(LINES), {SHEET: sheet_of("") + b" " * (60 * 2**20)})
    assert len(bomb) < 2**20
    assert "ブックの中身が大きすぎます（50MBまで）" in sentence(bomb)


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


def test_a_line_far_below_is_read_and_one_beyond_the_end_is_not_there(
    make_book: Any, repack: Any
) -> None:
    head = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>b</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
    )
    far = head + '<row r="1000000"><c r="A1000000"><v>2</v></c></row>'
    beyond = head + '<row r="999999999999"><c r="A999999999999"><v>2</v></c></row>'
    table = read_book(repack(make_book(LINES), {SHEET: sheet_of(far)}))
    assert [record.line for record in table.records] == [2, 1_000_000]
    table = read_book(repack(make_book(LINES), {SHEET: sheet_of(beyond)}))
    assert [record.line for record in table.records] == [2]


def far(column: int, text: str = "x") -> Any:
    """Write ``text`` into the second line."""
    return lambda book, sheet: sheet.write(1, column, text)


def test_a_column_far_to_the_right_is_refused(make_book: Any) -> None:
    for column in (3, 4, 16_383):
        book = make_book(LINES, finish=far(column))
        assert "列が多すぎます（3列まで）" in sentence(book, limits=Limits(columns=3))


def test_a_column_far_to_the_right_without_content_does_no_harm(make_book: Any) -> None:
    data = make_book(LINES, finish=far(16_383, " "))
    assert read_book(data, limits=Limits(columns=3)).columns == ("品名", "数量")


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


@pytest.mark.slow
def test_an_area_merged_over_the_whole_sheet_does_no_harm(make_book: Any, repack: Any) -> None:
    book = make_book([*LINES, ("椅子", 4)])
    with ZipFile(io.BytesIO(book)) as archive:
        part = archive.read(SHEET).decode()

    def merged(count: int) -> bytes:
        areas = '<mergeCell ref="A1:XFD1048576"/>' * count
        text = part.replace("</sheetData>", f"</sheetData><mergeCells>{areas}</mergeCells>")
        return bytes(repack(book, {SHEET: text.encode()}))

    table = read_book(merged(10_000))
    assert [record.values for record in table.records] == [("机", 3), ("椅子", 4)]
    assert "結合されたセルが多すぎます（10,000か所まで）" in sentence(merged(10_001))


@pytest.mark.slow
def test_a_large_list_is_read(make_book: Any) -> None:
    columns = tuple(f"列{n}" for n in range(20))
    lines = [columns, *[tuple(range(20)) for _ in range(5_000)]]
    assert len(read_book(make_book(lines)).records) == 5_000


# What would take long. None of these is timed: as it was before, each took many seconds to minutes.

HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>b</t></is></c></row><row r="2"><c r="A2"><v>1</v></c></row>'
)


def test_unfinished_merged_areas_are_each_looked_at_once(make_book: Any, repack: Any) -> None:
    # Where each was looked for to the end of the part, 10,000 took ten seconds, and twice as many
    # four times as long.
    part = sheet_of(HEAD).replace(
        b"</worksheet>", b"<!--" + b"<mergeCell " * 200_000 + b"--></worksheet>"
    )
    generous = Limits(elements=10**9)
    table = read_book(repack(make_book(LINES), {SHEET: part}), limits=generous)
    assert [record.values for record in table.records] == [(1, None)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("part", "content"),
    [
        (SHEET, ("<row>" + "<c/>" * 4_000 + "</row>") * 1_100),
        (SHEET, "<row/>" * 1_400_000),
        ("xl/sharedStrings.xml", "<si/>" * 1_400_000),
        ("xl/styles.xml", "<font/>" * 550_000),
        ("xl/styles.xml", "<é:font/>" * 550_000),
        ("docProps/app.xml", "<?x <c?>" + "<x/>" * 550_000),
    ],
    ids=["empty cells", "empty rows", "empty texts", "fonts", "prefixed", "anything"],
)
def test_a_small_book_that_holds_millions_of_nothings_is_refused(
    make_book: Any, repack: Any, part: str, content: str
) -> None:
    book = repack(make_book(LINES), {part: f"<x>{content}</x>".encode()})
    assert len(book) < 200_000
    assert "ブックの中身が多すぎます。空の欄も数えます。" in sentence(book)


def test_a_sheet_in_a_part_that_is_not_called_xml_counts_too(make_book: Any, repack: Any) -> None:
    book = repack(make_book(LINES), {"xl/worksheets/sheet1.dat": b" " * 99 + b"<row/>" * 1_400_000})
    assert "ブックの中身が多すぎます" in sentence(book)


def test_a_row_that_would_fill_the_memory_is_damage(make_book: Any, repack: Any) -> None:
    row = "<row>" + "<c><v/></c>" * 150_000 + "</row>"
    assert DAMAGED in sentence(repack(make_book(LINES), {SHEET: sheet_of(row)}))


@pytest.mark.parametrize("hidden", ["<!--<row -->", "<![CDATA[<si ]]>", "<?x <row ?>"])
def test_what_only_looks_like_a_row_frees_no_memory(
    make_book: Any, repack: Any, hidden: str
) -> None:
    cells = "<c><v/></c>" * 5_000
    row = f"<row>{f'{hidden}{cells}' * 40}</row>"
    assert DAMAGED in sentence(repack(make_book(LINES), {SHEET: sheet_of(row)}))


def test_a_list_with_a_comment_in_it_is_read(make_book: Any, repack: Any) -> None:
    part = sheet_of(HEAD).replace(b"<sheetData>", b"<!-- by another program --><sheetData>")
    table = read_book(repack(make_book(LINES), {SHEET: part}))
    assert [record.values for record in table.records] == [(1, None)]


def test_names_that_no_book_has_are_damage(make_book: Any, repack: Any) -> None:
    long = "x" * 70_000
    part = f"<{long}:c xmlns:{long}='x'/>".encode()
    assert DAMAGED in sentence(repack(make_book(LINES), {SHEET: part}))


def test_an_element_that_the_edge_of_a_chunk_cuts_counts_once() -> None:
    for shift in range(12):
        text = b" " * (2**16 - shift) + b'<a:row r="1"><c/></a:row>' + b" " * 2**17 + b"<c"
        counts = [names for _, names in chunks(io.BytesIO(text))]
        assert sum(names[b"row"] for names in counts) == 1
        assert sum(names[b"c"] for names in counts) == 2


@pytest.mark.slow
def test_a_list_of_50_000_rows_and_40_columns_is_within_the_bound(
    make_book: Any, repack: Any
) -> None:
    row = "<row>" + '<c r="AA50000" t="s"><v>99999</v></c>' * 40 + "</row>"
    texts = "<si><t>x</t></si>" * 100_000
    book = repack(
        make_book(LINES),
        {SHEET: sheet_of(row * 50_000), "xl/sharedStrings.xml": f"<sst>{texts}</sst>".encode()},
    )
    check_book(book, Limits(unpacked=100 * 2**20))


def test_reading_ends_where_nobody_would_mend_more(make_book: Any, repack: Any) -> None:
    errors = "<row>" + '<c t="e"><v>#N/A</v></c>' * 150 + "</row>"
    heading = (
        "<row>"
        + "".join(f'<c t="inlineStr"><is><t>h{n}</t></is></c>' for n in range(150))
        + "</row>"
    )
    book = repack(make_book(LINES), {SHEET: sheet_of(heading + errors * 100)})
    with pytest.raises(ImportRefused) as caught:
        read_book(book)
    assert len(caught.value.bad_lines) == 1_000
    assert str(caught.value).startswith(
        "ファイルに誤りが1000件より多くあります。ここで読むのをやめました。"
    )


@pytest.mark.parametrize(
    ("lines", "said"), [(1_000, "1000件あります。"), (1_001, "1000件より多く")]
)
def test_bytes_that_cannot_be_read_are_told_as_far_as_anybody_would_mend(
    lines: int, said: str
) -> None:
    with pytest.raises(ImportRefused, match=said) as caught:
        read_book(b"\x81\n" * lines)
    assert [bad.line for bad in caught.value.bad_lines] == [*range(1, 1_001)]
