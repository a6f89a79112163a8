"""A list that somebody keeps, as bytes, to a table: an Excel book or a CSV file."""

import csv
import io
from collections.abc import Iterator

from niwari.errors import N_
from niwari.tabular.archive import is_book
from niwari.tabular.csv_file import unguarded
from niwari.tabular.encoding import decode
from niwari.tabular.grid import Grid, GridRow, Table, table_of
from niwari.tabular.limits import LIMITS, Limits, UnreadableFile
from niwari.tabular.sheet import grid_of_book
from niwari.tabular.values import Value


def read_book(data: bytes, *, sheet: str = "", limits: Limits = LIMITS) -> Table:
    """Read the table of an Excel book (.xlsx, .xlsm) or of a CSV file (UTF-8, CP932).

    ``sheet`` names one of the book's; else the first that is not hidden is read. What the book says
    to be a number, a day or a duration comes as such, all else as text; ``infer`` tells what the
    texts mean. Formulas give the value saved with them, macros are ignored. Raises
    ``UnreadableFile`` or another ``ImportRefused`` (see ``table_of``).
    """
    if len(data) > limits.size:
        raise UnreadableFile(
            N_("ファイルが大きすぎます（%(limit)sMBまで）。いくつかに分けてください。"),
            limit=limits.size // 2**20,
        )
    if not data.strip():
        raise UnreadableFile(N_("ファイルが空です。"))
    if is_book(data):
        return table_of(grid_of_book(data, sheet, limits))
    if sheet:
        raise UnreadableFile(N_("CSV にはシートがありません。シートの名前は要りません。"))
    return table_of(Grid("", tuple(_csv_rows(decode(data), limits))))


def _csv_rows(text: str, limits: Limits) -> Iterator[GridRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found = 0
    while True:
        line = reader.line_num + 1
        try:
            cells: tuple[Value, ...] = tuple(unguarded(cell) for cell in next(reader))
        except StopIteration:
            return
        except csv.Error:
            raise UnreadableFile(
                N_('%(line)s行目の引用符（"）の使い方が正しくありません。'), line=line
            ) from None
        if not any(str(cell).strip() for cell in cells):
            continue
        found += 1
        if found > limits.rows:
            raise UnreadableFile(
                N_("行が多すぎます（%(limit)s行まで）。いくつかに分けてください。"),
                limit=f"{limits.rows:,}",
            )
        if any(str(cell).strip() for cell in cells[limits.columns :]):
            raise UnreadableFile(
                N_("列が多すぎます（%(limit)s列まで）。要らない列を消してください。"),
                limit=limits.columns,
            )
        yield GridRow(line, cells[: limits.columns])
