"""Announcing the beginnings and ends of posts on the day on which they take effect.

A post may be written long before it begins, or only afterwards; the job looks at each beginning and
each end once, when it has come, and says what it means.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.db.sets import CHUNK
from niwari.directory.events import PersonLeft, PersonTransferred
from niwari.directory.models import Appointment
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.events.service import publish_each

_ACTOR = "directory.movements"


@dataclass(frozen=True, slots=True)
class Post:
    """A post as movements look at it; both days are included."""

    id: int
    person_id: int
    municipality_id: int
    section_id: int
    starts_on: date
    ends_on: date | None
    is_main: bool


def announce(now: datetime) -> int:
    """Publish what the beginnings and ends mean that have come by the Tokyo day of ``now``.

    Returns how many posts were looked at. Each is looked at once, by however many workers.
    """
    day = tokyo_day(now)
    looked_at = 0
    for batch in (_announce_beginnings, _announce_ends):
        while done := batch(now, day):
            looked_at += done
    return looked_at


def _announce_beginnings(now: datetime, day: date) -> int:
    with transaction(system_context(now, _ACTOR)):
        begun = _claimed(
            Appointment.start_said_at,
            now,
            Appointment.start_said_at.is_null() & (Appointment.starts_on <= day),
        )
        posts = posts_of(post for post in begun if post.is_main)
        transfers: dict[int, list[object]] = defaultdict(list)
        for post in sorted(begun, key=lambda post: (post.starts_on, post.id)):
            former = former_of(post, posts[post.person_id]) if post.is_main else None
            if former is not None and former.section_id != post.section_id:
                event = PersonTransferred(
                    post.person_id, former.id, post.id, post.starts_on.isoformat()
                )
                transfers[post.municipality_id].append(event)
        _publish(now, day, transfers)
    return len(begun)


def _announce_ends(now: datetime, day: date) -> int:
    with transaction(system_context(now, _ACTOR)):
        ended = _claimed(
            Appointment.end_said_at,
            now,
            Appointment.end_said_at.is_null() & (Appointment.ends_on < day),
        )
        posts = posts_of(ended)
        left: dict[int, list[object]] = defaultdict(list)
        # Of several posts that ended, the last says it.
        leaving = {(post.person_id, post.municipality_id): post for post in _by_end(ended)}
        for (person_id, town_id), post in leaving.items():
            here = [other for other in posts[person_id] if other.municipality_id == town_id]
            if not any(_holds(other, day) for other in here) and post == _by_end(here)[-1]:
                left[town_id].append(PersonLeft(person_id, str(post.ends_on)))
        _publish(now, day, left)
    return len(ended)


def _claimed(column: Any, now: datetime, due: Any) -> list[Post]:
    """Mark a batch as looked at and return it; what another worker holds comes to that one."""
    query = Appointment.select(Appointment.id).where(due).order_by(Appointment.id).limit(CHUNK)
    claimed = (
        Appointment.update({column: now})
        .where(Appointment.id.in_(query) & column.is_null())
        .returning(*_COLUMNS)
    )
    return [Post(*row) for row in claimed.tuples().execute()]


_COLUMNS = (
    Appointment.id,
    Appointment.person_id,
    Appointment.municipality_id,
    Appointment.section_id,
    Appointment.starts_on,
    Appointment.ends_on,
    Appointment.is_main,
)


def main_posts_to_come(ctx: Context, after: int) -> list[Post]:
    """Return the municipality's main posts with an id above ``after`` that have not begun."""
    query = Appointment.select(*_COLUMNS).where(
        (Appointment.municipality == ctx.municipality.id)
        & (Appointment.id > after)
        & (Appointment.starts_on > ctx.today)
        & Appointment.is_main
    )
    return [Post(*row) for row in rows(query.order_by(Appointment.starts_on, Appointment.id))]


def posts_of(posts: Iterable[Post]) -> dict[int, list[Post]]:
    """Return all posts of the people in ``posts``, by person."""
    found: dict[int, list[Post]] = defaultdict(list)
    people = {post.person_id for post in posts}
    if people:
        query = Appointment.select(*_COLUMNS).where(Appointment.person.in_(sorted(people)))
        for row in rows(query):
            found[row[1]].append(Post(*row))
    return found


def former_of(post: Post, posts: Sequence[Post]) -> Post | None:
    """Return the main post that this one follows on, of those that had ended by its first day."""
    before = [
        other
        for other in posts
        if other.is_main and other.ends_on is not None and other.ends_on < post.starts_on
    ]
    return _by_end(before)[-1] if before else None


def _by_end(posts: Sequence[Post]) -> list[Post]:
    return sorted(posts, key=lambda post: (post.ends_on or date.max, post.id))


def _holds(post: Post, day: date) -> bool:
    return post.starts_on <= day and (post.ends_on is None or day <= post.ends_on)


def _publish(now: datetime, day: date, events: Mapping[int, Sequence[object]]) -> None:
    """Publish the events of each municipality, in their order."""
    for town_id, happened in events.items():
        publish_each(system_context(now, _ACTOR, municipality_ref(town_id, day)), happened)
