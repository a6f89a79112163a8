"""Lines of mail that fit on a page of A4: a Japanese character is as wide as two others."""

from unicodedata import category, east_asian_width

WIDTH = 70
"""Columns of a line: 35 Japanese characters."""

_NOT_FIRST = ("Pe", "Pf", "Po")
"""Closing brackets and full stops, which must not begin a line (kinsoku), as Unicode sorts them."""


def wrapped(text: str) -> str:
    """Return ``text`` in lines of ``WIDTH`` columns at most, one more where a mark may not stand first."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line, columns = "", 0
        for character in paragraph:
            wide = 2 if east_asian_width(character) in "FWA" else 1
            if columns + wide > WIDTH and category(character) not in _NOT_FIRST:
                lines.append(line)
                line, columns = "", 0
            line, columns = line + character, columns + wide
        lines.append(line)
    return "\n".join(lines)
