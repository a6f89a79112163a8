"""Parts of a book that are not what Excel writes: told before anything of them is read."""

import io
from typing import Any
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZipFile

import pytest

from niwari.tabular import LIMITS, UnreadableFile, read_book
from niwari.tabular.archive import check_book

DAMAGED = "Excelのブックとして読めません"
LINES = [("品名", "数量"), ("机", 3)]


@pytest.mark.parametrize("kind", [ZIP_BZIP2, ZIP_LZMA])
def test_a_part_that_unpacks_to_more_than_it_is_asked_for_is_damage(
    make_book: Any, kind: int
) -> None:
    data = make_book(LINES)
    out = io.BytesIO(data)
    with ZipFile(out, "a", kind) as archive:
        archive.writestr("xl/media/image1.png", b"\0" * 2**20)
    with pytest.raises(UnreadableFile, match=DAMAGED):
        check_book(out.getvalue(), LIMITS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("space", ["", " " * 40])
def test_a_document_type_is_refused_in_a_part_of_any_name(
    make_book: Any, repack: Any, encoding: str, space: str
) -> None:
    text = f"{space}<!DOCTYPE worksheet [<!ENTITY e 'ha'>]><worksheet/>"
    book = repack(make_book(LINES), {"xl/worksheets/sheet1.dat": text.encode(encoding)})
    with pytest.raises(UnreadableFile, match=DAMAGED):
        check_book(book, LIMITS)


def test_the_settings_of_a_printer_without_a_name_are_no_sheet(make_book: Any, repack: Any) -> None:
    settings = b"\0" * 64 + b"\x01\x04" * 78
    book = repack(make_book(LINES), {"xl/printerSettings/printerSettings1.bin": settings})
    assert [record.values for record in read_book(book).records] == [("机", 3)]
