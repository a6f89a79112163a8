"""Stopping a provider, with all that was opened by its word.

In an incident one press has to be enough: who got in by a provider that is not to be trusted stays in
by the session, and comes back by a token made in it.
"""

from collections import Counter
from dataclasses import dataclass

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.identity.models import Provider
from niwari.identity.providers.changes import set_active
from niwari.identity.providers.opened import (
    Ended,
    end_sessions,
    revoke_of_towns,
    revoke_personal,
)


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
        ended = Ended(
            end_sessions(issuer) if sessions else Counter(),
            revoke_personal(ctx, issuer) if sessions else Counter(),
            revoke_of_towns(ctx, issuer) if system_tokens else Counter(),
        )
        for town in ended.towns():
            audit.record(
                ctx,
                "identity.provider_end",
                "provider",
                provider_id,
                municipality_id=town,
                **ended.counts(town),
            )
    return Stopped(
        is_new, ended.sessions.total(), ended.tokens.total(), ended.system_tokens.total()
    )
