"""Codes of Japan's municipalities (JIS X 0402), with the reference table that is shipped.

Pure: it knows no framework and no database. Where the table comes from: data/SOURCE.md.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal, cast

Kind = Literal["prefecture", "designated_city", "ward", "special_ward", "city", "town", "village"]
"""What a code stands for; ward is a part of a designated city, special_ward one of Tokyo's 23."""

Reason = Literal["format", "check_digit", "unknown"]
"""Why a code is refused."""

MUNICIPALITY_KINDS: frozenset[Kind] = frozenset(
    {"designated_city", "special_ward", "city", "town", "village"}
)
"""The kinds that have staff and a head of their own; there are 1,741 of them."""

# Not str.isdigit: it also takes full-width digits, and `$` takes a line break behind the sixth.
_FIVE_DIGITS = re.compile(r"[0-9]{5}")
_SIX_DIGITS = re.compile(r"[0-9]{6}")


class InvalidCode(ValueError):
    """A code that names no municipality, prefecture or ward.

    `code` is what was given, `reason` says what is wrong with it, `expected` is the whole
    six-digit code that was probably meant, or None where that cannot be told. Whoever shows it
    to people words it in their language.
    """

    def __init__(self, code: str, reason: Reason, expected: str | None = None) -> None:
        hint = f", probably {expected}" if expected else ""
        super().__init__(f"{code!r} is no JIS X 0402 code ({reason}){hint}")
        self.code = code
        self.reason: Reason = reason
        self.expected = expected


@dataclass(frozen=True, slots=True)
class ReferenceMunicipality:
    """One row of the reference table.

    `code` has six digits. `name` has no county in front (大玉村); a ward's has its city
    (札幌市中央区). `kana` is the reading in full-width katakana. `prefecture` is the
    prefecture's name. `parent` is the code of the designated city of a ward, of the prefecture
    of anything else, and empty for a prefecture. `county` (郡) is empty where there is none.
    """

    code: str
    name: str
    kana: str
    prefecture: str
    kind: Kind
    parent: str
    county: str


def check_digit(five: str) -> int:
    """The sixth digit of a JIS X 0402 code: (11 − (6a+5b+4c+3d+2e) mod 11) mod 10.

    Raises InvalidCode("format") unless `five` is five ASCII digits.
    """
    if not _FIVE_DIGITS.fullmatch(five):
        raise InvalidCode(five, "format")
    weighted = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return (11 - weighted % 11) % 10


def validate_code(code: str) -> str:
    """Return `code` when it is one of the reference table; prefectures and wards are too.

    Raises InvalidCode: "format" when it is not six ASCII digits, "check_digit" when the sixth
    does not fit the five, "unknown" when the table does not have it. Callers that want a
    municipality check its kind with `is_municipality`.
    """
    if not _SIX_DIGITS.fullmatch(code):
        raise InvalidCode(code, "format", _meant(code))
    right = f"{code[:5]}{check_digit(code[:5])}"
    if code != right:
        raise InvalidCode(code, "check_digit", right)
    if code not in reference():
        raise InvalidCode(code, "unknown")
    return code


@cache
def reference() -> Mapping[str, ReferenceMunicipality]:
    """Every prefecture, municipality and ward of Japan by its code, in order of code.

    Read once, unchangeable. The six villages of the northern territories are not in it.
    """
    table = resources.files("niwari.directory").joinpath("data", "municipalities.csv")
    with table.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines)
        columns = [field.name for field in fields(ReferenceMunicipality)]
        if rows.fieldnames != columns:
            raise ValueError(f"municipalities.csv has the columns {rows.fieldnames}, not {columns}")
        return MappingProxyType(
            {
                row["code"]: ReferenceMunicipality(
                    code=row["code"],
                    name=row["name"],
                    kana=row["kana"],
                    prefecture=row["prefecture"],
                    kind=cast("Kind", row["kind"]),
                    parent=row["parent"],
                    county=row["county"],
                )
                for row in rows
            }
        )


def is_municipality(kind: str) -> bool:
    """Whether `kind` is one of the 1,741 municipalities, not a prefecture or a city's ward."""
    return kind in MUNICIPALITY_KINDS


def _meant(code: str) -> str | None:
    """The one known code that five digits can come from: a lost leading zero or check digit."""
    if not _FIVE_DIGITS.fullmatch(code):
        return None
    known = {f"0{code}", f"{code}{check_digit(code)}"} & reference().keys()
    return known.pop() if len(known) == 1 else None
