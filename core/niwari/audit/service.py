"""Writing the audit."""

import json
from collections.abc import Mapping

from niwari.audit.models import AuditEntry, AuditValue
from niwari.audit.values import pack
from niwari.context import Context
from niwari.db import database


def record(
    ctx: Context,
    action: str,
    object_kind: str,
    object_id: int | None,
    /,
    *,
    municipality_id: int | None = None,
    before: Mapping[str, str | int | bool | None] | None = None,
    after: Mapping[str, str | int | bool | None] | None = None,
    person_id: int | None = None,
    **details: str | int | bool | None,
) -> None:
    """Write who did ``action`` to which thing, in the caller's transaction.

    ``details`` take ids, codes, states and minutes, never names or texts of people: they stay.
    Those go into ``before`` and ``after``, values by field, which are erased after three years or
    with the person ``person_id`` whose they are. ``municipality_id`` is given where the act concerns
    another municipality than the actor's. Raises ``RuntimeError`` outside a transaction: an act and
    its audit row stand or fall together.
    """
    if not database.in_transaction():
        raise RuntimeError(f"audit of {action!r}: call it inside the transaction of the act")
    values = pack(before or {}, after or {}) if before or after else None
    entry_id = AuditEntry.insert(
        municipality_id=municipality_id or ctx.municipality.id,
        at=ctx.now,
        actor_id=ctx.appointment.id if ctx.appointment else None,
        on_behalf_of_id=ctx.on_behalf_of.id if ctx.on_behalf_of else None,
        actor=ctx.actor,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        request_id=ctx.request_id,
        values_hash=values.hash if values else None,
    ).execute()
    if values:
        AuditValue.insert(
            id=entry_id,
            person_id=person_id,
            at=ctx.now,
            salt=values.salt,
            content=values.content,
        ).execute()
