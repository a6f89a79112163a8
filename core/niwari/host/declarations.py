"""Asking a plugin what it declares, and checking that it fits in with everybody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from niwari.db.model import Model
from niwari.host.blueprint import Blueprint
from niwari.specs.contributions import Activity, BadContribution, Permission

if TYPE_CHECKING:
    from niwari.host.registry import Host, Plugin


@dataclass(frozen=True, slots=True)
class Contributions:
    """What a core area or plugin declared, checked."""

    blueprints: tuple[Blueprint, ...] = ()
    permissions: tuple[Permission, ...] = ()
    models: tuple[type[Model], ...] = ()
    migrations: Path | None = None
    activities: tuple[Activity, ...] = ()


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
    )
    _check_permissions(host, plugin, declared)
    _check_blueprints(host, plugin, declared)
    _check_models(host, plugin, declared)
    _check_activities(host, plugin, declared)
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


def _check_permissions(host: "Host", plugin: "Plugin", declared: Contributions) -> None:
    seen: set[str] = set()
    for permission in declared.permissions:
        code = permission.code
        if not code.startswith(f"{plugin.name}."):
            raise BadContribution(f"Permission {code!r}: begin the code with '{plugin.name}.'")
        if code in seen:
            raise BadContribution(f"Permission {code!r} is declared twice; keep one")
        seen.add(code)


def _check_blueprints(host: "Host", plugin: "Plugin", declared: Contributions) -> None:
    known = {permission.code for permission in declared.permissions} | set(host.permissions())
    addresses: set[tuple[str, str]] = set()
    endpoints: set[str] = set()
    if len(declared.blueprints) > 1:
        raise BadContribution("hook 'routes' returned two Blueprints; describe all pages on one")
    for blueprint in declared.blueprints:
        if blueprint.name != plugin.name:
            raise BadContribution(
                f"Blueprint {blueprint.name!r}: name it {plugin.name!r}, after the plugin"
            )
        for route in blueprint.routes:
            if route.permission is not None and route.permission not in known:
                raise BadContribution(
                    f"route {route.rule!r} asks for {route.permission!r}, which nobody declares; "
                    "return it from the hook 'permissions'"
                )
            if route.endpoint in endpoints:
                raise BadContribution(f"two routes have the name {route.endpoint!r}; rename one")
            endpoints.add(route.endpoint)
            for method in route.methods:
                if (route.rule, method) in addresses:
                    raise BadContribution(f"route {method} {route.rule!r} is there twice; keep one")
                addresses.add((route.rule, method))


def _check_models(host: "Host", plugin: "Plugin", declared: Contributions) -> None:
    taken = {
        model._meta.table_name: p.name for p in host.loaded() for model in p.contributions.models
    }
    if declared.models and not plugin.core and declared.migrations is None:
        raise BadContribution(
            "there are models but no migrations to make their tables; "
            "return the folder from the hook 'migrations'"
        )
    for model in declared.models:
        if not issubclass(model, Model):
            raise BadContribution(f"{model.__name__} is no Model; derive it from niwari.api.Model")
        table = model._meta.table_name
        if not plugin.core and not table.startswith(f"{plugin.name}_"):
            raise BadContribution(
                f"table {table!r}: begin the name with '{plugin.name}_' (Meta.table_name)"
            )
        if table in taken:
            raise BadContribution(
                f"table {table!r} is already declared by {taken[table]!r}; choose another name"
            )
        if model._meta.legacy_table_names:
            raise BadContribution(
                f"table {table!r}: its indexes would be named after the class alone; "
                "remove legacy_table_names from its Meta"
            )
        taken[table] = plugin.name


def _check_activities(host: "Host", plugin: "Plugin", declared: Contributions) -> None:
    taken = {a.code: p.name for p in host.loaded() for a in p.contributions.activities}
    for activity in declared.activities:
        if activity.code in taken:
            raise BadContribution(
                f"Activity {activity.code!r} is already declared by {taken[activity.code]!r}; "
                "choose another code"
            )
        taken[activity.code] = plugin.name
