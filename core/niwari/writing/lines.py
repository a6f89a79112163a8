"""A text as a groupware's board shows it: in letters alone, line by line."""

from collections.abc import Iterator, Sequence
from typing import Any

from markdown_it.token import Token

from niwari.pages.texts import gettext as _
from niwari.writing.addresses import inside
from niwari.writing.links import Shown
from niwari.writing.markdown import legible, tokens


def lines_of(text: str, shown: Shown) -> list[str]:
    """Return ``text`` line by line without markup, for the reader to whom people are ``shown``.

    Items begin with a mark or with their number, the cells of a row are parted by a stroke, what was
    struck out is left out. Links keep their address, those into Niwari the whole one. It is no HTML.
    """
    found = tokens(text, shown)
    parts = _parts(found, shown) if found else [legible(text)]
    return [line for part in parts for line in part.splitlines()]


def _parts(blocks: Sequence[Token], shown: Shown) -> Iterator[str]:
    lists: list[int | None] = []  # the number of the next item, nothing where items have a mark
    mark = "%(said)s"
    row: list[str] | None = None
    for block in blocks:
        said = ""
        if block.type in ("bullet_list_open", "ordered_list_open"):
            lists.append(_first(block))
        elif block.type in ("bullet_list_close", "ordered_list_close"):
            lists.pop()
        elif block.type == "list_item_open":
            mark = _mark(lists[-1])
            lists[-1] = None if lists[-1] is None else lists[-1] + 1
        elif block.type == "list_item_close":
            mark = "%(said)s"
        elif block.type == "tr_open":
            row = []
        elif block.type == "tr_close":
            said, row = " | ".join(row or []), None
        elif block.type == "fence":
            said = block.content
        elif block.type == "inline":
            words = "".join(_words(iter(block.children or ()), shown))
            if row is None:
                said = "\n".join(_whole(line, shown) for line in words.split("\n"))
            else:
                row.append(words)
        if said.strip():
            yield mark % {"said": said}
            mark = "%(said)s"


def _whole(line: str, shown: Shown) -> str:
    """Return a line that is nothing but the path of a page as the whole address."""
    path = inside(line.strip(), shown.base_url) if line.startswith("/") else None
    return line if path is None else _in_niwari(path, shown) or line


def _in_niwari(path: str, shown: Shown) -> str:
    """Return the whole address of a page; nothing where that of the installation is not known."""
    return f"{shown.base_url.rstrip('/')}{path}" if shown.base_url else ""


def _first(opening: Token) -> int | None:
    if opening.type == "bullet_list_open":
        return None
    start = opening.attrGet("start")
    return 1 if start is None else int(start)


def _mark(number: int | None) -> str:
    return _("・%(said)s", said="%(said)s") if number is None else f"{number}. %(said)s"


def _words(rest: Iterator[Token], shown: Shown, until: str = "") -> Iterator[str]:
    """Yield the words of a line as far as the token ``until``."""
    for token in rest:
        if token.type == until:
            return
        if token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type == "s_open":
            list(_words(rest, shown, "s_close"))
        elif token.type == "link_open":
            yield _link("".join(_words(rest, shown, "link_close")), token.meta, shown)
        elif token.type == "mention":
            yield shown.person(token.meta["person"]).called
        else:
            yield token.content


def _link(words: str, meta: dict[str, Any], shown: Shown) -> str:
    address = str(meta["href"]).removeprefix("mailto:")
    if meta["path"] is not None:
        address = _in_niwari(meta["path"], shown)
    if meta["bare"] or words == address:
        return address or words
    return _("%(words)s（ %(address)s ）", words=words, address=address) if address else words
