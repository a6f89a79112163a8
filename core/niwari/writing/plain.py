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


def mentioned(text: str) -> tuple[int, ...]:
    """Return the ids of the people whom ``text`` names by a mention, each once, in its order.

    Whether they may read it is not looked at: ``who_may_read`` does.
    """
    inner = (token for block in tokens(text) for token in block.children or ())
    return tuple(dict.fromkeys(t.meta["person"] for t in inner if t.type == "mention"))


def _words(blocks: Sequence[Token]) -> Iterator[str]:
    for block in blocks:
        if block.type == "inline":
            yield from _inline(block.children or ())
            yield " "
        elif block.type == "fence":
            yield f"{block.content} "


def _inline(children: Sequence[Token]) -> Iterator[str]:
    for token in children:
        if token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "mention":
            yield token.content if token.content.startswith("@") else f"@{token.content}"
        else:
            yield token.content
