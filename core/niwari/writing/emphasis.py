"""Emphasis as people write it in Japanese: ``**「強調」**です`` is strong, too.

CommonMark asks on which side of a mark a space or a sign stands. Japanese has no spaces, and signs
as 「 and 。 stand close to letters, so that its rule leaves the marks standing in the text.
"""

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Delimiter

_EAST_ASIAN = "WF"


def allow_japanese_emphasis(parser: MarkdownIt) -> None:
    """Let the asterisks and tildes of ``parser`` stand at Japanese signs."""
    parser.inline.ruler.at("emphasis", _emphasis)


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Read a run of ``*`` or ``_``; as markdown-it's own rule, but for what may open and close."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, marker == "*")
    opens, closes = run.can_open, run.can_close
    if marker == "*":
        before, after = _around(state, state.pos, run.length)
        opens, closes = opens or _may_open(before, after), closes or _may_close(before, after)
    for _ in range(run.length):
        token = state.push("text", "", 0)
        token.content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=run.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=opens,
                close=closes,
            )
        )
    state.pos += run.length
    return True


def _around(state: StateInline, start: int, length: int) -> tuple[str, str]:
    before = state.src[start - 1] if start else " "
    end = start + length
    return before, state.src[end] if end < state.posMax else " "


def _may_open(before: str, after: str) -> bool:
    """Tell whether a mark opens: a Japanese sign on its inside is like a letter there."""
    return _is_east_asian(after) and _is_sign(after) and not _is_space(before)


def _may_close(before: str, after: str) -> bool:
    return _is_east_asian(before) and _is_sign(before) and not _is_space(after)


def _is_east_asian(char: str) -> bool:
    return unicodedata.east_asian_width(char) in _EAST_ASIAN and not _is_space(char)


def _is_space(char: str) -> bool:
    return isWhiteSpace(ord(char))


def _is_sign(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)
