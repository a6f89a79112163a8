"""Checks of models and resources."""

import re
from typing import TYPE_CHECKING, Any

from niwari.db.fields import IdField
from niwari.db.model import Model, watched
from niwari.specs.contributions import BadContribution, Part, Resource

if TYPE_CHECKING:
    from niwari.host.declarations import Contributions
    from niwari.host.loaded import Plugin
    from niwari.host.registry import Host


_ARGUMENT = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
"""The name of each part of an address that stands for a value, as in ``/<int:question_id>``."""
MIGRATION = re.compile(r"\d{4}_[a-z0-9_]+\.py")
LONGEST_KIND = 60
"""Characters of a kind, as ``consult.question``."""
LONGEST_TABLE = 48
"""Characters of a plugin's table: with what its triggers add, PostgreSQL keeps 63."""
OWNER = "niwari_owner"
"""Where a model notes whose it is, beside its table name."""
KIND = "niwari_kind"
"""Where the model of a resource, or of a part of one, notes under which kind its rows are known."""


def check_models(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Tables bear the plugin's name, belong to nobody else, and have migrations."""
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
        if not plugin.core and len(table) > LONGEST_TABLE:
            raise BadContribution(
                f"table {table!r}: its name may have {LONGEST_TABLE} characters; choose a shorter one"
            )
        if longer := _nearer_owner(host, plugin, table):
            raise BadContribution(
                f"table {table!r}: its name belongs to the plugin {longer!r}; choose another name"
            )
        if table in taken:
            raise BadContribution(
                f"table {table!r} is already declared by {taken[table]!r}; choose another name"
            )
        key: Any = model._meta.primary_key
        if not plugin.core and not (isinstance(key, IdField) and key.name == "id"):
            raise BadContribution(
                f"table {table!r}: its key is no IdField called 'id'; keep the one that "
                "niwari.api.Model has"
            )
        if model._meta.legacy_table_names:
            raise BadContribution(
                f"table {table!r}: its indexes would be named after the class alone; "
                "remove legacy_table_names from its Meta"
            )
        taken[table] = plugin.name
        setattr(model._meta, OWNER, plugin.name)


def _nearer_owner(host: "Host", plugin: "Plugin", table: str) -> str:
    """Return the plugin whose longer name the table begins with, as tea_party_guest for tea."""
    return next(
        (
            name
            for name in host.plugins
            if len(name) > len(plugin.name) and table.startswith(f"{name}_") and not plugin.core
        ),
        "",
    )


def check_migrations(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """The files are numbered: their names are the order in which they run."""
    if declared.migrations is None:
        return
    for path in sorted(declared.migrations.glob("*.py")):
        if path.name != "__init__.py" and not MIGRATION.fullmatch(path.name):
            raise BadContribution(
                f"migration {path.name}: name it like 0002_colour.py, a number of four digits first"
            )


def check_resources(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Kinds bear the plugin's name, their models are its own and shared, their endpoint is there.

    Changes of their rows are noted from now on, so that they can be found. Each model notes its kind: a
    model of two kinds would not know whether a row is held.
    """
    seen: set[str] = set()
    models: dict[Any, str] = {}
    for resource in declared.resources:
        where = f"Resource {resource.kind!r}"
        _check_kind(where, plugin, resource, declared, seen, models)
        missing = {"municipality", "section", "region_id", "audience"} - set(
            resource.model._meta.fields
        )
        if missing:
            raise BadContribution(
                f"{where}: {resource.model.__name__} has no {sorted(missing)[0]}; "
                "derive it from niwari.api.Shared, so that the core knows who sees a row"
            )
        _check_endpoint(where, plugin, resource, declared)
        for part in resource.parts:
            below = f"Part {part.kind!r}"
            _check_kind(below, plugin, part, declared, seen, models)
            key = part.model._meta.fields.get(part.parent)
            if getattr(key, "rel_model", None) is not resource.model:
                raise BadContribution(
                    f"{below}: {part.parent!r} is no foreign key of {part.model.__name__} to "
                    f"{resource.model.__name__}; name the one that leads to the row above"
                )
    for model, kind in models.items():
        setattr(model._meta, KIND, kind)
    for resource in declared.resources:
        watched(resource.model)


def _check_kind(
    where: str,
    plugin: "Plugin",
    declaring: Resource | Part,
    declared: "Contributions",
    seen: set[str],
    models: dict[Any, str],
) -> None:
    if not declaring.kind.startswith(f"{plugin.name}."):
        raise BadContribution(f"{where}: begin the kind with '{plugin.name}.'")
    if len(declaring.kind) > LONGEST_KIND:
        raise BadContribution(
            f"{where}: it may have {LONGEST_KIND} characters; choose a shorter one"
        )
    if declaring.kind in seen:
        raise BadContribution(f"{where} is declared twice; keep one")
    seen.add(declaring.kind)
    if declaring.model not in declared.models:
        raise BadContribution(
            f"{where}: its model is not returned from the hook 'models'; add it there"
        )
    if other := models.get(declaring.model):
        raise BadContribution(
            f"{where}: its model {declaring.model.__name__} is that of {other!r} already; "
            "give each kind a model of its own"
        )
    models[declaring.model] = declaring.kind


def _check_endpoint(
    where: str, plugin: "Plugin", resource: Resource, declared: "Contributions"
) -> None:
    endpoints = {r.endpoint for blueprint in declared.blueprints for r in blueprint.routes}
    name = resource.endpoint.removeprefix(f"{plugin.name}.")
    if name not in endpoints:
        raise BadContribution(
            f"{where}: endpoint {resource.endpoint!r} is no route of the plugin; "
            "name the view that shows a row"
        )
    rules = [
        route.rule
        for blueprint in declared.blueprints
        for route in blueprint.routes
        if route.endpoint == name
    ]
    if not any(resource.key in _ARGUMENT.findall(rule) for rule in rules):
        raise BadContribution(
            f"{where}: the address {rules[0]!r} has no part named {resource.key!r}; "
            "set key to the name of the id in the address"
        )


def check_disposing(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Whoever names categories that can be disposed of implements the hook that does it."""
    manifest = plugin.manifest
    keys = [data.key for data in manifest.personal_data if data.key] if manifest else []
    implementers = {impl.plugin_name for impl in host.manager.hook.dispose_data.get_hookimpls()}
    if keys and plugin.name not in implementers:
        raise BadContribution(
            f"plugin.toml: personal_data.key {keys[0]!r} lets a municipality dispose of it, but there "
            "is no hook 'dispose_data'; implement it or leave the key out"
        )
