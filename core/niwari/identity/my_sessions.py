"""The sessions of one person: seeing them, and ending those on other devices."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from niwari.audit import service as audit
from niwari.audit.models import AuditEntry
from niwari.config import Settings
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, on_day
from niwari.errors import NotFound
from niwari.identity.models import Session

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


def my_sessions(ctx: Context, settings: Settings) -> tuple[OpenSession, ...]:
    """Return the live sessions of the acting person in all posts, the last used first."""
    idle = timedelta(minutes=settings.session_idle_minutes)
    found = (
        Session.select(
            Session.id, Session.device, Session.created_at, Session.seen_at, Session.expires_at
        )
        .join(Appointment)
        .where(
            (Appointment.person == ctx.person_id)
            & on_day(Appointment, ctx.today)
            & (Session.created_at <= ctx.now)
            & (Session.expires_at > ctx.now)
            & (Session.seen_at > ctx.now - idle)
        )
        .order_by(Session.seen_at.desc(), Session.id.desc())
    )
    return tuple(
        OpenSession(id_, device or "", created, seen, min(seen + idle, expires), expires)
        for id_, device, created, seen, expires in rows(found)
    )


def end_other(ctx: Context, session_id: int, *, this: int) -> None:
    """End one session of the acting person; ``this``, in which they are asking, is not meant.

    Again changes nothing. Raises ``NotFound`` where it is nobody's, somebody else's or this one.
    """
    with transaction(ctx):
        ended = Session.delete().where((Session.id == session_id) & _others(ctx, this)).execute()
        if ended:
            audit.record(ctx, _ENDED_ONE, "session", session_id)
        elif session_id == this or not _was_ended(ctx, session_id):
            raise NotFound


def end_all_others(ctx: Context, *, this: int) -> int:
    """End all sessions of the acting person except ``this``; returns how many."""
    with transaction(ctx):
        ended: int = Session.delete().where(_others(ctx, this)).execute()
        if ended:
            audit.record(ctx, "identity.sign_out_others", "session", this, ended=ended)
    return ended


def _others(ctx: Context, this: int) -> Any:
    return Session.appointment.in_(_own_posts(ctx)) & (Session.id != this)


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
