"""Turning described pages into Flask's, so that each route has an owner, a permission and a guard."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

from flask import Blueprint as FlaskBlueprint
from flask import Flask

from niwari.host.blueprint import Blueprint
from niwari.host.registry import Host, Plugin

# Core areas whose pages do not stand below /<name>/.
_CORE_PREFIXES = {"web": "", "identity": ""}


@dataclass(frozen=True, slots=True)
class Access:
    """Who owns an endpoint, and what it takes to open it."""

    plugin: str
    core: bool
    permission: str | None
    public: str | None


@dataclass(slots=True)
class AccessTable:
    """The access of every endpoint, by name; filled at start, read at each request."""

    by_endpoint: dict[str, Access] = field(default_factory=dict)

    def of(self, endpoint: str | None) -> Access | None:
        """Return the access of ``endpoint``, or ``None`` for Flask's own (static files)."""
        return self.by_endpoint.get(endpoint or "")


def wire(app: Flask, host: Host) -> AccessTable:
    """Register the pages of all loaded areas and plugins with ``app``.

    A plugin whose routes Flask does not take is stopped at "declared"; a core area's error is
    raised.
    """
    table = AccessTable()
    for plugin in host.loaded():
        for blueprint in plugin.contributions.blueprints:
            try:
                _real(plugin, blueprint).register(Flask("rehearsal"), {"url_prefix": None})
            except Exception as error:
                if plugin.core:
                    raise
                plugin.stop(f"routes: {error}")
                break
        for blueprint in plugin.contributions.blueprints:
            app.register_blueprint(_real(plugin, blueprint))
            for route in blueprint.routes:
                table.by_endpoint[f"{plugin.name}.{route.endpoint}"] = Access(
                    plugin.name, plugin.core, route.permission, route.public
                )
    return table


def _real(plugin: Plugin, blueprint: Blueprint) -> FlaskBlueprint:
    folder = Path(_package_folder(blueprint.import_name))
    prefix = plugin.url_prefix
    if plugin.core:
        prefix = _CORE_PREFIXES.get(plugin.name, prefix)
    real = FlaskBlueprint(
        plugin.name,
        blueprint.import_name,
        url_prefix=prefix or None,
        template_folder=str(folder / "templates"),
        static_folder=str(folder / "static") if (folder / "static").is_dir() else None,
        static_url_path=f"/static/{plugin.name}" if not prefix else "/static",
    )
    for route in blueprint.routes:
        real.add_url_rule(
            route.rule,
            route.endpoint,
            route.view,
            methods=list(route.methods),
            strict_slashes=False,
        )
    return real


def _package_folder(import_name: str) -> str:
    file = sys.modules[import_name].__file__
    if file is None:
        raise ValueError(f"{import_name}: give the name of a real module (__name__)")
    return str(Path(file).parent)
