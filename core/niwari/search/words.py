"""Texts as the index holds them: folded, cut into pairs of characters.

A pair is found wherever it stands, so Japanese needs no dictionary, and one character is found as the
beginning of a pair. What lies between two runs of letters counts as one gap.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from niwari.directory.search.folding import folded
from niwari.search.variants import alike

LONGEST_TEXT = 16_000
"""How many characters of a row can be found."""
PLACES, MOST_ALIKE = 16_383, 256
"""How far PostgreSQL counts places, and how many it keeps of one pair; SQLite holds no more, so that
both find the same."""

GAP = "¶"
"""Stands between two runs of letters; no letter itself."""
ONCE_TOO_OFTEN = "§"
"""Stands in the place of a pair that was there ``MOST_ALIKE`` times before; nobody can ask for it."""
RUN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Letters to be found one after the other: runs, between which anything else may stand."""

    runs: tuple[str, ...]

    @property
    def tokens(self) -> tuple[str, ...]:
        """The pairs that must follow each other; the last one may be a beginning (``is_open``)."""
        *first, last = self.runs
        before = [token for run in first for token in (*pairs(run), GAP)]
        return (*before, *(pairs(last)[:-1] or (last,)))

    @property
    def is_open(self) -> bool:
        """Whether the last token is one character, with which a pair has to begin."""
        return len(self.runs[-1]) == 1


def plain(text: str) -> str:
    """Return ``text`` folded word by word: widths, kana, small letters, old forms of characters."""
    return " ".join(folded(word) for word in text.split())


def pairs(run: str) -> list[str]:
    """Return the pairs of a run of letters, the last of them one character."""
    return [run[at : at + 2] for at in range(len(run))]


def runs(text: str) -> list[str]:
    """Return the runs of letters and digits in a folded text."""
    return RUN.findall(text)


def phrase(text: str) -> Phrase | None:
    """Return what to look for so that ``text`` is found, ``None`` where it has no letter."""
    found = runs(alike(plain(text)))
    return Phrase(tuple(found)) if found else None


def tokens(*texts: str) -> list[str]:
    """Return what the index holds of ``texts``, in order and with gaps.

    Listed words (``variants``) stand in it in the one spelling that stands for all, and once more as
    they were written, so that any part of them is found, as far as the places go.
    """
    counted: Counter[str] = Counter()
    found: list[str] = []
    for token in islice(_all_tokens(texts), PLACES):
        counted[token] += 1
        is_held = token == GAP or counted[token] <= MOST_ALIKE
        found.append(token if is_held else ONCE_TOO_OFTEN)
    return found


def _all_tokens(texts: Iterable[str]) -> Iterator[str]:
    left = LONGEST_TEXT
    for text in texts:
        written = plain(text[:left])
        left -= len(text[:left])
        one = alike(written)
        standing = runs(one)
        known = set(standing)
        as_written = () if one == written else (r for r in runs(written) if r not in known)
        for run in (*standing, *as_written):
            yield from pairs(run)
            yield GAP
