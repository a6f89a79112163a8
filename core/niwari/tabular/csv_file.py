"""Rows to a CSV file that a spreadsheet opens as it is meant, and back."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from niwari.clock import TOKYO
from niwari.tabular.values import Value, written

# Full-width signs too: Japanese spreadsheets turn them into half-width ones while one types.
FORMULA_SIGNS = tuple("=+-@＝＋－＠\t\r\n")


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Value | float]]) -> bytes:
    """Return a CSV file in UTF-8 with byte order mark and CRLF, as Excel opens it by a double click.

    Numbers stay numbers, days are ISO days, times Tokyo's, ``None`` is empty. A text that a
    spreadsheet would compute gets an apostrophe before it; ``unguarded`` takes it off again.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([guarded(name) for name in columns])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig", errors="replace")


def guarded(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula: with an apostrophe before it.

    It also goes before what only has apostrophes before such a sign, so that reading can undo it.
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_SIGNS) else text


def unguarded(text: str) -> str:
    """Return the text that ``guarded`` was given."""
    if text.startswith("'") and text.lstrip("'").startswith(FORMULA_SIGNS):
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
