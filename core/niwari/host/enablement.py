"""Which municipality has which plugin on: the rows, and the one question ``active``."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from peewee import SQL, CharField, Check, IntegerField, TextField

from niwari.context import Context, MunicipalityRef
from niwari.db import InstantField, Model, database, rows, transaction

ON, OFF, PAUSED = "on", "off", "paused"

_MUNICIPALITY = "REFERENCES directory_municipality (id)"
_APPOINTMENT = "REFERENCES directory_appointment (id)"


class Enablement(Model):
    """The state of one plugin in one municipality; no row means off.

    ``changed_by_id`` is the appointment that switched it, or null for a command. The two references
    are plain columns with a foreign key, because the host stands below the directory.
    """

    municipality_id: Any = IntegerField(constraints=[SQL(_MUNICIPALITY)])
    plugin: Any = CharField(max_length=30)
    state: Any = CharField(max_length=10)
    since: Any = InstantField()
    changed_by_id: Any = IntegerField(null=True, constraints=[SQL(_APPOINTMENT)])
    reason: Any = TextField(default="")

    class Meta:
        table_name = "host_enablement"
        indexes = ((("municipality_id", "plugin"), True),)
        constraints = [Check("state IN ('on', 'off', 'paused')", name="host_enablement_state")]


@lru_cache(maxsize=4096)
def active_plugins(municipality_id: int, revision: int) -> frozenset[str]:
    """Return the plugins that are on in a municipality as of its ``revision``.

    The answer of one revision never changes, so it is kept; the cache is bounded, so memory does
    not grow with the number of municipalities.
    """
    query = Enablement.select(Enablement.plugin).where(
        (Enablement.municipality_id == municipality_id) & (Enablement.state == ON)
    )
    return frozenset(name for (name,) in rows(query))


# A process that is bound to another database must not answer from the former one.
database.attach_callback(lambda _engine: active_plugins.cache_clear())


def active(municipality: MunicipalityRef, plugin: str) -> bool:
    """Tell whether ``plugin`` is on in ``municipality``: the one question that every surface asks."""
    return plugin in active_plugins(municipality.id, municipality.revision)


def enablements(municipality_id: int) -> dict[str, Enablement]:
    """Return the rows of one municipality by plugin name."""
    rows = Enablement.select().where(Enablement.municipality_id == municipality_id)
    return {row.plugin: row for row in rows}


def set_state(ctx: Context, municipality_id: int, plugin: str, state: str, reason: str) -> bool:
    """Write the state of ``plugin``; returns whether it changed.

    The caller bumps the municipality's revision in the same transaction.
    """
    if state not in (ON, OFF, PAUSED):
        raise ValueError(f"state {state!r} is unknown")
    with transaction(ctx):
        row = Enablement.get_or_none(
            (Enablement.municipality_id == municipality_id) & (Enablement.plugin == plugin)
        )
        if (row.state if row else OFF) == state:
            return False
        values: dict[str, str | int | datetime | None] = {
            "state": state,
            "since": ctx.now,
            "changed_by_id": ctx.appointment.id if ctx.appointment else None,
            "reason": reason,
        }
        Enablement.insert(municipality_id=municipality_id, plugin=plugin, **values).on_conflict(
            conflict_target=[Enablement.municipality_id, Enablement.plugin], update=values
        ).execute()
    return True
