"""Rows to an Excel book that prints well and in which no text is ever computed."""

import io
import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from niwari.clock import TOKYO
from niwari.errors import N_, Invalid, Minutes
from niwari.tabular.values import LONGEST_NUMBER, Value, written
from niwari.texts import width_of

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767
_NARROWEST, _WIDEST = 6, 60
_TITLE = 31
_REFUSED_IN_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", "・"))
_A4 = 9
_SAFE = {
    # Nothing goes into a file of the temporary folder: what is exported may be personal.
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_TEXT = {"text_wrap": True, "valign": "top"}
_FORMATS = {
    "text": _TEXT,
    "head": {**_TEXT, "bold": True, "bottom": 1},
    "note": {"valign": "top"},
    "number": {"valign": "top"},
    "day": {"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"},
    "time": {"num_format": "hh:mm", "valign": "top", "align": "left"},
    "minutes": {"num_format": "[h]:mm", "valign": "top"},
}


class TooManyRows(Invalid):
    """A sheet holds no more rows than Excel has lines."""

    text = N_("行が多すぎます。Excelの一枚のシートには%(limit)s行までです。")


def write_xlsx(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Value | float]],
    *,
    notes: Sequence[str] = (),
) -> bytes:
    """Return an Excel book of one sheet named ``title``, ready to be printed on A4 landscape.

    The header row is bold, stays in sight and is repeated on every page; all columns fit on the
    width of one page, with ``title`` above and page numbers below. Days are real days, ``Minutes``
    real durations. Texts are never formulas or links. ``notes`` stand below the table, after an empty
    line. Raises ``TooManyRows``.
    """
    # Not at the top: a tenth of a second of every start, for what few processes do.
    from xlsxwriter import Workbook

    out = io.BytesIO()
    book = Workbook(out, _SAFE)
    sheet = book.add_worksheet(_sheet_name(title))
    formats = {name: book.add_format(made) for name, made in _FORMATS.items()}
    widths = [_width(name) for name in columns]
    for place, name in enumerate(columns):
        sheet.write_string(0, place, _cut(name), formats["head"])
    count = 0
    for count, row in enumerate(rows, start=1):
        if count >= MOST_ROWS:
            raise TooManyRows(limit=f"{MOST_ROWS - 1:,}")
        for place, value in enumerate(row):
            shown = _write(sheet, formats, count, place, value)
            widths[place] = max(widths[place], _width(shown))
    for line, note in enumerate(notes, start=count + 2):
        sheet.write_string(line, 0, _cut(note), formats["note"])
    _lay_out(sheet, title, widths, count)
    book.close()
    return out.getvalue()


def _lay_out(sheet: "Worksheet", title: str, widths: Sequence[int], count: int) -> None:
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width + 2, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    # & begins a code in a header; Excel takes no more than 255 characters.
    sheet.set_header(f"&L{title[:100].replace('&', '&&')}&R&D")
    sheet.set_footer("&C&P / &N")
    if widths and count:
        sheet.autofilter(0, 0, count, len(widths) - 1)


def _write(
    sheet: "Worksheet", formats: dict[str, Any], line: int, place: int, value: Value | float
) -> str:
    """Write one cell by the type of its value; returns the text that it shows, for the width."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(TOKYO).replace(tzinfo=None) if value.tzinfo else value
        if value.year >= 1900:  # Excel's first year
            sheet.write_datetime(line, place, value, formats["moment"])
            return written(value)
    elif isinstance(value, date):
        if value.year >= 1900:
            sheet.write_datetime(line, place, value, formats["day"])
            return written(value)
    elif isinstance(value, time):
        sheet.write_datetime(line, place, value.replace(tzinfo=None), formats["time"])
        return written(value)
    elif isinstance(value, Minutes):
        if value >= 0:  # Excel shows a negative duration as #####
            sheet.write_datetime(line, place, timedelta(minutes=int(value)), formats["minutes"])
            return written(value)
    elif isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        if math.isfinite(value) and abs(value) < 10**LONGEST_NUMBER:
            sheet.write_number(line, place, value, formats["number"])
            return f"{value:.15g}" if isinstance(value, float) else written(value)
        value = str(value)
    text = _cut(written(value))
    sheet.write_string(line, place, text, formats["text"])
    return text


def _cut(text: str) -> str:
    text = text.encode(errors="replace").decode()
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def _sheet_name(title: str) -> str:
    """Return ``title`` as Excel takes it for a sheet's name."""
    name = title.translate(_REFUSED_IN_TITLE).strip(" '")[:_TITLE].rstrip(" '")
    return name if name and name.lower() != "history" else "一覧"


def _width(text: str) -> int:
    """Return the width of the longest line of ``text``."""
    return max(map(width_of, text[:500].split("\n")))
