"""What the columns of a table hold, told from what stands in them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from niwari.errors import N_
from niwari.tabular.cells import shown
from niwari.tabular.grid import Table
from niwari.tabular.refusals import BadCell
from niwari.tabular.values import Value, day_of_value, number_in, truth_of, written

LONG = 100
"""Characters from which on a text wants more than one line."""
MOST_CHOICES = 12
LONGEST_CHOICE = 20

# Numbers that name something: nobody adds them up, and their zeros matter.
_NAMING = re.compile(
    r"(番号|コード|電話|TEL|FAX|ファックス|ID)$|^(〒|No\.?$|NO\.?$)", re.IGNORECASE
)


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, what it holds, whether no cell of it is empty (``required``).

    ``longest`` is the length of its longest text, ``choices`` what a choice is among, in order of
    frequency, ``decimals`` how many digits its numbers have after the point.
    """

    name: str
    kind: Kind
    required: bool
    longest: int
    choices: tuple[str, ...] = ()
    decimals: int = 0

    def read(self, value: Value) -> Value:
        """Return a cell's content as this column holds it; raises ``BadCell``.

        An empty cell is ``None``, and no where the column says yes or no.
        """
        if value is None:
            return False if self.kind is Kind.YES_NO else None
        match self.kind:
            case Kind.NUMBER:
                found: Value = number_in(value)
                wanted = N_("数字にしてください（%(given)s）。")
            case Kind.DATE:
                found = day_of_value(value)
                wanted = N_(
                    "日付は 2026-04-01 か 令和8年4月1日 のように書いてください（%(given)s）。"
                )
            case Kind.YES_NO:
                found = truth_of(value)
                wanted = N_("○ か × にしてください（%(given)s）。")
            case _:
                return written(value)
        if found is None:
            raise BadCell(wanted, given=shown(written(value)))
        return found


@dataclass(frozen=True, slots=True)
class Guess:
    """What a table's columns seem to hold, in their order."""

    columns: tuple[Column, ...]


def infer(table: Table) -> Guess:
    """Tell from a table's records what each column holds.

    Every record fits what is told of it: one cell that is no day makes the column a text.
    """
    cells = zip(*(record.values for record in table.records), strict=True)
    return Guess(
        tuple(_column(name, values) for name, values in zip(table.columns, cells, strict=True))
    )


def _column(name: str, cells: Sequence[Value]) -> Column:
    filled = [cell for cell in cells if cell is not None]
    complete = len(filled) == len(cells)
    longest = max((len(written(cell)) for cell in filled), default=0)
    kind = _kind(name, filled, complete)
    if kind is Kind.CHOICE:
        return Column(name, kind, complete, longest, choices=tuple(_by_frequency(filled)))
    decimals = max(map(_decimals, filled)) if kind is Kind.NUMBER else 0
    return Column(name, kind, complete, longest, decimals=decimals)


def _kind(name: str, filled: Sequence[Value], complete: bool) -> Kind:
    if not filled:
        return Kind.TEXT
    truths = {truth_of(cell) for cell in filled}
    # An empty cell beside ○ means no; beside ○ and × it means "not known", which is a third thing.
    if None not in truths and (complete or truths == {True}):
        return Kind.YES_NO
    if all(day_of_value(cell) is not None for cell in filled):
        return Kind.DATE
    names = _NAMING.search(unicodedata.normalize("NFKC", name))
    if not names and all(number_in(cell) is not None for cell in filled):
        return Kind.NUMBER
    texts = [written(cell) for cell in filled]
    if any("\n" in text or len(text) > LONG for text in texts):
        return Kind.LONG_TEXT
    distinct = set(texts)
    few = 2 <= len(distinct) <= MOST_CHOICES and 2 * len(distinct) <= len(texts)
    short = all(len(text) <= LONGEST_CHOICE for text in distinct)
    texts_only = all(isinstance(cell, str) for cell in filled)
    return Kind.CHOICE if few and short and texts_only and not names else Kind.TEXT


def _by_frequency(cells: Sequence[Value]) -> list[str]:
    texts = [written(cell) for cell in cells]
    first = {text: -at for at, text in reversed(list(enumerate(texts)))}
    return sorted(first, key=lambda text: (texts.count(text), first[text]), reverse=True)


def _decimals(cell: Value) -> int:
    number = number_in(cell)
    if not isinstance(number, Decimal):
        return 0
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
