"""Rows to a CSV file that a spreadsheet opens as it is meant, and back."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TextIO

from niwari.clock import TOKYO
from niwari.tabular.cells import FORMULA_SIGNS
from niwari.tabular.values import Value, written

_GUARDED = (*FORMULA_SIGNS, "\t", "\r", "\n")


class WrongQuotes(ValueError):
    """The quotes of a CSV file do not fit; ``line`` is where the record begins (from 1)."""

    def __init__(self, line: int) -> None:
        """Name the line."""
        super().__init__(f"line {line}: the quotes do not fit")
        self.line = line


def records_of(text: str | TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a CSV file, each with the physical line on which it begins, from 1.

    Empty ones too. A stream is read without translating its line breaks. Raises ``WrongQuotes``.
    """
    lines = io.StringIO(text, newline="") if isinstance(text, str) else text
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error:
        raise WrongQuotes(line) from None


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Value | float]]) -> bytes:
    """Return a CSV file in UTF-8 with byte order mark and CRLF, as Excel opens it by a double click.

    Numbers stay numbers, days are ISO days, times Tokyo's, ``None`` is empty. A text that a
    spreadsheet would compute gets an apostrophe before it; ``read_book`` takes it off again.
    """
    return b"".join(csv_portions(columns, [rows]))


def csv_portions(
    columns: Sequence[str], portions: Iterable[Iterable[Sequence[Value | float]]]
) -> Iterator[bytes]:
    """Yield the file of ``write_csv`` in pieces: its head, then each portion of the rows.

    No more than a portion is in memory; the next one is asked for when the last was taken.
    """
    head = [[guarded(name) for name in columns]]
    yield codecs.BOM_UTF8 + _encoded(head)
    for rows in portions:
        yield _encoded([_cell(value) for value in row] for row in rows)


def _encoded(lines: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode("utf-8", errors="replace")


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula: with an apostrophe before it.

    It also goes before what only has apostrophes before such a sign, so that reading can undo it.
    """
    return f"'{text}" if text.lstrip("'").startswith(_GUARDED) else text


def unguarded(text: str) -> str:
    """Return the text that ``guarded`` was given."""
    if text.startswith("'") and text.lstrip("'").startswith(_GUARDED):
        return text[1:]
    return text


def _cell(value: Value | float) -> str:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(TOKYO)
    if isinstance(value, float):
        value = Decimal(repr(value))
    return written(value)
