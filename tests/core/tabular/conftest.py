"""Books for the tests: made as Excel makes them, and broken as only hand and malice do."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from xlsxwriter import Workbook

MakeBook = Callable[..., bytes]
Repack = Callable[[bytes, Mapping[str, bytes | None]], bytes]


@pytest.fixture
def make_book() -> MakeBook:
    """Write a book with one sheet: lines of cells from ``at`` (line and column, from 0) on.

    ``merged`` are areas (first line, first column, last line, last column, text).
    """

    def make(
        lines: Sequence[Sequence[Any]],
        *,
        at: tuple[int, int] = (0, 0),
        merged: Sequence[tuple[int, int, int, int, str]] = (),
        finish: Callable[[Any, Any], None] = lambda book, sheet: None,
    ) -> bytes:
        out = io.BytesIO()
        book = Workbook(out, {"in_memory": True, "default_date_format": "yyyy/m/d"})
        sheet = book.add_worksheet("一覧")
        for line, cells in enumerate(lines, start=at[0]):
            for place, cell in enumerate(cells, start=at[1]):
                if cell is not None:
                    sheet.write(line, place, cell)
        for area in merged:
            sheet.merge_range(*area)
        finish(book, sheet)
        book.close()
        return out.getvalue()

    return make


@pytest.fixture
def repack() -> Repack:
    """Write an archive anew with some parts replaced, added, or (``None``) left out."""

    def change(data: bytes, parts: Mapping[str, bytes | None]) -> bytes:
        out = io.BytesIO()
        with ZipFile(io.BytesIO(data)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
            for name in {**dict.fromkeys(old.namelist()), **parts}:
                content = parts[name] if name in parts else old.read(name)
                if content is not None:
                    new.writestr(name, content)
        return out.getvalue()

    return change
