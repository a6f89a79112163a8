"""The first draft of a post, made of a spot or a route, short enough for its network."""

from collections.abc import Sequence
from dataclasses import dataclass

from niwari.api import plain_text
from niwari_tourism_sns.networks import Network, fitting

_STORY_LIMIT = 600


@dataclass(frozen=True, slots=True)
class Source:
    """What a draft is made of: a spot, or a route with its stops in words."""

    name: str
    town: str
    best_days: str = ""
    access: str = ""
    story: str = ""
    stops: Sequence[str] = ()
    towns: Sequence[str] = ()


def drafted(network: Network, source: Source) -> str:
    """Return a draft: the name, what is to be told, when and how to get there, the tags.

    The story is cut where it does not fit, then what stands beside it; the name always stays.
    """
    head = f"【{source.name}】{source.town}" if source.town else f"【{source.name}】"
    tags = " ".join(f"#{town}" for town in dict.fromkeys(source.towns or (source.town,)) if town)
    facts = [line for line in (_stops(source), _best(source), _access(source)) if line]
    while True:
        tail = "".join(f"\n{line}" for line in (*facts, tags) if line)
        room = network.count(head + tail) <= network.limit
        if room or not facts:
            break
        facts.pop()
    if not room:
        return fitting(network, head)
    story = plain_text(source.story, _STORY_LIMIT) if source.story else ""
    told = fitting(network, story, f"{head}\n{tail}") if story else ""
    return f"{head}\n{told}{tail}" if told else f"{head}{tail}"


def _stops(source: Source) -> str:
    return " → ".join(source.stops)


def _best(source: Source) -> str:
    return f"見ごろ：{source.best_days}" if source.best_days else ""


def _access(source: Source) -> str:
    return f"アクセス：{plain_text(source.access, 80)}" if source.access else ""
