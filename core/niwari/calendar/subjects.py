"""What the calendar keeps of a person or a municipality: that there is a feed; never its address."""

from collections.abc import Iterator
from typing import Any

from niwari.calendar.models import Feed
from niwari.specs.contributions import Receipt, Record, Subject


def records(subject: Subject) -> Iterator[Record]:
    """Yield the feeds of ``subject``."""
    for feed in Feed.select().where(_of(subject)).order_by(Feed.id):
        yield Record(
            "calendar.feed",
            feed.id,
            {
                "made_at": feed.made_at.isoformat(),
                "read_at": feed.read_at.isoformat() if feed.read_at is not None else None,
            },
        )


def erase(subject: Subject) -> Receipt:
    """End the feeds of ``subject``; in the caller's transaction."""
    return Receipt(erased=Feed.delete().where(_of(subject)).execute())


def _of(subject: Subject) -> Any:
    conditions = []
    if subject.person_id is not None:
        conditions.append(Feed.person == subject.person_id)
    if subject.municipality_id is not None:
        conditions.append(Feed.municipality == subject.municipality_id)
    condition: Any = conditions[0]
    return condition & conditions[1] if len(conditions) > 1 else condition
