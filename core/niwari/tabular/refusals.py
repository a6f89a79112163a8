"""What is wrong with a file: every bad line, with its reason."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from niwari.errors import N_, DomainError

MOST_REFUSALS = 1_000
"""The most bad lines of one file; nobody mends more without asking first what went wrong."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """What is wrong with a line. ``line`` is the physical one, from 1; the header's is usually 1.

    ``column`` is empty where the whole line is meant. ``text`` is a msgid for ``params``.
    """

    line: int
    column: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """The sentence in Japanese."""
        return self.text % self.params if self.params else self.text


class ImportRefused(DomainError):
    """The file has bad lines, so nothing of it was imported; ``bad_lines`` has them in order.

    They are all, or the first 1,000; then the error's own sentence says that there are more.
    """

    status = 422
    text = N_("ファイルに誤りが%(count)s件あります。何も取り込んでいません。")

    def __init__(self, bad_lines: Collection[BadLine]) -> None:
        """Refuse a file for ``bad_lines``."""
        super().__init__(count=len(bad_lines))
        self.bad_lines = tuple(sorted(bad_lines, key=lambda bad: bad.line))


class TooManyRefusals(ImportRefused):
    """The file has more bad lines than are told; ``bad_lines`` has those that were found first."""

    text = N_(
        "ファイルに誤りが%(count)s件より多くあります。ここで読むのをやめました。何も取り込んでいません。"
    )


class BadCell(ValueError):
    """A cell cannot be read. ``text`` is a msgid for ``params``."""

    def __init__(self, text: str, /, **params: Any) -> None:
        """Say ``text`` with ``params`` filled in."""
        super().__init__(text % params if params else text)
        self.text = text
        self.params = params


class SpoiledColumn(BadCell):
    """A cell cannot be read because a spreadsheet spoiled its column: told at the first line alone."""


class Refusals:
    """Collects what is wrong with one file."""

    def __init__(self) -> None:
        """Begin with nothing wrong."""
        self._bad: list[BadLine] = []
        self._spoiled: set[tuple[str, str]] = set()

    def add(self, line: int, column: str, text: str, /, **params: Any) -> None:
        """Refuse a line for what stands in ``column`` (empty: for the whole line).

        Raises ``ImportRefused`` at once where 1,000 have been refused already, so that reading ends.
        """
        if (column, text) in self._spoiled:
            return
        if len(self._bad) == MOST_REFUSALS:
            raise TooManyRefusals(self._bad)
        self._bad.append(BadLine(line, column, text, params))

    def __bool__(self) -> bool:
        """Whether anything was refused."""
        return bool(self._bad)

    def raise_if_any(self) -> None:
        """Raise ``ImportRefused`` with all that has been added, if anything has."""
        if self._bad:
            raise ImportRefused(self._bad)


def refuse_cell(refusals: Refusals, line: int, column: str, bad: BadCell) -> None:
    """Refuse a line for what its reader said of a cell; a spoiled column is told once for the file."""
    refusals.add(line, column, bad.text, **bad.params)
    if isinstance(bad, SpoiledColumn):
        refusals._spoiled.add((column, bad.text))
