"""Which plugins stand on which: what is missing, what goes round in circles, what must be on first."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from niwari.host.loaded import Plugin


def stop_where_requirements_are_missing(
    plugins: Sequence[Plugin], known: Mapping[str, Plugin]
) -> None:
    """Stop each plugin whose requirement is not there, has stopped, or leads back to itself."""
    for plugin in plugins:
        if not plugin.error and (circle := _circle(plugin, known)):
            plugin.stop(
                f"it requires itself in a circle ({' → '.join(circle)}); "
                "turn one requires into uses in plugin.toml"
            )
    # Until nothing changes, because one that stops may be what another stands on.
    while missing := [
        (plugin, name)
        for plugin in plugins
        if not plugin.error
        for name in required_by(plugin)
        if name not in known or known[name].error
    ]:
        plugin, name = missing[0]
        state = "has stopped" if name in known else "is not installed"
        plugin.stop(f"it requires {name!r}, which {state}; install or mend that plugin")


def required_by(plugin: Plugin) -> tuple[str, ...]:
    """Return the names that a plugin's manifest requires."""
    return plugin.manifest.requires if plugin.manifest else ()


def not_on(plugin: Plugin, on: Collection[str]) -> list[str]:
    """Return what must be on in a municipality before ``plugin`` can be."""
    return [name for name in required_by(plugin) if name not in on]


def leaning_on(name: str, plugins: Iterable[Plugin], on: Collection[str]) -> list[str]:
    """Return the plugins among those that are on that require ``name``."""
    return sorted(p.name for p in plugins if p.name in on and name in required_by(p))


def _circle(plugin: Plugin, known: Mapping[str, Plugin]) -> list[str]:
    """Return the way from a plugin over its requirements back to itself, or nothing."""
    ways = [[plugin.name]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        here = known.get(way[-1])
        for name in required_by(here) if here else ():
            if name == plugin.name:
                return [*way, name]
            if name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
