"""Writing the audit."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from niwari.audit.models import AuditEntry, AuditValue
from niwari.audit.values import pack
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
    before: Mapping[str, Detail] | None = None,
    after: Mapping[str, Detail] | None = None,
    person_id: int | None = None,
    **details: Detail,
) -> None:
    """Write who did ``action`` to which thing, in the caller's transaction.

    ``details`` take ids, codes, states and minutes, never names or texts of people: they stay.
    Those go into ``before`` and ``after``, values by field, which are erased after three years or
    with the person ``person_id`` whose they are. ``municipality_id`` is given where the act concerns
    another municipality than the actor's. Raises ``RuntimeError`` outside a transaction: an act and
    its audit row stand or fall together.
    """
    if not before and not after:
        record_each(ctx, action, object_kind, [(object_id, municipality_id, details)])
        return
    _require_transaction(action)
    values = pack(before or {}, after or {})
    row = (*_row(ctx, action, object_kind, object_id, municipality_id, details), values.hash)
    entry_id = AuditEntry.insert(
        dict(zip((*_FIELDS, AuditEntry.values_hash), row, strict=True))
    ).execute()
    AuditValue.insert(
        id=entry_id,
        person_id=person_id,
        at=ctx.now,
        salt=values.salt,
        content=values.content,
    ).execute()


def record_each(
    ctx: Context,
    action: str,
    object_kind: str,
    things: Iterable[tuple[int | None, int | None, Mapping[str, Detail]]],
) -> None:
    """Write what ``record`` does for each of many things: (object id, municipality id, details)."""
    _require_transaction(action)
    at = AuditEntry.at.db_value(ctx.now)
    put_rows(
        AuditEntry,
        _FIELDS,
        (
            _row(ctx, action, object_kind, object_id, municipality_id, details, at=at)
            for object_id, municipality_id, details in things
        ),
    )


def _require_transaction(action: str) -> None:
    if not database.in_transaction():
        raise RuntimeError(f"audit of {action!r}: call it inside the transaction of the act")


def _row(
    ctx: Context,
    action: str,
    object_kind: str,
    object_id: int | None,
    municipality_id: int | None,
    details: Mapping[str, Detail],
    *,
    at: Any = None,
) -> tuple[Any, ...]:
    """Return the values of ``_FIELDS``; ``at`` where they are written past the model."""
    return (
        municipality_id or ctx.municipality.id,
        at or ctx.now,
        ctx.appointment.id if ctx.appointment else None,
        ctx.on_behalf_of.id if ctx.on_behalf_of else None,
        ctx.actor,
        action,
        object_kind,
        object_id,
        json.dumps(dict(details), ensure_ascii=False, sort_keys=True),
        ctx.request_id,
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
