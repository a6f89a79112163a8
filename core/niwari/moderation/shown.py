"""What moderators are shown of cases, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime

from niwari.moderation.posts import Post
from niwari.specs.contributions import Label


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case in a list. ``town`` is empty where it would tell of a hidden author; ``reasons`` by count."""

    id: int
    label: Label
    row_id: int
    town: str
    state: str
    opened_at: datetime
    region_from: date | None
    reasons: tuple[tuple[Label, int], ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of cases, those that wait longest first; ``following`` is the id for the next page."""

    cases: tuple[Waiting, ...]
    following: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A report: why, with which words, from somebody of which town. Nobody is told from whom."""

    reason: Label
    text: str
    town: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, why, by a moderator of the town or the region, and whether by oneself."""

    turn: int
    outcome: str
    reason: str
    level: str
    at: datetime
    by_me: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """One case: ``post`` is ``None`` where it was erased. ``may`` are the outcomes to choose from.

    ``may_pause``: its hidden author can be kept from writing without a name; ``paused_until`` is the last
    day of that. ``is_barred``: the acting person wrote or reported it, or decided what is to be looked
    at again.
    """

    id: int
    turn: int
    state: str
    label: Label
    row_id: int
    town: str
    post: Post | None
    reports: tuple[Said, ...]
    decisions: tuple[Decided, ...]
    objection: str
    region_from: date | None
    may: tuple[str, ...]
    is_barred: bool
    may_pause: bool
    paused_until: date | None
