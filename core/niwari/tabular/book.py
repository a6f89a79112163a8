"""A list that somebody keeps, as bytes, to a table: an Excel book or a CSV file."""

from collections.abc import Iterator

from niwari.errors import N_
from niwari.tabular.archive import is_book
from niwari.tabular.csv_file import WrongQuotes, records_of, unguarded
from niwari.tabular.encoding import decode
from niwari.tabular.grid import Grid, GridRow, Table, table_of
from niwari.tabular.limits import LIMITS, Limits, UnreadableFile, check_size
from niwari.tabular.sheet import grid_of_book


def read_book(data: bytes, *, sheet: str = "", limits: Limits = LIMITS) -> Table:
    """Read the table of an Excel book (.xlsx, .xlsm) or of a CSV file (UTF-8, CP932).

    ``sheet`` names one of the book's; else the first that is not hidden is read. What the book says
    to be a number, a day or a duration comes as such, all else as text. Formulas give the value
    saved with them, macros are ignored. Raises ``UnreadableFile`` where there is no table to be
    read, or more than ``limits`` allow; ``ImportRefused`` that names each column without a name,
    each name that stands twice, each formula's error, each character that cannot be seen.
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
    found = 0
    try:
        for line, record in records_of(text):
            cells = tuple(map(unguarded, record))
            if not any(map(str.strip, cells)):
                continue
            found += 1
            check_size(found, cells[limits.columns :], limits)
            yield GridRow(line, cells[: limits.columns])
    except WrongQuotes as wrong:
        raise UnreadableFile(
            N_('%(line)s行目の引用符（"）の使い方が正しくありません。'), line=wrong.line
        ) from None
