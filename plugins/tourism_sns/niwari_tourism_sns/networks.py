"""How long a text may be in each network, counted as the network itself counts.

Sources, looked up in November 2026: X: twitter-text 3 (``config/v3.json``: 280 weighted, an address
counts 23, an emoji 2). Mastodon: 500 by default, user-perceived characters, an address counts 23, of a
mention the name alone. Bluesky: ``app.bsky.feed.post``, 300 user-perceived characters. Instagram: 2,200
characters and 30 hashtags. LINE: 500 in one balloon of an official account. Facebook: 63,206.
"""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import regex

from niwari.api import Label

ADDRESS_LENGTH: Final = 23
"""What X and Mastodon count for an address, however long it is."""

_ADDRESS: Final = regex.compile(r"https?://[^\s　、。「」（）]+", regex.IGNORECASE)
# X makes a link of a name without https:// too; these are the endings that a town hall writes.
_BARE: Final = regex.compile(
    r"(?<![\w@./-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:jp|com|net|org|info|biz)(?![\w.-])"
    r"(?:/[^\s　、。「」（）]*)?",
    regex.IGNORECASE,
)
_MENTION: Final = regex.compile(r"(?<![\w/])(@[\w]+)@[\w.-]+\w")
_HASHTAG: Final = regex.compile(r"(?<![\w&])[#＃][\w]+")
_CLUSTER: Final = regex.compile(r"\X")
_EMOJI: Final = regex.compile(r"\p{Regional_Indicator}{2}|[0-9#*]️?⃣|\p{Extended_Pictographic}")
# Of twitter-text's configuration: what weighs one; everything else weighs two.
_LIGHT: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_PLACEHOLDER: Final = "x" * ADDRESS_LENGTH


def graphemes(text: str) -> int:
    """Count what a reader sees as one character each (UAX #29)."""
    return len(_CLUSTER.findall(text))


def _weighted(text: str) -> int:
    text = _shortened(_BARE, _shortened(_ADDRESS, unicodedata.normalize("NFC", text)))
    return sum(_weight(cluster) for cluster in _CLUSTER.findall(text))


def _weight(cluster: str) -> int:
    if not cluster.isascii() and _EMOJI.match(cluster):
        return 2
    return sum(1 if any(a <= ord(one) <= b for a, b in _LIGHT) else 2 for one in cluster)


def _shortened(pattern: "regex.Pattern[str]", text: str) -> str:
    return pattern.sub(_PLACEHOLDER, text)


def _mastodon(text: str) -> int:
    return graphemes(_MENTION.sub(r"\1", _shortened(_ADDRESS, text)))


def hashtags(text: str) -> int:
    """Count the hashtags of a text."""
    return len(_HASHTAG.findall(text))


@dataclass(frozen=True, slots=True)
class Network:
    """A network: what it is called, how much fits, how it counts, and what else it asks for."""

    label: Label
    limit: int
    count: Callable[[str], int]
    most_hashtags: int | None = None
    needs_picture: bool = False


NETWORKS: Final[Mapping[str, Network]] = {
    "x": Network(Label("X", "X"), 280, _weighted),
    "instagram": Network(
        Label("Instagram", "Instagram"), 2200, len, most_hashtags=30, needs_picture=True
    ),
    "facebook": Network(Label("Facebook", "Facebook"), 63_206, len),
    "line": Network(Label("LINE", "LINE"), 500, graphemes),
    "mastodon": Network(Label("Mastodon", "Mastodon"), 500, _mastodon),
    "bluesky": Network(Label("Bluesky", "Bluesky"), 300, graphemes),
}


def fitting(network: Network, text: str, room_for: str = "") -> str:
    """Return ``text``, cut at a character with an ellipsis where it does not fit with ``room_for``."""
    if network.count(text + room_for) <= network.limit:
        return text
    clusters = _CLUSTER.findall(text)
    low, high = 0, len(clusters)
    while low < high:
        middle = (low + high + 1) // 2
        tried = "".join(clusters[:middle]).rstrip() + "…" + room_for
        low, high = (middle, high) if network.count(tried) <= network.limit else (low, middle - 1)
    return "".join(clusters[:low]).rstrip() + "…" if low else ""
