"""What is shown of a found text: the place where the words stand, with them marked."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from niwari.search.variants import alike
from niwari.search.words import LONGEST_TEXT, Phrase, plain

BEFORE, LENGTH = 20, 90
"""Characters before the first place, and altogether."""

_STEP = 300
"""Characters that are looked through at a time; longer than what can be asked for."""

# Marks that belong to the character before them: half-width voicing too.
_MARKS = frozenset("\uff9e\uff9f\u3099\u309a")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; ``found`` says that it is what was looked for."""

    text: str
    found: bool


def marked(text: str, phrases: Sequence[Phrase]) -> list[Piece]:
    """Return a whole text in pieces."""
    line = _one_line(text)
    return list(_pieces(line, _places(line, phrases), 0, len(line)))


def excerpt(text: str, phrases: Sequence[Phrase]) -> list[Piece]:
    """Return some of a text in pieces, from shortly before the first place that was found."""
    line = _one_line(text)
    places = _first_places(line, phrases)
    start = max(0, places[0][0] - BEFORE) if places else 0
    end = min(len(line), start + LENGTH)
    pieces = list(_pieces(line, places, start, end))
    if start:
        pieces.insert(0, Piece("…", False))
    if end < len(line):
        pieces.append(Piece("…", False))
    return pieces


def _one_line(text: str) -> str:
    return " ".join(text[:LONGEST_TEXT].split())


def _pieces(text: str, places: Sequence[tuple[int, int]], start: int, end: int) -> Iterator[Piece]:
    at = start
    for first, last in places:
        first, last = max(first, at), min(last, end)
        if first < last:
            if at < first:
                yield Piece(text[at:first], False)
            yield Piece(text[first:last], True)
            at = last
    if at < end:
        yield Piece(text[at:end], False)


def _first_places(line: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Return where the phrases stand in and around the first part of ``line`` that has one of them.

    To fold a whole text character by character costs much more than to look for the part.
    """
    patterns = [_pattern(phrase) for phrase in phrases]
    if not _stands(line, patterns):
        return []
    for start in range(0, len(line), _STEP):
        if _stands(line[start : start + 2 * _STEP], patterns):
            first = _cut(line, max(0, start - _STEP))
            places = _places(line[first : _cut(line, start + 3 * _STEP)], phrases)
            if places:
                return [(first + begin, first + end) for begin, end in places]
    return _places(line, phrases)  # one that is longer than a part: much lies between its runs


def _stands(text: str, patterns: Sequence[re.Pattern[str]]) -> bool:
    folded = plain(text)
    one = alike(folded)
    return any(pattern.search(one) or pattern.search(folded) for pattern in patterns)


def _cut(line: str, at: int) -> int:
    """Return the nearest place from ``at`` on that parts no mark from its character."""
    while at < len(line) and _is_mark(line[at]):
        at += 1
    return at


def _is_mark(char: str) -> bool:
    return char in _MARKS or unicodedata.combining(char) != 0


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    return re.compile(r"\W+".join(map(re.escape, phrase.runs)))


def _places(text: str, phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Return where the phrases stand in ``text``, in order and without overlap."""
    folded, origins = _folded(text)
    found: list[tuple[int, int]] = []
    one, back = _alike(folded)
    for phrase in phrases:
        pattern = _pattern(phrase)
        places = [(back[m.start()], back[m.end() - 1] + 1) for m in pattern.finditer(one)]
        if not places:  # a part of a word that has several spellings
            places = [m.span() for m in pattern.finditer(folded)]
        found += [(origins[first][0], origins[last - 1][1]) for first, last in places]
    return _merged(sorted(found))


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text folded, and for each of its characters where it came from."""
    whole = plain(text)
    if len(whole) == len(text) and unicodedata.is_normalized("NFKC", text):
        return whole, [(at, at + 1) for at in range(len(text))]
    folded: list[str] = []
    origins: list[tuple[int, int]] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and _is_mark(text[end]):
            end += 1
        said = " " if text[at].isspace() else plain(text[at:end])
        folded.append(said)
        origins += [(at, end)] * len(said)
        at = end
    return "".join(folded), origins


def _alike(folded: str) -> tuple[str, list[int]]:
    """Return a folded text in the spellings that stand for all, and where each character was.

    All characters of a word that is spelled otherwise now stand for its last one, but for the first.
    """
    back: list[int] = []
    at = 0

    def kept(start: int, end: int, length: int) -> None:
        nonlocal at
        back.extend(range(at, start))
        back.extend([start, *[end - 1] * (length - 1)] if length > 1 else [start])
        at = end

    one = alike(folded, kept)
    back.extend(range(at, len(folded)))
    return one, back


def _merged(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in places:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
