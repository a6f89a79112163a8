"""What a plugin says of one of its rows, as the index takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from niwari.clock import TOKYO
from niwari.dates.recurrence import Occurrence, occurrences
from niwari.specs.contributions import BadContribution, Resource, When
from niwari.specs.contributions.dates import when_of
from niwari.specs.contributions.hiding import hides_place

_MOVED = timedelta(days=62)
"""How far a closed day can carry the first time before the start, and the last beyond the end."""


@dataclass(frozen=True, slots=True)
class Described:
    """A row as its plugin describes it. ``about`` is the instant at which it begins to be about something."""

    title: str
    text: str
    hides_place: bool
    about: datetime | None
    dates: Sequence[Occurrence]
    place: str = ""


def describe(resource: Resource, row: Any) -> Described:
    """Ask ``resource`` everything about ``row``; raises whatever the plugin's functions do."""
    title, text = resource.title(row), resource.text(row)
    for name, value in (("title", title), ("text", text)):
        if not isinstance(value, str):
            raise BadContribution(f"Resource {resource.kind!r}: {name} returned {value!r}, no text")
    dated = resource.dated(row) if resource.dated is not None else None
    when = when_of(dated)
    hidden = hides_place(resource, row)
    if when is None:
        return Described(title, text, hidden, None, ())
    # An instant alone says when the row was written: it orders, and nothing takes place then.
    dates = () if isinstance(dated, datetime) else _dates(when)
    return Described(title, text, hidden, _instant(when), dates, when.place)


def _instant(when: When) -> datetime:
    if isinstance(when.start, datetime):
        return when.start
    return datetime.combine(when.start, time(), TOKYO)


def _dates(when: When) -> Sequence[Occurrence]:
    if when.repeats is None:
        return occurrences(when, when.first_day, when.first_day)
    return occurrences(when, when.first_day - _MOVED, when.repeats.until + _MOVED)
