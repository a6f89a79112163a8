"""Switching plugins on and off for a municipality, with the audit row of it.

What must hold before (stages, requirements, blockers) is asked by ``niwari.admin.switching``.
"""

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import transaction
from niwari.host import enablement


def switch(
    ctx: Context, municipality_id: int, plugin: str, state: str, *, reason: str = ""
) -> bool:
    """Bring ``plugin`` into ``state`` (on, off, paused) there; returns whether anything changed.

    Every process sees it at its next request, because the revision grows in the same transaction.
    Switching off deletes nothing. The caller has checked that the plugin is loaded.
    """
    with transaction(ctx):
        if not enablement.set_state(ctx, municipality_id, plugin, state, reason):
            return False
        audit.record(
            ctx,
            f"plugin.{state}",
            "municipality",
            municipality_id,
            municipality_id=municipality_id,
            plugin=plugin,
        )
    return True
