"""Sessions: opened when a sign-in succeeds, ended by the person, by the provider or by time.

The browser holds a random token, the table its SHA-256 alone: whoever copies the table can be
nobody. All instants are aware and come from the application's clock. Most writes are a single
statement and need no transaction of their own.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import Value

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.config import Settings
from niwari.context import AppointmentRef, Context, MunicipalityRef
from niwari.db import is_postgresql, transaction
from niwari.directory.models import Appointment
from niwari.errors import N_, DomainError
from niwari.identity.hashing import hashed
from niwari.identity.models import Provider, Session, UsedLogoutToken
from niwari.identity.protocol.auth_time import RECENTLY
from niwari.identity.providers.serving import vouches_for
from niwari.identity.sessions.reach import REACHES
from niwari.identity.who_acts import POST, holds, read, statement, stored, town_and_roles

# ``seen_at`` is written at most this often, so that reading pages does not mean writing rows.
_SEEN_EVERY = timedelta(minutes=5)
# How far back purging looks for people who left.
_LOOKED_BACK = timedelta(days=31)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

_READ = statement(
    f"""
    s.id, s.data, s.seen_at <= :stale_at, s.auth_time > :recent_after, s.issuer,
    EXISTS (SELECT 1 FROM directory_appointment o
            WHERE o.person_id = a.person_id AND o.id <> a.id AND {holds("o")}
            AND {REACHES.format(town="o.municipality_id", own="a.municipality_id", of="s")})
    """,  # noqa: S608 - put together from constants
    "identity_session s",
    "s.token_hash = :token AND s.created_at <= :now AND s.expires_at > :now AND s.seen_at > :idle_at",
    town="m.id = a.municipality_id",
    has_post=True,
)
_OWN_COLUMNS = 6


class SessionEnded(DomainError):
    """The session that was to get a new token is not there any more, or has one already.

    Or the provider was stopped while somebody was signing in.
    """

    status = 400
    text = N_("サインインの途中で時間が切れました。もう一度サインインしてください。")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who acts in a session, and whether they could act in another post, as of the day of reading.

    In another post within the session's reach (``reach``).
    """

    appointment: AppointmentRef
    municipality: MunicipalityRef
    roles: frozenset[str]
    has_other_posts: bool


@dataclass(frozen=True, slots=True)
class SessionState:
    """A live session; ``data`` is JSON, ``issuer`` is whose word opened it.

    ``is_stale`` tells that ``seen_at`` is old enough to be written again, ``is_recent`` that the
    person has shown the provider who they are within ``RECENTLY``.
    """

    id: int
    data: str
    is_stale: bool
    is_recent: bool
    person: SignedIn
    issuer: str


def open_session(
    settings: Settings,
    now: datetime,
    *,
    appointment_id: int,
    issuer: str = "",
    idp_session: str = "",
    data: str = "{}",
    device: str = "",
    auth_time: datetime | None = None,
    provider_id: int | None = None,
) -> str:
    """Open a session for ``session_hours`` and return its token, which is stored nowhere.

    The token is new always: one planted in the browser beforehand (session fixation) opens nothing.
    With ``provider_id`` it is opened only while that provider is active and speaks for the post, or
    ``SessionEnded`` raised: whoever stops the provider, or takes the post's municipality from it, ends
    it too, even if it is opened at the same moment.
    """
    token = secrets.token_urlsafe(32)
    values = {
        Session.token_hash: hashed(token),
        Session.appointment: appointment_id,
        Session.data: data,
        Session.created_at: now,
        Session.seen_at: now,
        Session.expires_at: now + timedelta(hours=settings.session_hours),
        Session.issuer: issuer,
        Session.idp_session: idp_session,
        Session.device: device,
        Session.auth_time: auth_time,
    }
    if provider_id is None:
        Session.insert(values).execute()
        return token
    given = (Value(value, converter=field.db_value) for field, value in values.items())
    as_read = Provider.alias()
    speaks: Any = Provider.select(*given).where(
        (Provider.id == provider_id)
        & Provider.is_active
        & vouches_for(appointment_id)
        # PostgreSQL asks this again of the row for which it waited: that of somebody who changed it
        # has another revision than the one with which the statement began.
        & (Provider.revision == as_read.select(as_read.revision).where(as_read.id == provider_id))
    )
    if is_postgresql():
        # Many may sign in at once, while whoever changes the provider waits, and then finds them.
        speaks = speaks.for_update("FOR SHARE")
    if not Session.insert_from(speaks, list(values)).as_rowcount().execute():
        raise SessionEnded
    return token


