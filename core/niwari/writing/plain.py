"""A text without its marks: for snippets, mails and titles."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from niwari.writing.markdown import legible, tokens

ENDING = "…"


def plain_text(text: str, length: int = 200) -> str:
    """Return ``text`` in one line without markup, cut to ``length`` characters with an ellipsis.

    A person is called as the author called them. It is no HTML: templates escape it.
    """
    found = tokens(text)
    words = "".join(_words(found)) if found else legible(text)
    line = " ".join(words.split())
    if len(line) <= length:
        return line
    return line[: max(length - len(ENDING), 0)].rstrip() + ENDING


def plain_lines(text: str) -> list[str]:
    """Return ``text`` line by line without markup, for a board or a mail that knows letters alone.

    Items begin with ``・`` or with their number, the cells of a row are parted by ``｜``. A link that
    leads elsewhere keeps its address, a person is called as the author called them. It is no HTML.
    """
    found = tokens(text)
    parts = _with_marks(found) if found else [legible(text)]
    return [line for part in parts for line in part.splitlines()]


def mentioned(text: str) -> tuple[int, ...]:
    """Return the ids of the people whom ``text`` names by a mention, each once, in its order.

    Whether they may read it is not looked at: ``who_may_read`` does.
    """
    inner = (token for block in tokens(text) for token in block.children or ())
    return tuple(dict.fromkeys(t.meta["person"] for t in inner if t.type == "mention"))


def _with_marks(blocks: Sequence[Token]) -> Iterator[str]:
    mark = ""
    row: list[str] | None = None
    for block in blocks:
        said = None
        if block.type == "list_item_open":
            mark = f"{block.info}. " if block.info else "・"
        elif block.type == "list_item_close":
            mark = ""
        elif block.type == "tr_open":
            row = []
        elif block.type == "tr_close":
            said, row = "｜".join(row or ()), None
        elif block.type == "fence":
            said = block.content
        elif block.type == "inline":
            said = "".join(_inline(block.children or (), in_lines=True))
            if row is not None:
                row.append(said)
                continue
        if said is not None:
            yield f"{mark}{said}"
            mark = ""


def _words(blocks: Sequence[Token]) -> Iterator[str]:
    for block in blocks:
        if block.type == "inline":
            yield from _inline(block.children or ())
            yield " "
        elif block.type == "fence":
            yield f"{block.content} "


def _inline(children: Sequence[Token], *, in_lines: bool = False) -> Iterator[str]:
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            yield "\n" if in_lines else " "
        elif token.type == "link_close":
            if in_lines and token.meta["path"] is None and not token.meta["bare"]:
                yield f"（{token.meta['href']}）"
        elif token.type == "mention":
            yield token.content if token.content.startswith("@") else f"@{token.content}"
        else:
            yield token.content
