"""Asking a plugin what it declares, and checking that it fits in with everybody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click import Command

from niwari.db.model import Model
from niwari.host.blueprint import Blueprint
from niwari.host.checks import check
from niwari.specs.contributions import (
    Activity,
    BadContribution,
    Job,
    NoticeKind,
    Permission,
    Resource,
    Service,
    Setting,
    Subscription,
    Task,
)

if TYPE_CHECKING:
    from niwari.host.loaded import Plugin
    from niwari.host.registry import Host


@dataclass(frozen=True, slots=True)
class Contributions:
    """What a core area or plugin declared, checked."""

    blueprints: tuple[Blueprint, ...] = ()
    permissions: tuple[Permission, ...] = ()
    models: tuple[type[Model], ...] = ()
    migrations: Path | None = None
    activities: tuple[Activity, ...] = ()
    resources: tuple[Resource, ...] = ()
    services: tuple[Service, ...] = ()
    settings: tuple[Setting, ...] = ()
    events: tuple[type[Any], ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    commands: tuple[Command, ...] = ()
    jobs: tuple[Job, ...] = ()
    tasks: tuple[Task, ...] = ()
    notices: tuple[NoticeKind, ...] = ()


def declare(host: "Host", plugin: "Plugin") -> Contributions:
    """Call the declare hooks of ``plugin`` once and check the answers.

    Raises ``BadContribution`` naming the thing and, in a conflict, the other side.
    """

    declared = Contributions(
        blueprints=_items(host, plugin, "routes", Blueprint),
        permissions=_items(host, plugin, "permissions", Permission),
        models=_items(host, plugin, "models", type),
        migrations=_folder(host, plugin, "migrations"),
        activities=_items(host, plugin, "activities", Activity),
        resources=_items(host, plugin, "resources", Resource),
        services=_items(host, plugin, "services", Service),
        settings=_items(host, plugin, "settings", Setting),
        events=_items(host, plugin, "events", type),
        subscriptions=_items(host, plugin, "subscriptions", Subscription),
        commands=_items(host, plugin, "commands", Command),
        jobs=_items(host, plugin, "jobs", Job),
        tasks=_items(host, plugin, "tasks", Task),
        notices=_items(host, plugin, "notices", NoticeKind),
    )
    check(host, plugin, declared)
    return declared


def _answer(host: "Host", plugin: "Plugin", hook: str) -> Any:
    for impl in getattr(host.manager.hook, hook).get_hookimpls():
        if impl.plugin_name == plugin.name:
            return impl.function()
    return None


def _items(host: "Host", plugin: "Plugin", hook: str, kind: type) -> tuple[Any, ...]:
    answer = _answer(host, plugin, hook)
    if answer is None:
        return ()
    if not isinstance(answer, Sequence) or isinstance(answer, str):
        raise BadContribution(f"hook {hook!r} must return a list, not {type(answer).__name__}")
    for item in answer:
        if not isinstance(item, kind):
            raise BadContribution(
                f"hook {hook!r} returned {item!r}; it takes {kind.__name__} objects only"
            )
    return tuple(answer)


def _folder(host: "Host", plugin: "Plugin", hook: str) -> Path | None:
    answer = _answer(host, plugin, hook)
    if answer is None or (isinstance(answer, Path) and answer.is_dir()):
        return answer
    raise BadContribution(f"hook {hook!r} must return the Path of a folder, not {answer!r}")
