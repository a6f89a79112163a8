"""Who keeps data of people: the core's areas and the plugins, in the order of erasing."""

from collections.abc import Iterable
from dataclasses import dataclass

from niwari.db.migrate import histories
from niwari.host.dispatch import Dispatcher
from niwari.host.models import InstalledPlugin
from niwari.identity.wording import area_label


@dataclass(frozen=True, slots=True)
class Keeper:
    """A core area or a plugin that hands out and erases what it keeps of people."""

    name: str
    label: str


def keepers(dispatcher: Dispatcher, locale: str) -> list[Keeper]:
    """Return all of them: plugins first, then the areas of the core, the directory last.

    The directory comes last because the others find by it whose a row is. Plugins that are off are
    among them: what they keep is kept. One that has stopped, or whose package is gone while its
    tables remain, is named too: asked for anything it says that it cannot.
    """
    host, migrated = dispatcher.host, histories()
    plugins = [
        plugin
        for plugin in host.optional()
        # Of one that has stopped nobody knows what it declares.
        if plugin.contributions.models or (plugin.error and plugin.name in migrated)
    ]
    areas = [
        plugin
        for plugin in reversed(host.plugins.values())
        if plugin.core and host.implementation("erase_data", plugin.name) is not None
    ]
    named = [Keeper(one.name, area_label(one, locale)) for one in (*plugins, *areas)]
    gone = sorted(migrated - host.plugins.keys())
    return [*_gone(gone, locale), *named]


def _gone(names: Iterable[str], locale: str) -> list[Keeper]:
    """Return the plugins whose package is gone, by the label that was noted of each."""
    wanted = list(names)
    if not wanted:
        return []
    query = InstalledPlugin.select().where(InstalledPlugin.name.in_(wanted))
    labels = {row.name: row.label_en if locale == "en" else row.label_ja for row in query}
    return [Keeper(name, labels.get(name, name)) for name in wanted]
