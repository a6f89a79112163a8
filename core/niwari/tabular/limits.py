"""How much a file may hold before it is refused, and how a file is refused as a whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from niwari.errors import N_
from niwari.tabular.refusals import BadLine, ImportRefused
from niwari.tabular.values import Value


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most. ``size`` and ``unpacked`` are bytes of the file and of its parts.

    ``rows`` counts the lines with content, ``columns`` those from the left edge of the sheet.
    ``elements`` bounds the time that a book takes: what all its parts hold, empty cells too, weighed
    by what it costs to read. A cell is 2, its number or text 1, a row 6, a format 15; so 50,000 rows
    of 40 columns fit in.
    """

    size: int = 10 * 2**20
    unpacked: int = 50 * 2**20
    rows: int = 20_000
    columns: int = 200
    elements: int = 8_000_000


LIMITS = Limits()


class UnreadableFile(ImportRefused):
    """The file as a whole cannot be read; the error's own sentence says why and what mends it."""

    def __init__(self, text: str, /, **params: Any) -> None:
        """Say ``text`` with ``params`` filled in."""
        super().__init__([BadLine(1, "", text, params)])
        self.text = text
        self.params = params
        self.args = (text % params if params else text,)


def check_size(rows: int, beyond: Iterable[Value], limits: Limits) -> None:
    """Raise ``UnreadableFile`` at one row too many, or where a row has content too far right.

    ``rows`` is how many there are so far, ``beyond`` the cells right of the last allowed column.
    """
    if rows > limits.rows:
        raise UnreadableFile(
            N_("行が多すぎます（%(limit)s行まで）。いくつかに分けてください。"),
            limit=f"{limits.rows:,}",
        )
    if any(cell is not None and str(cell).strip() for cell in beyond):
        raise UnreadableFile(
            N_("列が多すぎます（%(limit)s列まで）。要らない列を消してください。"),
            limit=limits.columns,
        )
