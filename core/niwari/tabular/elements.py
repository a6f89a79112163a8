"""What the parts of a book cost to read, told from the names of their elements alone."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import IO

from niwari.errors import N_
from niwari.tabular.limits import Limits, UnreadableFile

DAMAGED = N_("Excelのブックとして読めません。Excelで開いて、別の名前で保存し直してください。")
_CHUNK = 2**16
# Whatever XML takes for a name; ends of elements, comments and instructions begin otherwise.
_NAME = re.compile(rb"<([^\s/>!?<]+)")
# A comment, section or instruction, in which something can look like a row; not the declaration.
_HIDING = re.compile(rb"<(?:!|\?(?!xml\s))")
_LONGEST_NAME = 200
# Of a tag that the edge of a chunk cuts, its name is seen whole in the next.
_KEPT = 2 * _LONGEST_NAME
# Measured with openpyxl: a cell takes twice as long as what stands in it, a row or text six times.
_TEXT = (b"v", b"f", b"is", b"t", b"r", b"rPr", b"rPh", b"phoneticPr", b"rFont", b"sz", b"color")
_WEIGHTS = {b"c": 2, b"row": 6, b"si": 6, **dict.fromkeys(_TEXT, 1)}
# Fonts, formats, merged areas, names: each becomes an object with checks of its own.
_OF_OTHERS = 15
# What stands between two rows or two texts is in memory at once. A row has 16,384 cells at most.
_MOST_HELD = 200_000


def check_elements(weight: int, limits: Limits) -> None:
    """Raise ``UnreadableFile`` where the elements of a book weigh more than ``limits`` allow."""
    if weight > limits.elements:
        raise UnreadableFile(
            N_(
                "ブックの中身が多すぎます。空の欄も数えます。"
                "要る行と列だけを別のブックに写すか、いくつかに分けてください。"
            )
        )


def chunks(stream: IO[bytes]) -> Iterator[tuple[bytes, Counter[bytes]]]:
    """Yield what a part holds, bit by bit, with how many elements of each name begin there.

    Names are without their prefixes. Raises ``UnreadableFile`` for names that no book has and for
    rows that would fill the memory. What follows a comment counts as one row, whatever it looks like.
    """
    before, held, hiding = b"", 0, False
    while chunk := stream.read(_CHUNK):
        looked_at = before + chunk
        last = looked_at.rfind(b"<")
        before = looked_at[last : last + _KEPT] if last >= 0 else b""
        whole = looked_at[:last] if last >= 0 else looked_at
        names = _names(whole)
        hiding = hiding or _HIDING.search(whole) is not None
        begins = not hiding and (names[b"row"] or names[b"si"])
        held = 0 if begins else held + sum(names[name] for name in _WEIGHTS)
        if held > _MOST_HELD:
            raise UnreadableFile(DAMAGED)
        yield chunk, names
    yield b"", _names(before)


def weight_of(names: Counter[bytes]) -> int:
    """Return what elements with these names cost to read; the text of a cell costs one."""
    return sum(count * _WEIGHTS.get(name, _OF_OTHERS) for name, count in names.items())


def _names(text: bytes) -> Counter[bytes]:
    found = Counter(_NAME.findall(text))
    names: Counter[bytes] = Counter()
    for name, count in found.items():
        if len(name) > _LONGEST_NAME:
            raise UnreadableFile(DAMAGED)
        names[name.rpartition(b":")[2]] += count
    return names
