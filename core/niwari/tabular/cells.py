"""Readers of cells that more than one kind of file has."""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from niwari.errors import N_
from niwari.tabular.refusals import BadCell

Reader = Callable[[str], Any]
"""Reads one cell, already stripped; raises ``BadCell``."""

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""Days outside are slips, or a spreadsheet's way to say "never"."""

# Full-width signs too: Japanese spreadsheets turn them into half-width ones while one types.
FORMULA_SIGNS = tuple("=+-@＝＋－＠")
"""With these a text begins that a spreadsheet computes."""

_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
_SHOWN = 40


def normalised(cell: str) -> str:
    """Return a code, login or date in its plain form: half-width (NFKC), no space around it."""
    return (cell if cell.isascii() else unicodedata.normalize("NFKC", cell)).strip()


def heading_of(text: str) -> str:
    """Return a heading in its plain form: NFKC, on one line, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def shown(cell: str) -> str:
    """Return a cell as a sentence quotes it: shortened where it is long."""
    return cell if len(cell) <= _SHOWN else f"{cell[:_SHOWN]}…"


def text_of(limit: int) -> Reader:
    """Return a reader of names: as written, 1 to ``limit`` characters, nothing like a formula.

    A cell that begins with = + - or @ would be computed by the spreadsheet that opens our exports.
    """

    def read(cell: str) -> str:
        if not cell:
            raise BadCell(N_("空にできません。"))
        if cell.startswith(FORMULA_SIGNS):
            raise BadCell(
                N_("「%(sign)s」で始めることはできません。表計算で式として扱われます。"),
                sign=cell[0],
            )
        if len(cell) > limit:
            raise BadCell(
                N_("長すぎます。%(limit)s文字までのところ、%(length)s文字あります。"),
                limit=limit,
                length=len(cell),
            )
        return cell

    return read


def choice_of(choices: Collection[str]) -> Reader:
    """Return a reader that takes one of ``choices``."""

    def read(cell: str) -> str:
        code = normalised(cell)
        if code not in choices:
            raise BadCell(
                N_("「%(given)s」は使えません。%(choices)s のどれかにしてください。"),
                given=shown(cell),
                choices=", ".join(choices),
            )
        return code

    return read


def day_of(cell: str) -> date:
    """Read a day like 2026-04-01; 2026/4/1 will do, as spreadsheets write it."""
    match = _DAY.fullmatch(normalised(cell))
    if match is None:
        raise BadCell(
            N_("日付は 2026-04-01 のように書いてください（%(given)s）。"), given=shown(cell)
        )
    year, month, day = (int(group) for group in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadCell(
            N_("日付は%(first)s年から%(last)s年までです（%(given)s）。"),
            first=FIRST_YEAR,
            last=LAST_YEAR,
            given=shown(cell),
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise BadCell(N_("%(given)s という日はありません。"), given=shown(cell)) from None


def optional_day_of(cell: str) -> date | None:
    """Read a day or nothing."""
    return day_of(cell) if cell else None
