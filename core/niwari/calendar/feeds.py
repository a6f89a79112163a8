"""The personal feed: one secret address for a person in a municipality, made, renewed and ended.

Whoever knows the address reads what the person may see; so its secret part is kept as a hash alone,
and a new one takes the place of the former.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.calendar.models import Feed
from niwari.clock import tokyo_day
from niwari.context import AppointmentRef, Context, MunicipalityRef
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, on_day
from niwari.directory.system import system_context
from niwari.identity.hashing import hashed
from niwari.identity.providers.holding import require_word
from niwari.identity.who_acts import POST, holds, read, statement, stored, town_and_roles

_READ_EVERY = timedelta(hours=1)
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")

# The person's post of today, the main one first: a feed outlives a transfer inside the town.
_FEED = f"""(
    SELECT f.*, (
        SELECT x.id FROM directory_appointment x
        WHERE x.person_id = f.person_id AND x.municipality_id = f.municipality_id AND {holds("x")}
        ORDER BY x.is_main DESC, x.id LIMIT 1) AS appointment_id
    FROM calendar_feed f WHERE f.token_hash = :token) t"""  # noqa: S608 - put together from constants
_READ = statement(
    "t.id, t.locale, t.read_at IS NULL OR t.read_at <= :stale_at",
    _FEED,
    # What a provider vouched for is over while it is stopped, or does not serve the town.
    "t.issuer = '' OR EXISTS (SELECT 1 FROM identity_provider w"
    " JOIN identity_provider_municipality s ON s.provider_id = w.id"
    " WHERE w.issuer = t.issuer AND w.is_active AND s.municipality_id = t.municipality_id)",
    town="m.id = t.municipality_id AND (m.ends_on IS NULL OR m.ends_on >= :day)",
    has_post=True,
)
_OWN_COLUMNS = 3
_PORTION = 500


@dataclass(frozen=True, slots=True)
class FeedHolder:
    """For whom a feed is read, with all that tells what the person may see.

    ``is_stale`` tells that ``read_at`` is old enough to be written again.
    """

    feed_id: int
    locale: str
    is_stale: bool
    appointment: AppointmentRef
    municipality: MunicipalityRef
    roles: frozenset[str]


def feed_of(ctx: Context) -> Feed | None:
    """Return the acting person's feed in this municipality, or ``None``."""
    found: Feed | None = Feed.get_or_none(_own(ctx))
    return found


def make_feed(ctx: Context) -> str:
    """Make the acting person's feed, or give it another address; returns its secret: nobody can again.

    The former address is good no more. Raises ``NotVouchedFor`` where the session's provider was
    stopped or has lost the municipality.
    """
    secret = secrets.token_urlsafe(32)
    values = {
        Feed.token_hash: hashed(secret),
        Feed.locale: ctx.locale,
        Feed.issuer: ctx.issuer,
        Feed.made_at: ctx.now,
        Feed.read_at: None,
    }
    with transaction(ctx):
        require_word(ctx)
        owner = {Feed.person: ctx.person_id, Feed.municipality: ctx.municipality.id}
        Feed.insert({**owner, **values}).on_conflict(
            conflict_target=(Feed.municipality, Feed.person), update=values
        ).execute()
        audit.record(ctx, "calendar.make_feed", "calendar_feed", Feed.get(_own(ctx)).id)
    return secret


def end_feed(ctx: Context) -> bool:
    """End the acting person's feed at once; returns whether there was one."""
    with transaction(ctx):
        feed = feed_of(ctx)
        if feed is None:
            return False
        Feed.delete().where(Feed.id == feed.id).execute()
        audit.record(ctx, "calendar.end_feed", "calendar_feed", feed.id)
    return True


def read_feed(now: datetime, secret: str) -> FeedHolder | None:
    """Return for whom the feed with ``secret`` is read, by one query.

    ``None`` where there is no such feed, where its person has no post in the municipality on the
    Tokyo day of ``now``, and where the provider by whose word it was made is stopped.
    """
    if not _SECRET.fullmatch(secret):
        return None
    found = read(
        _READ, day=tokyo_day(now), stale_at=stored(now - _READ_EVERY), token=hashed(secret)
    )
    if not found:
        return None
    feed_id, locale, is_stale = found[0][:_OWN_COLUMNS]
    return FeedHolder(
        feed_id,
        locale,
        bool(is_stale),
        AppointmentRef(*found[0][_OWN_COLUMNS : _OWN_COLUMNS + POST]),
        *town_and_roles(found, _OWN_COLUMNS + POST),
    )


def _own(ctx: Context) -> Any:
    return (Feed.person == ctx.person_id) & (Feed.municipality == ctx.municipality.id)


def note_reading(feed_id: int, now: datetime) -> None:
    """Write that a feed was fetched just now, in one statement."""
    Feed.update(read_at=now).where(Feed.id == feed_id).execute()


def end_with_posts(now: datetime) -> int:
    """End feeds of people who have no post in the municipality any more; returns how many.

    A portion at each call: nothing is read by them meanwhile. Who comes back later makes a new one.
    """
    today = tokyo_day(now)
    here = Appointment.select(Appointment.id).where(
        (Appointment.person == Feed.person)
        & (Appointment.municipality == Feed.municipality)
        & on_day(Appointment, today)
    )
    over = Feed.select(Feed.id).where(~fn.EXISTS(here)).order_by(Feed.id).limit(_PORTION)
    ids = [id_ for (id_,) in rows(over)]
    if not ids:
        return 0
    with transaction(system_context(now, "calendar.end_with_posts")):
        ended: int = Feed.delete().where(Feed.id.in_(ids)).execute()
    return ended
