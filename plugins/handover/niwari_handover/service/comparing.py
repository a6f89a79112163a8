"""Two versions of a duty beside each other, part by part and line by line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from niwari_handover.texts import months_in_order

PARTS = (
    "name",
    "months",
    "steps",
    "rule",
    "deadline",
    "due_on",
    "contact",
    "trouble",
    "reviewed_on",
)


DAYS = ("due_on", "reviewed_on")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a comparison: ``kind`` is same, added or gone.

    ``day`` is that of a part that is one, ``months`` those of the months.
    """

    kind: str
    text: str
    day: date | None = None
    months: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Compared:
    """What of a duty's part changed: its name, and its lines."""

    part: str
    lines: Sequence[Line]


def compared(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Compared]:
    """Return the parts that differ, line by line, in the order in which the form has them."""
    parts = []
    for part in PARTS:
        before, after = (str(side.get(part) or "") for side in (old, new))
        if before != after:
            parts.append(Compared(part, [_line(part, *one) for one in _lines(before, after)]))
    return parts


def _line(part: str, kind: str, text: str) -> Line:
    day = date.fromisoformat(text) if part in DAYS else None
    return Line(kind, text, day, months_in_order(text) if part == "months" else ())


def _lines(before: str, after: str) -> list[tuple[str, str]]:
    old, new = before.splitlines(), after.splitlines()
    lines: list[tuple[str, str]] = []
    # Not ndiff: to find likenesses within lines it takes minutes for a long text of short lines.
    for kind, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            lines += [("same", text) for text in new[start:end]]
        else:
            lines += [("gone", text) for text in old[first:last]]
            lines += [("added", text) for text in new[start:end]]
    return lines
