"""Within which bounds a text is read as Markdown, told from it by counting alone.

The work of reading grows with the square of some of them, and what comes out with that of others.
"""

import re

LONGEST = 20_000
"""Characters of a text that is read as Markdown."""
MOST_MARKS = 1_000
"""So many brackets, asterisks or the like."""
MOST_LINES = 2_000
"""Lines, as each is read once for each quote and list around it."""
MOST_CELLS = 2_000
"""Cells of tables, as a row of one character gets as many cells as the table's head has."""

_MARKS = "[]*_~`<|"
_BETWEEN_BLOCKS = re.compile(r"\n[ \t>]*(?=\n)")
# The line below a table's head, which says how many columns there are.
_COLUMNS = re.compile(r"^[ \t>]*[-:|][-:| \t]*$", re.MULTILINE)


def is_within_bounds(text: str) -> bool:
    """Tell whether ``text`` is within all bounds."""
    return (
        len(text) <= LONGEST
        and text.count("\n") < MOST_LINES
        and all(text.count(mark) <= MOST_MARKS for mark in _MARKS)
        and _cells(text) <= MOST_CELLS
    )


def _cells(text: str) -> int:
    """Return how many cells the tables of ``text`` have at most."""
    if "|" not in text:
        return 0
    blocks = _BETWEEN_BLOCKS.split(text)
    return sum(_columns(block) * (block.count("\n") + 1) for block in blocks)


def _columns(block: str) -> int:
    """Return how many columns a table has at most in the lines of ``block``; 0 where none is."""
    lines = (found[0] for found in _COLUMNS.finditer(block))
    return max((line.count("|") + 1 for line in lines if "|" in line and "-" in line), default=0)
