"""What was opened by a provider's word, sessions and tokens: ended, and counted by municipality."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment
from niwari.identity.models import ApiToken, Session
from niwari.identity.providers.drafts import Draft
from niwari.identity.providers.records import Record


@dataclass(frozen=True, slots=True)
class Ended:
    """How much ended, by municipality."""

    sessions: Counter[int] = field(default_factory=Counter)
    tokens: Counter[int] = field(default_factory=Counter)
    system_tokens: Counter[int] = field(default_factory=Counter)

    def towns(self) -> list[int]:
        """Return the ids of the municipalities in which anything ended."""
        return sorted(self.sessions.keys() | self.tokens.keys() | self.system_tokens.keys())

    def counts(self, town: int) -> dict[str, Any]:
        """Return what the audit of a municipality says; nothing where nothing ended there."""
        if town not in self.towns():
            return {}
        return {
            "sessions": self.sessions[town],
            "tokens": self.tokens[town],
            "system_tokens": self.system_tokens[town],
        }


def end_what_is_lost(ctx: Context, before: Record, draft: Draft, *, system_tokens: bool) -> Ended:
    """End what a provider opened in the municipalities that ``draft`` takes from it.

    Of one with a new issuer all sessions end, because nobody could end them from there any more; its
    tokens are known by the new one from then on.
    """
    issuer, lost = before.issuer, set(before.municipality_ids) - set(draft.municipality_ids)
    has_moved = issuer != draft.issuer
    ended = Ended(
        end_sessions(issuer, None if has_moved else lost),
        revoke_personal(ctx, issuer, lost),
        revoke_of_towns(ctx, issuer, lost) if system_tokens else Counter(),
    )
    if has_moved:
        ApiToken.update(issuer=draft.issuer).where(ApiToken.issuer == issuer).execute()
    return ended


def end_sessions(issuer: str, towns: Collection[int] | None = None) -> Counter[int]:
    """End the sessions that a provider opened, in ``towns`` or everywhere; return how many by town."""
    opened = Session.issuer == issuer
    if towns is not None:
        posts = Appointment.select(Appointment.id).where(Appointment.municipality.in_(list(towns)))
        opened &= Session.appointment.in_(posts)
    query = (
        Session.select(Appointment.municipality, fn.COUNT(Session.id))
        .join(Appointment)
        .where(opened)
        .group_by(Appointment.municipality)
    )
    ended = Counter(dict(rows(query)))
    Session.delete().where(opened).execute()
    return ended


def revoke_personal(
    ctx: Context, issuer: str, towns: Collection[int] | None = None
) -> Counter[int]:
    """Revoke the live personal tokens that were made in such sessions; return how many by town."""
    return _revoke(ctx, issuer, towns, ApiToken.appointment.is_null(False))


def revoke_of_towns(
    ctx: Context, issuer: str, towns: Collection[int] | None = None
) -> Counter[int]:
    """Revoke the municipalities' live tokens that were made in such sessions; return how many."""
    return _revoke(ctx, issuer, towns, ApiToken.appointment.is_null())


def _revoke(ctx: Context, issuer: str, towns: Collection[int] | None, which: Any) -> Counter[int]:
    made = (ApiToken.issuer == issuer) & ApiToken.revoked_at.is_null()
    if towns is not None:
        made &= ApiToken.municipality.in_(list(towns))
    revoked = (
        ApiToken.update(revoked_at=ctx.now)
        .where(made & which & (ApiToken.expires_at > ctx.now))
        .returning(ApiToken.municipality)
        .execute()
    )
    return Counter(row.municipality_id for row in revoked)
