"""Loading plugins: found → checked → loaded → declared, each stage guarded, then frozen.

A plugin that fails stops at its stage with a sentence that says why; everything else goes on.
"""

import importlib
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from types import ModuleType
from typing import Any

import pluggy

from niwari.db import database
from niwari.host.declarations import declare
from niwari.host.discovery import Found
from niwari.host.loaded import Plugin, Stage
from niwari.host.manifest import ManifestError, read_manifest
from niwari.host.requirements import stop_where_requirements_are_missing
from niwari.host.sources import check_sources
from niwari.specs import FAMILIES
from niwari.specs.contributions import BadContribution, Permission, Resource, Task
from niwari.specs.marker import PROJECT


class PluginsStopped(RuntimeError):
    """With ``--strict`` nothing starts unless every installed plugin is ready; names those that are not."""


class Host:
    """All core areas and plugins of the process, loaded once at start."""

    def __init__(
        self, core: Mapping[str, ModuleType], found: Iterable[Found], *, safe_mode: bool = False
    ) -> None:
        """Load ``core`` areas, whose errors stop the start, then ``found`` plugins, guarded.

        In ``safe_mode`` the plugins are only named and none of their code runs.
        """
        self.manager = pluggy.PluginManager(PROJECT)
        for family in FAMILIES:
            self.manager.add_hookspecs(family)
        self.plugins: dict[str, Plugin] = {}
        for name, module in core.items():
            plugin = Plugin(name, module.__name__, core=True, module=module)
            self.plugins[name] = plugin
            self._register(plugin)
            self._declare(plugin)
        # Named before any is loaded: whether a table's name is free depends on all of them.
        named = [(self._name(item), item) for item in found]
        self._packages = frozenset(plugin.package for plugin, _ in named)
        for plugin, item in named:
            if safe_mode and not plugin.error:
                plugin.stop("safe mode: the core runs alone; start without --safe-mode")
            elif not plugin.error:
                self._load(plugin, item)
        stop_where_requirements_are_missing(self.optional(), self.plugins)

    def _name(self, found: Found) -> Plugin:
        if found.name not in self.plugins:
            return self.plugins.setdefault(found.name, Plugin(found.name, found.package))
        # Kept under a name that no plugin can have, so that the lists show what became of it.
        refused = Plugin(f"{found.name} ({found.package})", found.package)
        self.plugins[refused.name] = refused
        other = self.plugins[found.name].package
        refused.stop(f"the name {found.name!r} is taken by {other}; rename the plugin")
        return refused

    def _load(self, plugin: Plugin, found: Found) -> None:
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
        check_sources(plugin, found.folder, self._packages)
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

    # -- what is asked afterwards -------------------------------------------------------------

    def implementations(self, hook: str) -> list[Any]:
        """Return pluggy's implementations of ``hook``, of plugins that are still up, by name."""
        found = getattr(self.manager.hook, hook).get_hookimpls()
        return sorted(
            (impl for impl in found if not self.plugins[impl.plugin_name].error),
            key=lambda impl: (not self.plugins[impl.plugin_name].core, impl.plugin_name),
        )

    def implementation(self, hook: str, plugin: str) -> Callable[..., Any] | None:
        """Return what ``plugin`` implements of ``hook``, called by keyword, or ``None``."""
        for impl in self.implementations(hook):
            if impl.plugin_name == plugin:
                names, function = tuple(impl.argnames), impl.function
                return lambda **given: function(**{name: given[name] for name in names})
        return None

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

    # -- events: index of what was declared, made when it is first asked for --------------------

    @cached_property
    def _events(self) -> dict[type[Any], str]:
        return {
            event: f"{plugin.name}.{event.__name__}"
            for plugin in self.loaded()
            for event in plugin.contributions.events
        }

    @cached_property
    def _handlers(self) -> dict[str, dict[str, Callable[..., object]]]:
        found: dict[str, dict[str, Callable[..., object]]] = {}
        for plugin in sorted(self.loaded(), key=lambda p: (not p.core, p.name)):
            for subscription in plugin.contributions.subscriptions:
                found.setdefault(subscription.event, {})[plugin.name] = subscription.handler
        return found

    def event_name(self, event: type[Any]) -> str | None:
        """Return the name of a declared type of events, as ``consult.QuestionAnswered``."""
        return self._events.get(event)

    def event_type(self, name: str) -> type[Any] | None:
        """Return the type of events with that name, or ``None`` where its plugin is gone."""
        return next((event for event, known in self._events.items() if known == name), None)

    def subscribers(self, event: str) -> tuple[str, ...]:
        """Return who wants to hear of an event: core areas first, then by name."""
        return tuple(self._handlers.get(event, {}))

    def handler(self, plugin: str, event: str) -> Callable[..., object] | None:
        """Return the handler of ``plugin`` for an event, or ``None``."""
        return self._handlers.get(event, {}).get(plugin)

    @cached_property
    def _tasks(self) -> dict[str, tuple[str, Task]]:
        return {
            task.name: (plugin.name, task)
            for plugin in self.loaded()
            for task in plugin.contributions.tasks
        }

    def task(self, name: str) -> tuple[str, Task] | None:
        """Return who declares a task, and the task; ``None`` where its plugin is gone."""
        return self._tasks.get(name)

    def resource(self, kind: str) -> tuple[str, Resource] | None:
        """Return who declares the resource ``kind``, and it; ``None`` where its plugin is gone."""
        owner = kind.partition(".")[0]
        found = self.plugins[owner].contributions.resources if owner in self.plugins else ()
        return next(((owner, one) for one in found if one.kind == kind), None)

    def require_ready(self) -> None:
        """Raise ``PluginsStopped`` naming every plugin that is not ready (``--strict``)."""
        stopped = [
            f"{plugin.name}: {plugin.problem}" for plugin in self.optional() if plugin.problem
        ]
        if stopped:
            raise PluginsStopped("strict: not every plugin is ready\n" + "\n".join(stopped))

    def check_migrations(self) -> None:
        """Let each declared plugin whose migrations have run become ready; needs a connection."""
        tables = frozenset(database.get_tables())
        for plugin in self.optional():
            if plugin.stage < Stage.DECLARED or plugin.error:
                continue
            migration_set = plugin.migration_set()
            waiting = migration_set is not None and bool(migration_set.pending(tables))
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
