"""Which municipality has which plugin on, and the one question ``active``."""

from typing import Any

from peewee import SQL

from niwari.context import Context, MunicipalityRef
from niwari.db import database, is_postgresql, rows, transaction
from niwari.host.models import Enablement
from niwari.host.town_state import OFF, ON, PAUSED, state_of

STATES = (ON, OFF, PAUSED)


def active_plugins(municipality: MunicipalityRef) -> frozenset[str]:
    """Return the plugins that are on in ``municipality``."""
    return state_of(municipality.id, municipality.revision).on


def active(municipality: MunicipalityRef, plugin: str) -> bool:
    """Tell whether ``plugin`` is on in ``municipality``: the one question that every surface asks."""
    return plugin in active_plugins(municipality)


def active_now(ctx: Context, plugin: str, owner: MunicipalityRef | None = None) -> bool:
    """Ask ``active`` again inside a transaction, of the rows as they are now.

    Of the acting municipality, or of ``owner``, to whose row something is added.

    For what must not be written once the plugin was switched off: the request may have begun
    before. Whoever switches meanwhile waits until the transaction ends; others who ask do not.
    """
    query: Any = Enablement.select(Enablement.state).where(
        (Enablement.municipality_id == (owner or ctx.municipality).id)
        & (Enablement.plugin == plugin)
    )
    found = rows(query.for_update("FOR SHARE") if is_postgresql() else query)
    return bool(found) and found[0][0] == ON


def on_anywhere(plugin: str) -> bool:
    """Tell whether any municipality has ``plugin`` on: what anonymous visitors may see of it."""
    found = Enablement.select().where((Enablement.plugin == plugin) & (Enablement.state == ON))
    return bool(found.exists())


def enablements(municipality_id: int) -> dict[str, Enablement]:
    """Return the rows of one municipality by plugin name."""
    found = Enablement.select().where(Enablement.municipality_id == municipality_id)
    return {row.plugin: row for row in found}


def set_state(ctx: Context, municipality_id: int, plugin: str, state: str, reason: str) -> bool:
    """Write the state of ``plugin``; returns whether it changed. The revision grows with it."""
    if state not in STATES:
        raise ValueError(f"state {state!r} is unknown")
    with transaction(ctx):
        row = _held(municipality_id, plugin)
        if (row.state if row else OFF) == state:
            return False
        _write(
            municipality_id,
            plugin,
            state=state,
            since=ctx.now,
            changed_by_id=ctx.appointment.id if ctx.appointment else None,
            reason=reason,
        )
    return True


def withdraw(ctx: Context, municipality_id: int, plugin: str, *, withdrawn: bool) -> bool:
    """Hide from others what the municipality shared through ``plugin``, or show it again.

    Returns whether that changed anything. Nothing is deleted.
    """
    with transaction(ctx):
        row = _held(municipality_id, plugin)
        if (row is not None and row.withdrawn_at is not None) == withdrawn:
            return False
        known = (
            {"state": row.state, "since": row.since} if row else {"state": OFF, "since": ctx.now}
        )
        _write(municipality_id, plugin, **known, withdrawn_at=ctx.now if withdrawn else None)
    return True


def hold(municipality_id: int) -> None:
    """Let whoever else changes what is arranged or on in the municipality wait for this transaction."""
    if is_postgresql():
        database.execute_sql(
            "SELECT 1 FROM directory_municipality WHERE id = %s FOR NO KEY UPDATE",
            (municipality_id,),
        )


def _held(municipality_id: int, plugin: str) -> Enablement | None:
    hold(municipality_id)
    row: Enablement | None = Enablement.get_or_none(
        (Enablement.municipality_id == municipality_id) & (Enablement.plugin == plugin)
    )
    return row


def _write(municipality_id: int, plugin: str, **values: Any) -> None:
    Enablement.insert(municipality_id=municipality_id, plugin=plugin, **values).on_conflict(
        conflict_target=[Enablement.municipality_id, Enablement.plugin], update=values
    ).execute()
    bump_revision(municipality_id)


def withdrawn_from(plugin: str) -> SQL:
    """Return the municipalities that withdrew what they shared through ``plugin``, as a subquery."""
    if not plugin.isidentifier():
        raise ValueError(f"{plugin!r} is no name of a plugin")
    return SQL(
        "(SELECT municipality_id FROM host_enablement "  # noqa: S608 - an identifier, checked above
        f"WHERE plugin = '{plugin}' AND withdrawn_at IS NOT NULL)"
    )


def using(plugin: str) -> SQL:
    """Return the municipalities that have ``plugin`` on, as a subquery."""
    if not plugin.isidentifier():
        raise ValueError(f"{plugin!r} is no name of a plugin")
    return SQL(
        "(SELECT municipality_id FROM host_enablement "  # noqa: S608 - an identifier, checked above
        f"WHERE plugin = '{plugin}' AND state = '{ON}')"
    )


def bump_revision(municipality_id: int) -> None:
    """Let the municipality's revision grow, so that every answer kept under the old one is left."""
    database.execute_sql(
        "UPDATE directory_municipality SET revision = revision + 1 "  # noqa: S608 - a number
        f"WHERE id = {int(municipality_id)}"
    )
