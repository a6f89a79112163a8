"""An Excel book to a grid of values, row by row, with openpyxl in its read-only mode."""

import re
import warnings
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from niwari.errors import N_, Minutes
from niwari.tabular.archive import check_book
from niwari.tabular.cells import shown
from niwari.tabular.elements import DAMAGED
from niwari.tabular.grid import Area, Grid, GridRow
from niwari.tabular.limits import Limits, UnreadableFile, check_size
from niwari.tabular.refusals import ImportRefused
from niwari.tabular.values import Value

_LAST_LINE = 1_048_576
_MOST_AREAS = 10_000
_LARGEST = Decimal(10) ** 30
# Not beyond the next <: else every unfinished tag would be looked for to the end of the part.
_AREA = re.compile(
    rb"<(?:[\w.-]+:)?mergeCell\s[^<>]*?ref=\"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})\""
)
# openpyxl warns of every decoration that it does not know; that is nothing to anybody here. Once
# for the process: to change it for a while would change it for all threads.
warnings.filterwarnings("ignore", module=r"openpyxl\.")
# How a book writes characters that XML cannot hold.
_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")


def grid_of_book(data: bytes, sheet: str, limits: Limits) -> Grid:
    """Read one sheet of a book: the one named ``sheet``, else the first that is not hidden.

    Formulas give the value that was saved with them; macros are not looked at. Raises
    ``UnreadableFile``.
    """
    check_book(data, limits)
    try:
        return _read(data, sheet, limits)
    except ImportRefused:
        raise
    except Exception:  # a foreign parser on foreign bytes: whatever it stumbles over
        raise UnreadableFile(DAMAGED) from None


def _read(data: bytes, name: str, limits: Limits) -> Grid:
    # Not at the top: a fifth of a second of every start, for what few processes do.
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    with closing(book):
        sheet = _chosen(book.worksheets, name)
        rows = tuple(_rows(book, sheet, limits))
        # Merged areas come after the cells, and the read-only mode does not tell them.
        with book._archive.open(sheet._worksheet_path) as part:
            areas = tuple(_areas(part.read()))
    return Grid(str(sheet.title), rows, areas)


def _chosen(sheets: list[Any], name: str) -> Any:
    if name:
        found = next((sheet for sheet in sheets if sheet.title.strip() == name.strip()), None)
        if found is None:
            raise UnreadableFile(
                N_("「%(name)s」というシートはありません。あるシート：%(sheets)s"),
                name=shown(name),
                sheets="、".join(sheet.title for sheet in sheets[:20]),
            )
        return found
    found = next((sheet for sheet in sheets if sheet.sheet_state == "visible"), None)
    if found is None:
        raise UnreadableFile(N_("ブックに、表のあるシートがありません。"))
    return found


def _rows(book: Any, sheet: Any, limits: Limits) -> Iterator[GridRow]:
    width = limits.columns
    for found, (line, cells) in enumerate(_filled(book, sheet), start=1):
        check_size(found, (cell for place, cell in cells.items() if place >= width), limits)
        yield GridRow(line, tuple(map(cells.get, range(width))))


def _filled(book: Any, sheet: Any) -> Iterator[tuple[int, dict[int, Value]]]:
    """Yield the lines with content: their numbers, and their cells by place, from 0.

    Not with ``iter_rows``: it fills every line up to a width that has to be told beforehand.
    """
    from openpyxl.worksheet._reader import WorkSheetParser

    with book._archive.open(sheet._worksheet_path) as part:
        parser = WorkSheetParser(
            part,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        last = 0
        for line, cells in parser.parse():
            if line > _LAST_LINE:
                return
            if line <= last:
                raise UnreadableFile(DAMAGED)
            last = line
            values = {cell["column"] - 1: _value(cell["value"]) for cell in cells}
            if any(value is not None for value in values.values()):
                yield line, values


def _value(cell: Any) -> Value:
    if cell is None:
        return None
    if isinstance(cell, str):
        return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), cell)
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        moment: datetime = cell.replace(microsecond=0)
        return moment.date() if cell.time() == time() else moment
    if isinstance(cell, date | time):
        return cell
    if isinstance(cell, timedelta):
        minutes, rest = divmod(round(cell.total_seconds()), 60)
        return Minutes(minutes) if not rest else f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
    raise UnreadableFile(DAMAGED)


def _number(cell: int | float) -> int | Decimal | str:
    """Return the number as the spreadsheet shows it: 15 digits, whole numbers without a point.

    One beyond 30 digits is no number of an office; it is a text, like 1e+31.
    """
    number = Decimal(cell) if isinstance(cell, int) else Decimal(f"{cell:.15g}")
    if not number.is_finite():
        raise UnreadableFile(DAMAGED)
    if abs(number) > _LARGEST:
        return f"{number:.15g}"
    return int(number) if number == number.to_integral_value() else number


def _areas(part: bytes) -> Iterator[Area]:
    for count, found in enumerate(_AREA.finditer(part), start=1):
        if count > _MOST_AREAS:
            raise UnreadableFile(
                N_(
                    "結合されたセルが多すぎます（%(limit)sか所まで）。"
                    "結合を解除するか、いくつかに分けてください。"
                ),
                limit=f"{_MOST_AREAS:,}",
            )
        left, top, right, bottom = found.groups()
        area = Area(int(top), int(bottom), _place(left), _place(right))
        if area.bottom >= area.top and area.right >= area.left:
            yield area


def _place(letters: bytes) -> int:
    """Return the place of a column, from 0: A is 0, AA is 26."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place - 1
