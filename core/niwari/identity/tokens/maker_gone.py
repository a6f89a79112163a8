"""Tokens of a municipality whose maker can make none any more.

Such a token is the municipality's and goes on, as systems depend on it. But whoever made it saw its
value, and may have kept it: so it is marked, and ends after a time in which IT puts a new one in its
place (docs/decisions/0023).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.db import rows, transaction
from niwari.directory.models import Appointment, Municipality, on_day
from niwari.directory.system import system_context
from niwari.host.town_state import state_of
from niwari.identity.models import ApiToken
from niwari.identity.roles.rules import permissions_of, roles_by_post
from niwari.specs.contributions import Permission

MAKE = "identity.system_tokens"
"""The permission to make tokens of the municipality."""

GRACE = timedelta(days=30)
"""How long such a token is good after the day on which its maker was found gone."""


def in_grace(today: date) -> Any:
    """Return the condition that an ``ApiToken`` has not ended because its maker is gone."""
    return ApiToken.maker_gone_on.is_null() | (ApiToken.maker_gone_on > today - GRACE)


def look_after_makers(now: datetime, declared: Mapping[str, Permission]) -> int:
    """Mark the live tokens of municipalities whose maker's post or permission has ended.

    ``declared`` are all permissions by code. The mark is taken off where the maker can make tokens
    there again, as after a slip. Returns how many tokens changed; the audit names each.
    """
    changed = 0
    able = _able_makers(now, declared)
    for token_id, town, maker, gone_on in rows(_live(now)):
        if ((town, maker) in able) != (gone_on is None):
            changed += _mark(token_id, town, now, before=gone_on)
    return changed


def _live(now: datetime) -> Any:
    return (
        ApiToken.select(
            ApiToken.id, ApiToken.municipality, ApiToken.created_by, ApiToken.maker_gone_on
        )
        .where(
            ApiToken.appointment.is_null()
            & ApiToken.revoked_at.is_null()
            & (ApiToken.expires_at > now)
            & in_grace(tokyo_day(now))
        )
        .order_by(ApiToken.id)
    )


def _able_makers(now: datetime, declared: Mapping[str, Permission]) -> frozenset[tuple[int, int]]:
    """Return (municipality, post) of those makers that can make tokens, by the same few queries."""
    makers = _live(now).order_by().select(ApiToken.created_by)
    posts: list[tuple[int, int, int]] = rows(
        Appointment.select(Appointment.id, Municipality.id, Municipality.revision)
        .join(Municipality)
        .where(Appointment.id.in_(makers) & on_day(Appointment, tokyo_day(now)))
    )
    roles = roles_by_post(makers, now)
    return frozenset(
        (town, post)
        for post, town, revision in posts
        if MAKE in permissions_of(declared, roles[post], state_of(town, revision).deviations)
    )


def _mark(token_id: int, municipality_id: int, now: datetime, *, before: date | None) -> int:
    ctx = system_context(now, "identity.look_after_makers")
    with transaction(ctx):
        # It may have been revoked, or marked, since it was read.
        is_as_read = ApiToken.revoked_at.is_null() & (
            ApiToken.maker_gone_on.is_null() if before is None else ApiToken.maker_gone_on == before
        )
        changed: int = (
            ApiToken.update(maker_gone_on=tokyo_day(now) if before is None else None)
            .where((ApiToken.id == token_id) & is_as_read)
            .execute()
        )
        if changed:
            audit.record(
                ctx,
                "identity.token_maker_gone" if before is None else "identity.token_maker_back",
                "api_token",
                token_id,
                municipality_id=municipality_id,
            )
    return changed
