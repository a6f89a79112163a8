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
from niwari.directory.models import Appointment, on_day
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.identity.models import ApiToken
from niwari.identity.roles.mapping import town_permissions
from niwari.identity.roles.rules import roles_of
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
    today = tokyo_day(now)
    live = (
        ApiToken.select(
            ApiToken.id, ApiToken.municipality, ApiToken.created_by, ApiToken.maker_gone_on
        )
        .where(
            ApiToken.appointment.is_null()
            & ApiToken.revoked_at.is_null()
            & (ApiToken.expires_at > now)
            & in_grace(today)
        )
        .order_by(ApiToken.id)
    )
    known: dict[tuple[int, int], bool] = {}
    changed = 0
    for token_id, town, maker, gone_on in rows(live):
        if (town, maker) not in known:
            known[town, maker] = _may_make(town, maker, now, declared)
        if known[town, maker] == (gone_on is None):
            continue
        changed += 1
        _mark(token_id, town, now, gone_on=today if gone_on is None else None)
    return changed


def _may_make(
    municipality_id: int, appointment_id: int, now: datetime, declared: Mapping[str, Permission]
) -> bool:
    today = tokyo_day(now)
    holds = Appointment.select().where(
        (Appointment.id == appointment_id)
        & (Appointment.municipality == municipality_id)
        & on_day(Appointment, today)
    )
    if not holds.exists():
        return False
    town = municipality_ref(municipality_id, today)
    return MAKE in town_permissions(declared, town, roles_of(appointment_id, now))


def _mark(token_id: int, municipality_id: int, now: datetime, *, gone_on: date | None) -> None:
    ctx = system_context(now, "identity.look_after_makers")
    with transaction(ctx):
        ApiToken.update(maker_gone_on=gone_on).where(ApiToken.id == token_id).execute()
        audit.record(
            ctx,
            "identity.token_maker_back" if gone_on is None else "identity.token_maker_gone",
            "api_token",
            token_id,
            municipality_id=municipality_id,
        )
