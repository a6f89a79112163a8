"""Who acts under a token, asked anew at each request."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from niwari.clock import tokyo_day
from niwari.context import AppointmentRef, MunicipalityRef
from niwari.identity.hashing import hashed
from niwari.identity.models import ApiToken
from niwari.identity.tokens.maker_gone import GRACE
from niwari.identity.tokens.service import PREFIX
from niwari.identity.who_acts import POST, read, statement, stored, town_and_roles

# ``used_at`` is written at most this often, so that reading does not mean writing rows.
_USED_EVERY = timedelta(minutes=5)
_TOKEN = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")

_READ = statement(
    "t.id, t.scopes, t.used_at IS NULL OR t.used_at <= :stale_at, t.appointment_id",
    "identity_api_token t",
    "t.token_hash = :token AND t.created_at <= :now AND t.expires_at > :now"
    " AND t.revoked_at IS NULL AND (t.maker_gone_on IS NULL OR t.maker_gone_on > :gone_before)",
    town="m.id = t.municipality_id AND (m.ends_on IS NULL OR m.ends_on >= :day)",
    has_post=False,
)
_OWN_COLUMNS = 4


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

    ``None`` where there is no such token, where it has expired, was revoked or its maker is gone for
    too long, or where its appointment or its municipality does not hold on the Tokyo day of ``now``.
    """
    if not _TOKEN.fullmatch(token):
        return None
    rows = read(
        _READ,
        day=tokyo_day(now),
        now=stored(now),
        stale_at=stored(now - _USED_EVERY),
        token=hashed(token),
        gone_before=tokyo_day(now) - GRACE,
    )
    if not rows:
        return None
    token_id, scopes, is_stale, acts_in = rows[0][:_OWN_COLUMNS]
    post = rows[0][_OWN_COLUMNS : _OWN_COLUMNS + POST]
    if acts_in is not None and post[0] is None:
        return None
    return TokenHolder(
        token_id,
        frozenset(scopes.split()),
        bool(is_stale),
        AppointmentRef(*post) if acts_in is not None else None,
        *town_and_roles(rows, _OWN_COLUMNS + POST),
    )


def note_use(token_id: int, now: datetime) -> None:
    """Write that a token was used just now, in one statement."""
    ApiToken.update(used_at=now).where(ApiToken.id == token_id).execute()
