"""The sessions of one person: seeing them, and ending those on other devices."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.audit.models import AuditEntry
from niwari.config import Settings
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, on_day
from niwari.errors import NotFound
from niwari.identity.models import Session
from niwari.identity.sessions.reach import within_reach

_ENDED_ONE = "identity.sign_out_other"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A live session. ``device`` is as ``device_of`` names it, empty where that is not known.

    ``seen_at`` is up to five minutes early. ``ends_at`` is when it ends if nobody uses it before;
    ``expires_at``, when it ends all the same.
    """

    id: int
    device: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MySessions:
    """The live sessions of a person within reach, the last used first.

    ``has_more`` tells that the person holds a post today that is out of reach: there may be sessions.
    """

    within_reach: tuple[OpenSession, ...]
    has_more: bool


def my_sessions(ctx: Context, settings: Settings) -> MySessions:
    """Return the live sessions of the acting person, by one query."""
    idle = timedelta(minutes=settings.session_idle_minutes)
    found = (
        Session.select(
            Session.id,
            Session.device,
            Session.created_at,
            Session.seen_at,
            Session.expires_at,
            fn.EXISTS(_posts_out_of_reach(ctx)),
        )
        .join(Appointment)
        .where(
            (Appointment.person == ctx.person_id)
            & on_day(Appointment, ctx.today)
            & within_reach(ctx, Appointment.municipality)
            & (Session.created_at <= ctx.now)
            & (Session.expires_at > ctx.now)
            & (Session.seen_at > ctx.now - idle)
        )
        .order_by(Session.seen_at.desc(), Session.id.desc())
    )
    listed: list[Any] = rows(found)
    return MySessions(
        tuple(
            OpenSession(id_, device or "", created, seen, min(seen + idle, expires), expires)
            for id_, device, created, seen, expires, _ in listed
        ),
        any(has_more for *_, has_more in listed),
    )


def end_other(ctx: Context, session_id: int, *, this: int) -> None:
    """End one session of the acting person; ``this``, in which they are asking, is not meant.

    Again changes nothing. The audit of the municipality in which it acted says so. Raises
    ``NotFound`` where it is nobody's, somebody else's, this one or out of reach.
    """
    other = (Session.id == session_id) & (Session.id != this)
    seen = _own_posts(ctx).where(within_reach(ctx, Appointment.municipality))
    with transaction(ctx):
        mine = other & Session.appointment.in_(seen)
        ended = list(Session.delete().where(mine).returning(Session.appointment).execute())
        if ended:
            town = Appointment.get_by_id(ended[0].appointment_id).municipality_id
            audit.record(ctx, _ENDED_ONE, "session", session_id, municipality_id=town)
        elif session_id == this or not _was_ended(ctx, session_id):
            raise NotFound


def end_all_others(ctx: Context, *, this: int) -> int:
    """End all sessions of the acting person except ``this``; returns how many.

    Also those out of reach: whoever has lost a phone means all of them, and nothing is gained by
    ending one. The audit of each municipality says how many ended there.
    """
    others = Session.appointment.in_(_own_posts(ctx)) & (Session.id != this)
    with transaction(ctx):
        towns = dict(
            rows(
                Session.select(Session.id, Appointment.municipality).join(Appointment).where(others)
            )
        )
        gone = Session.delete().where(Session.id.in_(list(towns))).returning(Session.id).execute()
        ended = Counter(towns[row.id] for row in gone)
        for town, number in sorted(ended.items()):
            audit.record(
                ctx,
                "identity.sign_out_others",
                "session",
                this,
                municipality_id=town,
                ended=number,
            )
    return ended.total()


def _was_ended(ctx: Context, session_id: int) -> bool:
    """Tell whether the acting person has ended this session already, as a second click finds it."""
    found: bool = (
        AuditEntry.select()
        .where(
            (AuditEntry.object_kind == "session")
            & (AuditEntry.object_id == session_id)
            & (AuditEntry.action == _ENDED_ONE)
            & AuditEntry.actor_id.in_(_own_posts(ctx))
        )
        .exists()
    )
    # On SQLite an id may come back as somebody's new session.
    return found and not Session.select().where(Session.id == session_id).exists()


def _own_posts(ctx: Context) -> Any:
    return Appointment.select(Appointment.id).where(Appointment.person == ctx.person_id)


def _posts_out_of_reach(ctx: Context) -> Any:
    post = Appointment.alias()
    return post.select(post.id).where(
        (post.person == ctx.person_id)
        & on_day(post, ctx.today)
        & ~within_reach(ctx, post.municipality)
    )
