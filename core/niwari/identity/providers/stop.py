"""Stopping a provider, with all that was opened by its word.

In an incident one press has to be enough: who got in by a provider that is not to be trusted stays in
by the session, and comes back by a token made in it.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from peewee import fn

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Appointment
from niwari.identity.models import ApiToken, Provider, Session
from niwari.identity.providers.changes import set_active


@dataclass(frozen=True, slots=True)
class Stopped:
    """What stopping a provider did; ``is_new`` tells that it was in use before."""

    is_new: bool
    sessions: int = 0
    tokens: int = 0
    system_tokens: int = 0


def stop(ctx: Context, provider_id: int, *, sessions: bool, system_tokens: bool = False) -> Stopped:
    """Let nobody sign in with a provider any more; again, and of one that was stopped, ends the rest.

    ``sessions`` ends the sessions that were opened through it, also the acting one, and revokes the
    personal tokens made in them; ``system_tokens`` revokes the municipalities' tokens made in them.
    What ended stands in the audit of each municipality. Raises ``NotFound`` and ``NoWayIn``; then
    nothing has ended.
    """
    with transaction(ctx):
        is_new = set_active(ctx, provider_id, active=False)
        issuer = Provider.get_by_id(provider_id).issuer
        made = (ApiToken.issuer == issuer) & ApiToken.revoked_at.is_null()
        nothing: Counter[int] = Counter()
        opened, personal = nothing, nothing
        if sessions:
            opened = _end_sessions(issuer)
            personal = _revoke(ctx, made & ApiToken.appointment.is_null(False))
        of_towns = _revoke(ctx, made & ApiToken.appointment.is_null()) if system_tokens else nothing
        for town in sorted(opened.keys() | personal.keys() | of_towns.keys()):
            audit.record(
                ctx,
                "identity.provider_end",
                "provider",
                provider_id,
                municipality_id=town,
                sessions=opened[town],
                tokens=personal[town],
                system_tokens=of_towns[town],
            )
    return Stopped(is_new, opened.total(), personal.total(), of_towns.total())


def _end_sessions(issuer: str) -> Counter[int]:
    opened = Session.issuer == issuer
    query = (
        Session.select(Appointment.municipality, fn.COUNT(Session.id))
        .join(Appointment)
        .where(opened)
        .group_by(Appointment.municipality)
    )
    ended = Counter(dict(rows(query)))
    Session.delete().where(opened).execute()
    return ended


def _revoke(ctx: Context, which: Any) -> Counter[int]:
    revoked = (
        ApiToken.update(revoked_at=ctx.now)
        .where(which & (ApiToken.expires_at > ctx.now))
        .returning(ApiToken.municipality)
        .execute()
    )
    return Counter(row.municipality_id for row in revoked)
