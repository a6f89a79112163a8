"""The one mail of a day: made on its morning by the worker, for all who were told meanwhile.

Whoever tells people writes the day beside each notice and nothing else: two who tell the same people
never wait for each other.
"""

from datetime import date, datetime, timedelta
from typing import Any

from peewee import Value, fn

from niwari.clock import TOKYO
from niwari.db.transaction import immediate
from niwari.directory.models import Person
from niwari.notices.bookmarks import held, move, reached
from niwari.notices.days import MORNING
from niwari.notices.mail import MAIL
from niwari.notices.models import Delivery, Received

LOOKED_BACK = timedelta(days=7)
"""A morning that passed without a worker, or before mail was set up, is made up for so long."""

_PLACE = "digests"


def make_digests(now: datetime) -> int:
    """Write the deliveries of the mornings that have come, once; returns how many.

    Any number of workers may do so at once.
    """
    here = now.astimezone(TOKYO)
    last = here.date() if here.time() >= MORNING else here.date() - timedelta(days=1)
    made = 0
    while (day := _next_day(last)) is not None:
        with immediate():
            if held(_PLACE) < day.toordinal():
                made += _write(day, now)
                move(_PLACE, day.toordinal())
    return made


def _next_day(last: date) -> date | None:
    """Return the first day up to ``last`` that has notices and no mails yet: a step in the index."""
    done = max(reached(_PLACE), (last - LOOKED_BACK).toordinal())
    found: date | None = (
        Received.select(fn.MIN(Received.digest_on))
        .where((Received.digest_on > date.fromordinal(done)) & (Received.digest_on <= last))
        .scalar()
    )
    return found


def _write(day: date, now: datetime) -> int:
    on_day = Value(day, converter=Delivery.digest_on.db_value)
    instant = Value(now, converter=Delivery.due_at.db_value)
    told: Any = (
        Received.select(
            Value(MAIL), Received.appointment, on_day, Received.municipality, instant, instant
        )
        .join(Person, on=(Person.id == Received.person))
        .where((Received.digest_on == day) & Received.read_at.is_null() & (Person.email != ""))
        .distinct()
    )
    columns = [
        Delivery.channel,
        Delivery.appointment,
        Delivery.digest_on,
        Delivery.municipality,
        Delivery.since,
        Delivery.due_at,
    ]
    written: int = Delivery.insert_from(told, columns).as_rowcount().execute()
    return written
