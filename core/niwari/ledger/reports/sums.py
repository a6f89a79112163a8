"""Sums over the journal, made in the database: nothing is read by person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from niwari.db import database, is_postgresql
from niwari.ledger.reports.description import HIDDEN, Cell
from niwari.ledger.reports.suppression import Key, Line, hidden_cells


@dataclass(frozen=True, slots=True)
class Sum:
    """How many people are behind a cell, and what they amount to: minutes, or how many requests."""

    people: int
    amount: int


NOTHING = Sum(0, 0)


@dataclass(frozen=True)
class Sums:
    """The cells of a report that are not empty, and which of them are hidden."""

    cells: Mapping[Key, Sum]
    hidden: frozenset[Key] = field(default=frozenset())

    def amount(self, key: Key) -> Cell:
        """Return what a cell shows of the amount."""
        return HIDDEN if key in self.hidden else self.cells.get(key, NOTHING).amount

    def people(self, key: Key) -> Cell:
        """Return what a cell shows of the number of people."""
        return HIDDEN if key in self.hidden else self.cells.get(key, NOTHING).people

    def of(self, kind: str) -> list[Any]:
        """Return what stands behind ``kind`` in the keys (kind, what), in order."""
        return sorted(key[1] for key in self.cells if isinstance(key, tuple) and key[0] == kind)

    def hiding(
        self, lines: Sequence[Line], *, unshown: Sequence[Key] = (), kept: Sequence[Key] = ()
    ) -> "Sums":
        """Return the same cells with those hidden that ``hidden_cells`` names."""
        people = {key: found.people for key, found in self.cells.items()}
        return Sums(self.cells, hidden_cells(people, lines, unshown=unshown, kept=kept))


def levels(*wanted: tuple[str, ...]) -> str:
    """Return the query of sums over ``work``, each by none, one or two of its columns.

    A level is its kind and the columns. ``work`` has the columns person_id and minutes too.
    """
    return "\nUNION ALL ".join(_level(kind, *columns) for kind, *columns in wanted)


def _level(kind: str, *columns: str) -> str:
    texts = [f"CAST({column} AS TEXT)" for column in columns]
    shown = ", ".join([*texts, "NULL", "NULL"][:2])
    text = f"SELECT '{kind}', {shown}, COUNT(DISTINCT person_id), SUM(minutes) FROM work"  # noqa: S608 - our own words
    return f"{text} GROUP BY {', '.join(columns)}" if columns else f"{text} HAVING COUNT(*) > 0"


def summed(text: str, parameters: Sequence[object]) -> Sums:
    """Run a query of rows (kind, what, and what, people, amount); ``?`` marks its parameters.

    The key of a row is the tuple of those of its first three columns that are not null.
    """
    found = fetched(text, parameters)
    return Sums(
        {
            tuple(part for part in (kind, one, other) if part is not None): Sum(
                int(people), int(amount)
            )
            for kind, one, other, people, amount in found
        }
    )


def fetched(text: str, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
    """Return the rows of a query; ``?`` marks its parameters on both engines."""
    if is_postgresql():
        text = text.replace("?", "%s")
    else:
        parameters = [str(one) if isinstance(one, date) else one for one in parameters]
    rows: list[tuple[Any, ...]] = database.execute_sql(text, list(parameters)).fetchall()
    return rows
