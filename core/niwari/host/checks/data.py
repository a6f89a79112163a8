"""Checks of models and resources."""

import re
from typing import TYPE_CHECKING, Any

from niwari.db.fields import IdField
from niwari.db.model import Model
from niwari.specs.contributions import BadContribution

if TYPE_CHECKING:
    from niwari.host.declarations import Contributions
    from niwari.host.loaded import Plugin
    from niwari.host.registry import Host


MIGRATION = re.compile(r"\d{4}_[a-z0-9_]+\.py")
OWNER = "niwari_owner"
"""Where a model notes whose it is, beside its table name."""


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
    """Kinds bear the plugin's name, their models are its own and shared, their endpoint is there."""
    seen: set[str] = set()
    endpoints = {r.endpoint for blueprint in declared.blueprints for r in blueprint.routes}
    for resource in declared.resources:
        where = f"Resource {resource.kind!r}"
        if not resource.kind.startswith(f"{plugin.name}."):
            raise BadContribution(f"{where}: begin the kind with '{plugin.name}.'")
        if resource.kind in seen:
            raise BadContribution(f"{where} is declared twice; keep one")
        seen.add(resource.kind)
        if resource.model not in declared.models:
            raise BadContribution(
                f"{where}: its model is not returned from the hook 'models'; add it there"
            )
        missing = {"municipality", "section", "region_id", "audience"} - set(
            resource.model._meta.fields
        )
        if missing:
            raise BadContribution(
                f"{where}: {resource.model.__name__} has no {sorted(missing)[0]}; "
                "derive it from niwari.api.Shared, so that the core knows who sees a row"
            )
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
        if not any(f"{resource.key}>" in rule for rule in rules):
            raise BadContribution(
                f"{where}: the address {rules[0]!r} has no part named {resource.key!r}; "
                "set key to the name of the id in the address"
            )
