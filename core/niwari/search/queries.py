"""What somebody asks for, read from what they typed: text and nothing else, whatever it looks like."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from niwari.errors import N_, Invalid
from niwari.search.words import Phrase, phrase

LONGEST, MOST_WORDS = 100, 8
_QUOTED = re.compile(r"[\"“”「『]([^\"“”「」『』]+)[\"“”」』]|(\S+)")


class WrongQuery(Invalid):
    """What was typed cannot be searched for."""

    field = "q"


@dataclass(frozen=True, slots=True)
class Query:
    """What to find: every one of ``phrases``.

    ``plugin`` and ``municipality_id`` narrow it to one feature's and one municipality's rows; days
    are Tokyo days, both included.
    """

    phrases: tuple[Phrase, ...]
    plugin: str = ""
    municipality_id: int | None = None
    first: date | None = None
    last: date | None = None


def read_phrases(text: str) -> tuple[Phrase, ...]:
    """Return the words of ``text``; what stands in quotation marks or 「」 is one of them.

    A word that is there twice counts once. Raises ``WrongQuery`` where there is no letter in it, or
    it is too long.
    """
    if len(text) > LONGEST:
        raise WrongQuery(
            N_("%(longest)s文字までにしてください。今は%(length)s文字あります。"),
            longest=LONGEST,
            length=f"{len(text):,}",
        )
    found = tuple(dict.fromkeys(_phrases(text)))
    if not found:
        raise WrongQuery(N_("探す言葉を入力してください。記号だけでは探せません。"))
    if len(found) > MOST_WORDS:
        raise WrongQuery(
            N_("一度に探せる言葉は%(most)s個までです。言葉を減らしてください。"), most=MOST_WORDS
        )
    return found


def _phrases(text: str) -> Iterator[Phrase]:
    for match in _QUOTED.finditer(text):
        if (one := phrase(match[1] or match[2])) is not None:
            yield one
