"""Sessions: opened when a sign-in succeeds, ended by the person, by the provider or by time.

The browser holds a random token, the table its SHA-256 alone: whoever copies the table can be
nobody. All instants are aware and come from the application's clock. Most writes are a single
statement and need no transaction of their own.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.config import Settings
from niwari.context import AppointmentRef, Context, MunicipalityRef
from niwari.db import database, is_postgresql, transaction
from niwari.directory.models import Appointment
from niwari.errors import N_, DomainError
from niwari.identity.auth_time import RECENTLY
from niwari.identity.models import Session, UsedLogoutToken
from niwari.identity.roles import role_set

# ``seen_at`` is written at most this often, so that reading pages does not mean writing rows.
_SEEN_EVERY = timedelta(minutes=5)
# How far back purging looks for people who left.
_LOOKED_BACK = timedelta(days=31)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

# Prepared, because it runs at every request, and building it would cost more than running it.
_HOLDS = "{0}.starts_on <= %s AND ({0}.ends_on IS NULL OR {0}.ends_on >= %s)"
_READ = f"""
SELECT s.id, s.data, s.seen_at <= %s, s.auth_time > %s,
       a.id, p.id, p.name, c.id, COALESCE(v.name, c.name),
       m.id, m.code, m.name, m.revision, r.region_id,
       EXISTS (SELECT 1 FROM directory_headship h
               WHERE h.appointment_id = a.id AND {_HOLDS.format("h")}),
       EXISTS (SELECT 1 FROM directory_appointment o
               WHERE o.person_id = a.person_id AND o.id <> a.id AND {_HOLDS.format("o")}),
       a.stand_in_order IS NOT NULL OR EXISTS (
           SELECT 1 FROM directory_delegation d
           WHERE d.appointment_id = a.id AND d.ended_at IS NULL AND {_HOLDS.format("d")}),
       g.role
FROM identity_session s
JOIN directory_appointment a ON a.id = s.appointment_id AND {_HOLDS.format("a")}
JOIN directory_person p ON p.id = a.person_id
JOIN directory_section c ON c.id = a.section_id
LEFT JOIN directory_section_version v ON v.section_id = c.id AND {_HOLDS.format("v")}
JOIN directory_municipality m ON m.id = a.municipality_id
LEFT JOIN directory_region_membership r ON r.municipality_id = m.id AND {_HOLDS.format("r")}
LEFT JOIN identity_role_grant g
    ON g.appointment_id = a.id AND (g.ends_on IS NULL OR g.ends_on >= %s)
WHERE s.token_hash = %s AND s.created_at <= %s AND s.expires_at > %s AND s.seen_at > %s
"""  # noqa: S608 - put together from constants
_READ_BY_ENGINE = {True: _READ, False: _READ.replace("%s", "?")}


class SessionEnded(DomainError):
    """The session that was to get a new token is not there any more, or has one already."""

    status = 400
    text = N_("サインインの途中で時間が切れました。もう一度サインインしてください。")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who acts in a session, and whether they could act in another post, as of the day of reading."""

    appointment: AppointmentRef
    municipality: MunicipalityRef
    roles: frozenset[str]
    has_other_posts: bool


@dataclass(frozen=True, slots=True)
class SessionState:
    """A live session; ``data`` is JSON.

    ``is_stale`` tells that ``seen_at`` is old enough to be written again, ``is_recent`` that the
    person has shown the provider who they are within ``RECENTLY``.
    """

    id: int
    data: str
    is_stale: bool
    is_recent: bool
    person: SignedIn


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
) -> str:
    """Open a session for ``session_hours`` and return its token, which is stored nowhere.

    The token is new always: one planted in the browser beforehand (session fixation) opens nothing.
    """
    token = secrets.token_urlsafe(32)
    Session.insert(
        token_hash=_hashed(token),
        appointment=appointment_id,
        data=data,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=settings.session_hours),
        issuer=issuer,
        idp_session=idp_session,
        device=device,
        auth_time=auth_time,
    ).execute()
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
                token_hash=_hashed(successor),
                idp_session=idp_session,
                auth_time=auth_time,
                data=data,
            )
            .where((Session.token_hash == _hashed(token)) & (Session.appointment == ctx.acting.id))
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
        Session.update(token_hash=_hashed(successor), appointment=after)
        .where((Session.token_hash == _hashed(token)) & (Session.appointment == before))
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
    day = tokyo_day(now)
    idle = timedelta(minutes=settings.session_idle_minutes)
    rows = database.execute_sql(
        _READ_BY_ENGINE[is_postgresql()],
        (
            _stored(now - min(_SEEN_EVERY, idle / 2)),
            _stored(now - RECENTLY),
            *(day,) * 13,
            _hashed(token),
            _stored(now),
            _stored(now),
            _stored(now - idle),
        ),
    ).fetchall()
    if not rows:
        return None
    session_id, data, is_stale, is_recent = rows[0][:4]
    return SessionState(session_id, data, bool(is_stale), bool(is_recent), _signed_in(rows))


def _signed_in(rows: list[Any]) -> SignedIn:
    # One row per granted role; all else is alike in them.
    first = rows[0]
    municipality_id, code, name, revision = first[9:13]
    region_id = min({row[13] for row in rows} - {None}, default=None)
    return SignedIn(
        AppointmentRef(*first[4:9]),
        MunicipalityRef(municipality_id, code, name, revision, region_id),
        role_set(
            (row[17] for row in rows if row[17]),
            is_head=bool(first[14]),
            stands_in=bool(first[16]),
        ),
        has_other_posts=bool(first[15]),
    )


def save_session(token: str, now: datetime, *, data: str | None) -> None:
    """Write that the session was used, and its ``data`` where they changed, in one statement.

    Where another request has given it another token meanwhile, by a sign-in or in another post, what
    this one knows is outdated, and nothing is written.
    """
    changed = {"seen_at": now} if data is None else {"seen_at": now, "data": data}
    Session.update(**changed).where(Session.token_hash == _hashed(token)).execute()


def end_session(token: str) -> None:
    """End the session of ``token``, if there is one."""
    Session.delete().where(Session.token_hash == _hashed(token)).execute()


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


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _stored(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
