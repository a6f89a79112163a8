"""Who acts under a token, asked anew at each request."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from niwari.clock import tokyo_day
from niwari.context import AppointmentRef, MunicipalityRef
from niwari.db import database, is_postgresql
from niwari.identity.api_tokens import PREFIX, hashed
from niwari.identity.models import ApiToken
from niwari.identity.roles import role_set

# ``used_at`` is written at most this often, so that reading does not mean writing rows.
_USED_EVERY = timedelta(minutes=5)
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")

# Prepared, because it runs at every request, as the session's query does.
_HOLDS = "{0}.starts_on <= %s AND ({0}.ends_on IS NULL OR {0}.ends_on >= %s)"
_READ = f"""
SELECT t.id, t.scopes, t.used_at IS NULL OR t.used_at <= %s, t.appointment_id,
       a.id, p.id, p.name, c.id, COALESCE(v.name, c.name),
       m.id, m.code, m.name, m.revision, r.region_id,
       EXISTS (SELECT 1 FROM directory_headship h
               WHERE h.appointment_id = a.id AND {_HOLDS.format("h")}),
       a.stand_in_order IS NOT NULL OR EXISTS (
           SELECT 1 FROM directory_delegation d
           WHERE d.appointment_id = a.id AND d.ended_at IS NULL AND {_HOLDS.format("d")}),
       g.role
FROM identity_api_token t
LEFT JOIN directory_appointment a ON a.id = t.appointment_id AND {_HOLDS.format("a")}
LEFT JOIN directory_person p ON p.id = a.person_id
LEFT JOIN directory_section c ON c.id = a.section_id
LEFT JOIN directory_section_version v ON v.section_id = c.id AND {_HOLDS.format("v")}
JOIN directory_municipality m ON m.id = t.municipality_id
     AND (m.ends_on IS NULL OR m.ends_on >= %s)
LEFT JOIN directory_region_membership r ON r.municipality_id = m.id AND {_HOLDS.format("r")}
LEFT JOIN identity_role_grant g
    ON g.appointment_id = a.id AND (g.ends_on IS NULL OR g.ends_on >= %s)
WHERE t.token_hash = %s AND t.created_at <= %s AND t.expires_at > %s AND t.revoked_at IS NULL
"""  # noqa: S608 - put together from constants
_READ_BY_ENGINE = {True: _READ, False: _READ.replace("%s", "?")}


@dataclass(frozen=True, slots=True)
class TokenHolder:
    """For whom a live token acts: a person's appointment, or ``None`` for the municipality itself.

    ``roles`` are those of the appointment today; a municipality counts as ``staff``. ``is_stale``
    tells that ``used_at`` is old enough to be written again.
    """

    token_id: int
    scopes: frozenset[str]
    is_stale: bool
    appointment: AppointmentRef | None
    municipality: MunicipalityRef
    roles: frozenset[str]


def read_token(now: datetime, token: str) -> TokenHolder | None:
    """Return for whom ``token`` acts, with all that a request needs to know, by one query.

    ``None`` where there is no such token, where it has expired or was revoked, or where its
    appointment or its municipality does not hold on the Tokyo day of ``now``.
    """
    if not _TOKEN.fullmatch(token):
        return None
    rows = database.execute_sql(
        _READ_BY_ENGINE[is_postgresql()],
        (
            _stored(now - _USED_EVERY),
            *(tokyo_day(now),) * 12,
            hashed(token),
            _stored(now),
            _stored(now),
        ),
    ).fetchall()
    if not rows or (rows[0][3] is not None and rows[0][4] is None):
        return None
    return _holder(rows)


def note_use(token_id: int, now: datetime) -> None:
    """Write that a token was used just now, in one statement."""
    ApiToken.update(used_at=now).where(ApiToken.id == token_id).execute()


def _holder(rows: list[Any]) -> TokenHolder:
    # One row per granted role; all else is alike in them.
    first = rows[0]
    municipality_id, code, name, revision = first[9:13]
    region_id = min({row[13] for row in rows} - {None}, default=None)
    return TokenHolder(
        first[0],
        frozenset(first[1].split()),
        bool(first[2]),
        AppointmentRef(*first[4:9]) if first[4] is not None else None,
        MunicipalityRef(municipality_id, code, name, revision, region_id),
        role_set(
            (row[16] for row in rows if row[16]),
            is_head=bool(first[14]),
            stands_in=bool(first[15]),
        ),
    )


def _stored(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)
