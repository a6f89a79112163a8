"""Hiding what would tell of too few people, so that no sum of the others gives it away (rule L15).

A report is cells and lines: a line says that a total is the sum of its parts. What is behind a cell is
how many people it counts. Pure; the sums themselves are not looked at.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

LEAST = 5
"""So many people a number is about at the least."""

Key = Hashable

# Coefficients of lines are 1 and −1, so the determinants of a table are small; this prime is not.
_PRIME = 2**61 - 1


@dataclass(frozen=True, slots=True)
class Line:
    """That ``total`` is the sum of ``parts``."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def cells(self) -> tuple[Key, ...]:
        """All cells of the line."""
        return (*self.parts, self.total)


def hidden_cells(
    people: Mapping[Key, int],
    lines: Sequence[Line],
    *,
    unshown: Iterable[Key] = (),
    kept: Iterable[Key] = (),
) -> frozenset[Key]:
    """Return the cells that are not shown.

    First those with 1 to ``LEAST`` − 1 people. Then others with them, the smallest first, until none of
    the former follows from what is shown, and until what is left out of a line is about ``LEAST`` people
    at the least. ``unshown`` cells stand in no table, but follow from others: they count as hidden.
    ``kept`` ones are shown in other reports too, so they are hidden beside others only where nothing
    else is left. Cells that count nobody are nothing to hide.
    """
    small = {key for key, count in people.items() if 0 < count < LEAST}
    at_least = small | {key for key in unshown if people.get(key)}
    table = _Table(people, lines, small, frozenset(kept))
    hidden = table.spread(at_least)
    return frozenset(table.shrink(hidden, at_least))


class _Table:
    """Chooses what is hidden beside what has to be."""

    def __init__(
        self,
        people: Mapping[Key, int],
        lines: Sequence[Line],
        small: set[Key],
        kept: frozenset[Key],
    ) -> None:
        self._people, self._lines, self._small = people, lines, small
        totals = {line.total for line in lines}
        self._cost = {
            key: (key in kept, key in totals, count, place)
            for place, (key, count) in enumerate(people.items())
        }

    def spread(self, hidden: set[Key]) -> set[Key]:
        """Return ``hidden`` with others, until nothing follows any more; rather too many of them."""
        while True:
            added = {self._beside(place, hidden) for place in self._troubles(hidden)} - {None}
            if not added - hidden:
                return hidden
            hidden = hidden | added

    def shrink(self, hidden: set[Key], at_least: set[Key]) -> set[Key]:
        """Return ``hidden`` without those that need not be hidden, the most wanted first."""
        if not self._troubles(hidden):
            for key in sorted(hidden - at_least, key=lambda key: self._cost[key], reverse=True):
                if not self._troubles(hidden - {key}):
                    hidden = hidden - {key}
        return hidden

    def _troubles(self, hidden: set[Key]) -> "list[Key | Line]":
        """Return the cells that follow from what is shown, and the lines that leave too few."""
        found = exposed(hidden, self._lines)
        return [
            *(key for key in self._cost if key in self._small and key in found),
            *(line for line in self._lines if _leaves_too_few(line, hidden, self._people)),
        ]

    def _beside(self, place: "Key | Line", hidden: set[Key]) -> Key | None:
        """Return the cheapest cell to hide with a cell or in a line; ``None`` where nothing is left."""
        lines = [place] if isinstance(place, Line) else self._of(place)
        found = self._cheapest(lines, hidden)
        # Else anywhere among the lines that hide something.
        return found or self._cheapest(
            [line for line in self._lines if not hidden.isdisjoint(line.cells)], hidden
        )

    def _of(self, key: Key) -> list[Line]:
        return [line for line in self._lines if key in line.cells]

    def _cheapest(self, lines: Iterable[Line], hidden: set[Key]) -> Key | None:
        left = {
            key
            for line in lines
            for key in line.cells
            if self._people.get(key, 0) and key not in hidden
        }
        return min(left, key=lambda key: self._cost[key], default=None)


def _leaves_too_few(line: Line, hidden: set[Key], people: Mapping[Key, int]) -> bool:
    """Tell whether the rest of a line, total less shown parts, is about too few people.

    Somebody may be in several parts, so parts count as their largest at the least, and as what
    the total has beyond the shown ones.
    """
    if line.total in hidden:
        return False
    parts = [key for key in line.parts if people.get(key, 0)]
    rest = [people[key] for key in parts if key in hidden]
    if not rest:
        return False
    shown = sum(people[key] for key in parts if key not in hidden)
    return max(*rest, people.get(line.total, 0) - shown) < LEAST


def exposed(hidden: Iterable[Key], lines: Sequence[Line]) -> frozenset[Key]:
    """Return the hidden cells that follow exactly from the shown ones by the lines."""
    unknown = list(hidden)
    places = {key: place for place, key in enumerate(unknown)}
    solved = _solved([_equation(line, places) for line in lines])
    return frozenset(unknown[place] for place in solved)


def _equation(line: Line, places: Mapping[Key, int]) -> dict[int, int]:
    """Return a line's coefficients of the unknown cells."""
    equation: dict[int, int] = {}
    for key in line.parts:
        if key in places:
            equation[places[key]] = 1
    if line.total in places:
        equation[places[line.total]] = _PRIME - 1
    return equation


def _solved(equations: Iterable[dict[int, int]]) -> list[int]:
    """Return the unknowns that the equations determine, by Gauss and Jordan."""
    rows: dict[int, dict[int, int]] = {}
    for equation in equations:
        for pivot in [place for place in equation if place in rows]:
            _subtract(equation, rows[pivot], equation.get(pivot, 0))
        if not equation:
            continue
        pivot = min(equation)
        inverse = pow(equation[pivot], -1, _PRIME)
        equation = {place: value * inverse % _PRIME for place, value in equation.items()}
        for row in rows.values():
            if pivot in row:
                _subtract(row, equation, row[pivot])
        rows[pivot] = equation
    return [pivot for pivot, row in rows.items() if len(row) == 1]


def _subtract(row: dict[int, int], other: Mapping[int, int], times: int) -> None:
    for place, value in other.items():
        left = (row.get(place, 0) - value * times) % _PRIME
        if left:
            row[place] = left
        else:
            row.pop(place, None)
