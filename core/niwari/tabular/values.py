"""What stands in a cell: typed where the file says so, and what a text in it means."""

import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal

from niwari.errors import Minutes
from niwari.tabular.days import day_in

Value = str | int | Decimal | date | time | Minutes | bool | None
"""A cell's content. A ``datetime`` is a day with a time; an empty cell is ``None``."""

LONGEST_NUMBER = 15
"""Digits that a spreadsheet keeps of a number; longer ones are numbers of accounts or cards."""

_NUMBER = re.compile(
    r"(?P<minus>[-\u2212△▲]?)\s*¥?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<rest>\.[0-9]+)?円?"
)
# Circles come in three characters, crosses in five: keyboards and fonts differ.
_YES = frozenset(["○", "◯", "〇", "はい", "有", "有り", "あり", "レ", "✓", "✔", "☑", "TRUE"])
_NO = frozenset(["×", "✕", "✖", "✗", "☓", "いいえ", "無", "無し", "なし", "☐", "FALSE"])


def number_in(value: Value) -> Decimal | int | None:
    """Return the number that a cell holds or writes; ``None`` if it is none.

    １，２００ is 1200, △5 is −5, ¥300 and 300円 are 300. What begins with a needless zero (a postal
    code, a telephone number) and what has more than 15 digits is a text that looks like a number.
    """
    if isinstance(value, bool | Minutes):
        return None
    if isinstance(value, int | Decimal):
        return value
    if not isinstance(value, str):
        return None
    match = _NUMBER.fullmatch(unicodedata.normalize("NFKC", value).strip())
    if match is None:
        return None
    whole, rest = match["whole"].replace(",", ""), match["rest"] or ""
    if (whole.startswith("0") and whole != "0") or len(whole + rest) > LONGEST_NUMBER:
        return None
    number = Decimal(whole + rest) if rest else int(whole)
    return -number if match["minus"] else number


def day_of_value(value: Value) -> date | None:
    """Return the day that a cell holds or writes; ``None`` if it is none, or has a time too."""
    if isinstance(value, datetime):
        return None
    if isinstance(value, date):
        return value
    return day_in(value) if isinstance(value, str) else None


def truth_of(value: Value) -> bool | None:
    """Return whether a cell says yes (○, はい, 有, レ) or no (×, いいえ, 無); ``None`` if neither."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    mark = value.strip()
    for word in (mark, unicodedata.normalize("NFKC", mark).upper()):
        if word in _YES:
            return True
        if word in _NO:
            return False
    return None


def written(value: Value) -> str:
    """Return a cell as text, as our CSV files write it: ISO days, 1:30 for minutes, はい / いいえ."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    if isinstance(value, Minutes):
        hours, minutes = divmod(abs(value), 60)
        return f"{'-' if value < 0 else ''}{hours}:{minutes:02}"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)
