"""Switching plugins on and off for a municipality (使う機能の設定)."""

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.models import Municipality
from niwari.host import enablement


def switch(ctx: Context, municipality_id: int, plugin: str, *, on: bool, reason: str = "") -> bool:
    """Switch ``plugin`` on or off for a municipality; returns whether anything changed.

    Every process sees it at its next request, because the revision grows in the same transaction.
    Switching off deletes nothing. The caller has checked that the plugin is loaded.
    """
    state = enablement.ON if on else enablement.OFF
    with transaction(ctx):
        if not enablement.set_state(ctx, municipality_id, plugin, state, reason):
            return False
        bump_revision(ctx, municipality_id)
        audit.record(
            ctx,
            f"plugin.{state}",
            "municipality",
            municipality_id,
            municipality_id=municipality_id,
            plugin=plugin,
        )
    return True


def bump_revision(ctx: Context, municipality_id: int) -> None:
    """Let the municipality's revision grow, so that every cached answer under the old one is left."""
    with transaction(ctx):
        Municipality.update(revision=Municipality.revision + 1).where(
            Municipality.id == municipality_id
        ).execute()
