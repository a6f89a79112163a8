"""What a report is: one description, from which its screen, its CSV and its Excel file are made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal

from niwari.errors import Minutes
from niwari.specs.contributions import Label

Kind = Literal["text", "number", "minutes", "share", "day"]


class Hidden(Enum):
    """What stands in a cell that would tell of too few people (rule L15)."""

    HIDDEN = "＊"


HIDDEN = Hidden.HIDDEN

Cell = str | int | date | Label | Hidden | None
"""What stands in a row: minutes are whole minutes, ``None`` is empty."""

HIDDEN_NOTE = Label(
    "「＊」は、5人未満の職員についての数です。だれのことか分からないように伏せています。"
    "引き算で分からないように、ほかの数もあわせて伏せることがあります。",
    "“＊” stands for numbers about fewer than 5 people. Others may be hidden too, so that no "
    "subtraction gives them away.",
)
NOT_FOR_EVALUATION = Label(
    "人事評価には使いません。", "These numbers are not used for staff evaluation."
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it is called, and of which kind its cells are; one of minutes holds durations, one of
    shares whole percent.
    """

    label: Label
    kind: Kind = "text"

    @property
    def is_amount(self) -> bool:
        """Whether its cells are numbers."""
        return self.kind in ("number", "minutes", "share")

    def written(self, cell: Cell, locale: str) -> str | int | date | Minutes | None:
        """Return a cell as a file has it: minutes as a real duration, labels in ``locale``."""
        if isinstance(cell, Hidden):
            return cell.value
        if isinstance(cell, Label):
            return cell.text(locale)
        if self.kind == "minutes" and isinstance(cell, int):
            return Minutes(cell)
        if self.kind == "share" and isinstance(cell, int):
            return f"{cell}%"
        return cell


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a report; ``code`` names it in addresses and in the audit.

    ``total`` is its last row. ``drawn`` are the columns, by their places, of which the screen draws
    bars: of the rows, not of the total.
    """

    code: str
    title: Label
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    drawn: tuple[int, ...] = ()
    notes: tuple[Label, ...] = ()

    @property
    def lines(self) -> Iterator[Row]:
        """The rows, and the total below them."""
        yield from self.rows
        if self.total is not None:
            yield self.total

    @property
    def hides(self) -> bool:
        """Whether anything is hidden in it."""
        return any(cell is HIDDEN for row in self.lines for cell in row)

    def remarks(self) -> tuple[Label, ...]:
        """What is said below it."""
        return (*self.notes, *([HIDDEN_NOTE] if self.hides else []))


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one row: what it is called, and the amounts of the drawn columns with their lengths.

    Lengths are per mille of the longest bar of the table; 0 for what is hidden or nothing.
    """

    label: Cell
    amounts: tuple[tuple[Cell, int], ...]

    @property
    def longest(self) -> int:
        """The length of its longest bar."""
        return max(length for _, length in self.amounts)


@dataclass(frozen=True, slots=True)
class Report:
    """A report of a period (``key`` as ``parse_period`` reads it): its tables, in their order.

    ``disposed`` says that the year was disposed of (L6); then no table has a row.
    """

    name: str
    title: Label
    lead: Label
    key: str
    tables: tuple[Table, ...]
    notes: tuple[Label, ...] = ()
    disposed: Label | None = None

    def remarks(self) -> tuple[Label, ...]:
        """What is said of all its tables."""
        return (*self.notes, NOT_FOR_EVALUATION)

    def table(self, code: str) -> Table | None:
        """Return the table with that code, or ``None``."""
        return next((table for table in self.tables if table.code == code), None)


def bars_of(table: Table) -> Sequence[Bars]:
    """Return the bars of a table's drawn columns: the numbers that its rows show, no others."""
    longest = max(
        (
            amount
            for row in table.rows
            for amount in _amounts(table, row)
            if isinstance(amount, int)
        ),
        default=0,
    )
    return [
        Bars(row[0], tuple((amount, _length(amount, longest)) for amount in _amounts(table, row)))
        for row in table.rows
    ]


def _amounts(table: Table, row: Row) -> tuple[Cell, ...]:
    return tuple(row[place] for place in table.drawn)


def _length(amount: Cell, longest: int) -> int:
    # What is above nothing stays visible.
    return max(amount * 1000 // longest, 4) if isinstance(amount, int) and amount > 0 else 0
