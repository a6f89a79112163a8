"""Days as offices write them: 令和8年11月18日, R8.11.18, 2026/11/18（水）."""

import re
import unicodedata
from datetime import date

from niwari.tabular.cells import FIRST_YEAR, LAST_YEAR

# The year before each era's first one (the era names of Act No. 43 of 1979 and before it).
_BEFORE_ERA = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
_LETTERS = dict(zip("MTSHR", _BEFORE_ERA, strict=True))
_DAY = re.compile(
    r"(?:(?P<era>明治|大正|昭和|平成|令和|[MTSHR])\s*(?P<era_year>元|[0-9]{1,2})|(?P<year>[0-9]{4}))"
    r"(?:\s*年\s*(?P<month>[0-9]{1,2})\s*月\s*(?P<day>[0-9]{1,2})\s*日"
    r"|(?P<sign>[./-])(?P<month2>[0-9]{1,2})(?P=sign)(?P<day2>[0-9]{1,2}))"
    # A weekday, or the midnight that a spreadsheet adds when it saves a day as CSV.
    r"(?:\s*\([月火水木金土日](?:曜日?)?\)|\s+0?0:00(?::00)?)?"
)


def day_in(text: str) -> date | None:
    """Return the day that ``text`` writes, in either calendar; ``None`` if it is no day.

    Full-width digits and the square ㋿ will do. An era goes on beyond its end: 平成33年 is 2021, as
    papers from before the change say. Days before 1900 or after 2100 are none.
    """
    match = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if match is None:
        return None
    if match["era"]:
        era = _LETTERS.get(match["era"], match["era"])
        number = 1 if match["era_year"] == "元" else int(match["era_year"])
        if number == 0:
            return None
        year = _BEFORE_ERA[era] + number
    else:
        year = int(match["year"])
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(
            year, int(match["month"] or match["month2"]), int(match["day"] or match["day2"])
        )
    except ValueError:
        return None
