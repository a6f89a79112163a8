"""Writing the audit."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from niwari.audit.models import AuditEntry
from niwari.context import Context
from niwari.db import database
from niwari.db.sets import put_rows

Detail = str | int | bool | None


def record(
    ctx: Context,
    action: str,
    object_kind: str,
    object_id: int | None,
    /,
    *,
    municipality_id: int | None = None,
    **details: str | int | bool | None,
) -> None:
    """Write who did ``action`` to which thing, in the caller's transaction.

    ``details`` take ids, codes, states and minutes, never names or texts of people.
    ``municipality_id`` is given where the act concerns another municipality than the actor's.
    Raises ``RuntimeError`` outside a transaction: an act and its audit row stand or fall together.
    """
    record_each(ctx, action, object_kind, [(object_id, municipality_id, details)])


def record_each(
    ctx: Context,
    action: str,
    object_kind: str,
    things: Iterable[tuple[int | None, int | None, Mapping[str, Detail]]],
) -> None:
    """Write what ``record`` does for each of many things: (object id, municipality id, details)."""
    if not database.in_transaction():
        raise RuntimeError(f"audit of {action!r}: call it inside the transaction of the act")
    at = AuditEntry.at.db_value(ctx.now)
    put_rows(
        AuditEntry,
        _FIELDS,
        (
            (
                municipality_id or ctx.municipality.id,
                at,
                ctx.appointment.id if ctx.appointment else None,
                ctx.on_behalf_of.id if ctx.on_behalf_of else None,
                ctx.actor,
                action,
                object_kind,
                object_id,
                json.dumps(dict(details), ensure_ascii=False, sort_keys=True),
                ctx.request_id,
            )
            for object_id, municipality_id, details in things
        ),
    )


_FIELDS: tuple[Any, ...] = (
    AuditEntry.municipality_id,
    AuditEntry.at,
    AuditEntry.actor_id,
    AuditEntry.on_behalf_of_id,
    AuditEntry.actor,
    AuditEntry.action,
    AuditEntry.object_kind,
    AuditEntry.object_id,
    AuditEntry.details,
    AuditEntry.request_id,
)
