"""Splitting a large file into portions that can be imported one after the other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from niwari.directory.importing.lines import PersonLine

PORTION = 5_000
"""Lines of a portion, at the least; a town's lines stay together whatever their number."""


def portions(lines: Sequence[PersonLine]) -> Iterator[list[PersonLine]]:
    """Yield the lines in portions that do not touch each other, in the order of municipalities.

    Two municipalities whose lines name the same person, as holder or head, are in the same portion.
    """
    groups = _Groups()
    towns: dict[str, str] = {}
    by_town: dict[str, list[PersonLine]] = defaultdict(list)
    for line in lines:
        by_town[line.municipality].append(line)
        for login in (line.login, line.head):
            town = towns.setdefault(login, line.municipality) if login else line.municipality
            if town != line.municipality:
                groups.join(town, line.municipality)
    together: dict[str, list[str]] = defaultdict(list)
    for town in sorted(by_town):
        together[groups.of(town)].append(town)
    portion: list[PersonLine] = []
    for group in together.values():
        for town in group:
            portion += by_town.pop(town)
        if len(portion) >= PORTION:
            yield sorted(portion, key=_number)
            portion = []
    if portion:
        yield sorted(portion, key=_number)


def _number(line: PersonLine) -> int:
    return line.number


class _Groups:
    """Which towns belong together: each names another of its group, the first one itself."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, town: str) -> str:
        """Return the first town of the group."""
        while (above := self._above.get(town, town)) != town:
            self._above[town] = self._above.get(above, above)
            town = above
        return town

    def join(self, one: str, other: str) -> None:
        """Let two towns be in one group."""
        first, second = self.of(one), self.of(other)
        if first != second:
            self._above[second] = first
