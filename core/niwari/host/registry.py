"""Loading plugins: found → checked → loaded → declared, each stage guarded, then frozen.

A plugin that fails stops at its stage with a sentence that says why; everything else goes on.
"""

import importlib
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import ModuleType
from typing import Any

import pluggy

from niwari.db.migrate import MigrationSet
from niwari.host.declarations import Contributions, declare
from niwari.host.discovery import Found
from niwari.host.manifest import Manifest, ManifestError, read_manifest
from niwari.specs import FAMILIES
from niwari.specs.contributions import BadContribution, Permission
from niwari.specs.marker import PROJECT

log = logging.getLogger(__name__)


class Stage(IntEnum):
    """How far a plugin has come. ``READY`` means declared, wired and migrated."""

    FOUND = 1
    CHECKED = 2
    LOADED = 3
    DECLARED = 4
    READY = 5


@dataclass(slots=True)
class Plugin:
    """One core area or plugin, and how far it came; ``error`` says what stopped it."""

    name: str
    package: str
    core: bool = False
    stage: Stage = Stage.FOUND
    error: str = ""
    raised: bool = False
    manifest: Manifest | None = None
    module: ModuleType | None = None
    contributions: Contributions = field(default_factory=Contributions)

    @property
    def url_prefix(self) -> str:
        """The address below which the plugin's pages live."""
        return "/" + self.name.replace("_", "-")

    def migration_set(self) -> MigrationSet | None:
        """The plugin's migrations, or ``None`` where it has none."""
        directory = self.contributions.migrations
        return MigrationSet(self.name, directory) if directory else None

    def stop(self, reason: str, *, raised: bool = False) -> None:
        """Stop at the present stage for ``reason``; ``raised`` says that it is the plugin's text.

        What a plugin raised may hold anything, so only whoever runs the server gets to see it.
        """
        self.error = reason
        self.raised = raised
        self.contributions = Contributions()
        log.error("plugin %s stopped at %s: %s", self.name, self.stage.name.lower(), reason)


class Host:
    """All core areas and plugins of the process, loaded once at start."""

    def __init__(self, core: Mapping[str, ModuleType], found: Iterable[Found]) -> None:
        """Load ``core`` areas, whose errors stop the start, then ``found`` plugins, guarded."""
        self.manager = pluggy.PluginManager(PROJECT)
        for family in FAMILIES:
            self.manager.add_hookspecs(family)
        self.plugins: dict[str, Plugin] = {}
        for name, module in core.items():
            plugin = Plugin(name, module.__name__, core=True, module=module)
            self.plugins[name] = plugin
            self._register(plugin)
            self._declare(plugin)
        for item in found:
            self._load(item)
        self._stop_where_requirements_are_missing()

    def _load(self, found: Found) -> None:
        if found.name in self.plugins:
            # Kept under a name that no plugin can have, so that the lists show what became of it.
            refused = Plugin(f"{found.name} ({found.package})", found.package)
            self.plugins[refused.name] = refused
            other = self.plugins[found.name].package
            refused.stop(f"the name {found.name!r} is taken by {other}; rename the plugin")
            return
        plugin = Plugin(found.name, found.package)
        self.plugins[found.name] = plugin
        for step in (lambda: self._check(plugin, found), lambda: self._import(plugin)):
            if not _contained(plugin, step):
                return
        if not _contained(plugin, lambda: self._register(plugin)):
            return
        if not _contained(plugin, lambda: self._declare(plugin)):
            self.manager.unregister(plugin.module)

    def _check(self, plugin: Plugin, found: Found) -> None:
        if found.folder is None:
            raise ManifestError(
                f"the package {found.package!r} cannot be located; install the plugin again"
            )
        manifest = read_manifest(found.folder / "plugin.toml")
        if manifest.name != plugin.name:
            raise ManifestError(
                f"plugin.toml: name {manifest.name!r} differs from the entry point "
                f"{plugin.name!r}; make them the same"
            )
        plugin.manifest = manifest
        plugin.stage = Stage.CHECKED

    def _import(self, plugin: Plugin) -> None:
        plugin.module = importlib.import_module(f"{plugin.package}.plugin")
        plugin.stage = Stage.LOADED

    def _register(self, plugin: Plugin) -> None:
        self.manager.register(plugin.module, name=plugin.name)
        for caller in self.manager.get_hookcallers(plugin.module) or ():
            problem = ""
            if not caller.has_spec():
                problem = f"hook {caller.name!r} does not exist; see the hook reference"
            for impl in caller.get_hookimpls():
                if impl.plugin_name == plugin.name and (impl.wrapper or impl.hookwrapper):
                    problem = f"hook {caller.name!r}: wrappers are not for plugins"
            if problem:
                self.manager.unregister(plugin.module)
                raise BadContribution(problem)

    def _declare(self, plugin: Plugin) -> None:
        plugin.contributions = declare(self, plugin)
        plugin.stage = Stage.READY if plugin.core else Stage.DECLARED

    def _stop_where_requirements_are_missing(self) -> None:
        # Until nothing changes, because one that stops may be what another stands on.
        while missing := [
            (plugin, name)
            for plugin in self.optional()
            if not plugin.error and plugin.manifest
            for name in plugin.manifest.requires
            if name not in self.plugins or self.plugins[name].error
        ]:
            plugin, name = missing[0]
            state = "has stopped" if name in self.plugins else "is not installed"
            plugin.stop(f"it requires {name!r}, which {state}; install or mend that plugin")

    # -- what is asked afterwards -------------------------------------------------------------

    def implementations(self, hook: str) -> list[Any]:
        """Return pluggy's implementations of ``hook``, of plugins that are still up, by name."""
        found = getattr(self.manager.hook, hook).get_hookimpls()
        return sorted(
            (impl for impl in found if not self.plugins[impl.plugin_name].error),
            key=lambda impl: (not self.plugins[impl.plugin_name].core, impl.plugin_name),
        )

    def loaded(self) -> list[Plugin]:
        """Return core areas and plugins that declared without error, core first."""
        return [p for p in self.plugins.values() if p.stage >= Stage.DECLARED and not p.error]

    def optional(self) -> list[Plugin]:
        """Return the plugins that a municipality can switch, also those that stopped."""
        return sorted((p for p in self.plugins.values() if not p.core), key=lambda p: p.name)

    def is_ready(self, name: str) -> bool:
        """Tell whether ``name`` is loaded, wired and migrated."""
        plugin = self.plugins.get(name)
        return plugin is not None and plugin.stage is Stage.READY and not plugin.error

    def permissions(self) -> dict[str, Permission]:
        """Return all declared permissions by code."""
        return {
            permission.code: permission
            for plugin in self.loaded()
            for permission in plugin.contributions.permissions
        }

    def check_migrations(self) -> None:
        """Let each declared plugin whose migrations have run become ready; needs a connection."""
        for plugin in self.optional():
            if plugin.stage < Stage.DECLARED or plugin.error:
                continue
            migration_set = plugin.migration_set()
            waiting = migration_set is not None and bool(migration_set.pending())
            plugin.stage = Stage.DECLARED if waiting else Stage.READY


def _contained(plugin: Plugin, step: Callable[[], None]) -> bool:
    """Run one stage; any exception, SystemExit included, stops the plugin and nothing else."""
    try:
        step()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # plugin code may raise anything
        what = str(error) or type(error).__name__
        known = isinstance(error, ManifestError | BadContribution)
        plugin.stop(what if known else f"{type(error).__name__}: {what}", raised=not known)
        return False
    return True