def confirm_session(
    ctx: Context, token: str, *, idp_session: str, auth_time: datetime, data: str
) -> str:
    """Note that the acting person has shown again who they are; return the session's new token.

    The old token is worth nothing afterwards; the session ends when it would have ended. Raises
    ``SessionEnded`` where it is not there or not theirs (any more).
    """
    successor = secrets.token_urlsafe(32)
    with transaction(ctx):
        changed = (
            Session.update(
                token_hash=hashed(successor),
                idp_session=idp_session,
                auth_time=auth_time,
                data=data,
            )
            .where((Session.token_hash == hashed(token)) & (Session.appointment == ctx.acting.id))
            .execute()
        )
        if not changed:
            raise SessionEnded
        audit.record(ctx, "identity.confirm", "person", ctx.person_id)
    return successor


def change_post(token: str, before: int, after: int) -> str | None:
    """Let the session of ``token`` act in the appointment ``after``; return its new token.

    It ends when it would have ended. ``None`` where it does not act in ``before`` (any more): of
    two clicks the second changes nothing.
    """
    successor = secrets.token_urlsafe(32)
    changed = (
        Session.update(token_hash=hashed(successor), appointment=after)
        .where((Session.token_hash == hashed(token)) & (Session.appointment == before))
        .execute()
    )
    return successor if changed else None


def read_session(settings: Settings, now: datetime, token: str) -> SessionState | None:
    """Return the live session of ``token`` with everything a request needs to know, by one query.

    ``None`` when there is none, when it has been idle or open for too long, or when the
    appointment does not hold on the Tokyo day of ``now``. The idle limit counts from ``seen_at``
    and may strike up to five minutes early, never late.
    """
    if not _TOKEN.fullmatch(token):
        return None
    idle = timedelta(minutes=settings.session_idle_minutes)
    rows = read(
        _READ,
        day=tokyo_day(now),
        now=stored(now),
        stale_at=stored(now - min(_SEEN_EVERY, idle / 2)),
        recent_after=stored(now - RECENTLY),
        idle_at=stored(now - idle),
        token=hashed(token),
    )
    if not rows:
        return None
    session_id, data, is_stale, is_recent, issuer, has_other_posts = rows[0][:_OWN_COLUMNS]
    post = AppointmentRef(*rows[0][_OWN_COLUMNS : _OWN_COLUMNS + POST])
    person = SignedIn(post, *town_and_roles(rows, _OWN_COLUMNS + POST), bool(has_other_posts))
    return SessionState(session_id, data, bool(is_stale), bool(is_recent), person, issuer)


def save_session(token: str, now: datetime, *, data: str | None) -> None:
    """Write that the session was used, and its ``data`` where they changed, in one statement.

    Where another request has given it another token meanwhile, by a sign-in or in another post, what
    this one knows is outdated, and nothing is written.
    """
    changed = {"seen_at": now} if data is None else {"seen_at": now, "data": data}
    Session.update(**changed).where(Session.token_hash == hashed(token)).execute()


def end_session(token: str) -> None:
    """End the session of ``token``, if there is one."""
    Session.delete().where(Session.token_hash == hashed(token)).execute()


def purge_expired(now: datetime) -> int:
    """Remove the sessions whose time or appointment is over; returns how many.

    They opened nothing any more. Of appointments, those are looked at that ended within a month: a
    session that is older has run out. Logout tokens that have expired go too.
    """
    removed: int = Session.delete().where(Session.expires_at <= now).execute()
    today = tokyo_day(now)
    has_left = Appointment.select(Appointment.id).where(
        Appointment.ends_on.between(today - _LOOKED_BACK, today - timedelta(days=1))
    )
    removed += Session.delete().where(Session.appointment.in_(has_left)).execute()
    UsedLogoutToken.delete().where(UsedLogoutToken.expires_at <= now).execute()
    return removed
