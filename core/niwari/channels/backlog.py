"""How much waits to leave by a channel, and how fast it does: for the health page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from peewee import fn

from niwari.db import rows
from niwari.notices.models import DEAD, PENDING, SENT, Delivery

HOUR = timedelta(hours=1)
MOST_COUNTED = 10_000
"""Nobody counts further: a number that is reached means so many or more."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """The state of a channel. ``oldest`` is when the oldest that is due became due, or ``None``."""

    waiting: int
    oldest: datetime | None
    sent_last_hour: int
    dead: int


def backlog(channel: str, now: datetime) -> Backlog:
    """Return the state of ``channel`` in the whole installation, by four queries of bounded length.

    ``dead`` are those that nobody has sent again or given up.
    """
    due = (Delivery.state == PENDING) & (Delivery.channel == channel) & (Delivery.due_at <= now)
    ((oldest,),) = rows(Delivery.select(fn.MIN(Delivery.due_at)).where(due))
    lately = (Delivery.state == SENT) & (Delivery.ended_at > now - HOUR)
    return Backlog(
        waiting=_count(due),
        oldest=oldest,
        sent_last_hour=_count(lately & (Delivery.channel == channel)),
        dead=_count((Delivery.state == DEAD) & (Delivery.channel == channel)),
    )


def _count(condition: object) -> int:
    some = Delivery.select(Delivery.id).where(condition).limit(MOST_COUNTED)
    return int(some.count())
