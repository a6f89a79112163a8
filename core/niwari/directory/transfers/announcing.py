"""Saying of each person whose transfer was released that it may be known now."""

from peewee import chunked, fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.events import TransferReleased
from niwari.directory.models import Appointment
from niwari.directory.movements import former_of, main_posts_to_come, posts_of
from niwari.events.service import publish

_BATCH = 500


def last_post(ctx: Context) -> int:
    """Return the highest id of a post in the municipality; whoever imports there waits."""
    query = Appointment.select(fn.MAX(Appointment.id))
    ((found,),) = rows(query.where(Appointment.municipality == ctx.municipality.id))
    return int(found or 0)


def say_released(ctx: Context, after: int) -> None:
    """Publish what the posts mean that were written after the one with the id ``after``."""
    for batch in chunked(main_posts_to_come(ctx, after), _BATCH):
        held = posts_of(batch)
        for post in batch:
            former = former_of(post, held[post.person_id])
            if former is not None and former.section_id != post.section_id:
                on = post.starts_on.isoformat()
                publish(ctx, TransferReleased(post.person_id, former.id, post.id, on))
