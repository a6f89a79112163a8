"""After migrating: noting which plugins were met, and telling those whose version changed."""

import json

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.models import Municipality
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.host.dispatch import Dispatcher
from niwari.host.loaded import Plugin
from niwari.host.models import Enablement, InstalledPlugin
from niwari.host.town_state import OFF
from niwari.search.marking import mark_all


def note_plugins(dispatcher: Dispatcher) -> list[str]:
    """Note every ready plugin with its version and tables; let those that changed adapt their data.

    The hook ``upgraded`` is called once for each municipality that has the plugin on or paused, each
    in a transaction of its own. A plugin whose hook fails keeps its former version noted, so that the
    next ``niwari migrate`` calls it again. Returns a line for each failure.
    """
    failures = []
    for plugin in dispatcher.host.optional():
        if not dispatcher.host.is_ready(plugin.name) or plugin.manifest is None:
            continue
        known = InstalledPlugin.get_or_none(InstalledPlugin.name == plugin.name)
        if known is not None and known.version != plugin.manifest.version:
            failed = _tell_upgraded(dispatcher, plugin, known.version)
            failures += failed
            if failed:
                continue
        if known is None or known.version != plugin.manifest.version:
            # Another version may describe its rows in other words.
            mark_all(system_context(dispatcher.clock(), "niwari migrate"), plugin.name)
        _note(dispatcher, plugin)
    return failures


def _note(dispatcher: Dispatcher, plugin: Plugin) -> None:
    if plugin.manifest is None:
        return
    values = {
        "version": plugin.manifest.version[:40],
        "label_ja": plugin.manifest.label.ja[:100],
        "label_en": plugin.manifest.label.en[:100],
        "tables": json.dumps([m._meta.table_name for m in plugin.contributions.models]),
        "seen_at": dispatcher.clock(),
    }
    InstalledPlugin.insert(name=plugin.name, **values).on_conflict(
        conflict_target=[InstalledPlugin.name], update=values
    ).execute()


def _tell_upgraded(dispatcher: Dispatcher, plugin: Plugin, previous: str) -> list[str]:
    failures = []
    now = dispatcher.clock()
    towns = rows(
        Enablement.select(Enablement.municipality_id)
        .join(Municipality, on=(Municipality.id == Enablement.municipality_id))
        .where((Enablement.plugin == plugin.name) & (Enablement.state != OFF))
        .order_by(Municipality.code)
    )
    for (municipality_id,) in towns:
        town = municipality_ref(municipality_id, tokyo_day(now))
        ctx = Context(town, None, now, actor="niwari migrate")
        with transaction(ctx):
            outcome = dispatcher.call_one("upgraded", ctx, plugin.name, previous=previous)
        dispatcher.failing.write_waiting()
        if outcome is not None and outcome.error is not None:
            kind = type(outcome.error).__name__
            failures.append(f"{plugin.name}: upgraded failed for {town.name}: {kind}")
    return failures
