"""Saying of each person whose transfer was released that it may be known now."""

from collections.abc import Iterator, Sequence

from peewee import fn

from niwari.context import Context
from niwari.db import rows
from niwari.db.sets import chunks
from niwari.directory.events import TransferReleased
from niwari.directory.models import Appointment
from niwari.directory.movements import Post, former_of, main_posts_to_come, posts_of
from niwari.events.service import publish_each


def last_post(ctx: Context) -> int:
    """Return the highest id of a post in the municipality; whoever imports there waits."""
    query = Appointment.select(fn.MAX(Appointment.id))
    ((found,),) = rows(query.where(Appointment.municipality == ctx.municipality.id))
    return int(found or 0)


def say_released(ctx: Context, after: int) -> None:
    """Publish what the posts mean that were written after the one with the id ``after``."""
    for batch in chunks(main_posts_to_come(ctx, after)):
        publish_each(ctx, _released(batch))


def _released(batch: Sequence[Post]) -> Iterator[TransferReleased]:
    held = posts_of(batch)
    for post in batch:
        former = former_of(post, held[post.person_id])
        if former is not None and former.section_id != post.section_id:
            yield TransferReleased(post.person_id, former.id, post.id, post.starts_on.isoformat())
