"""Turning described pages into Flask's, so that each route has an owner, a permission and a guard."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

from flask import Blueprint as FlaskBlueprint
from flask import Flask, g

from niwari.context import Context
from niwari.host.blueprint import LARGEST_BODY, Blueprint, Route
from niwari.host.dispatch import Dispatcher
from niwari.host.late_rules import LateRule
from niwari.host.loaded import Plugin
from niwari.host.quarantine import LONGEST_SURFACE, ROUTE
from niwari.host.requirements import stop_where_requirements_are_missing

# Core areas whose pages do not stand below /<name>/.
_CORE_PREFIXES = {"web": "", "identity": "", "rest": "", "search": "", "channels": "/notices"}


@dataclass(frozen=True, slots=True)
class Access:
    """Who owns an endpoint, and what it takes to open it (``recent`` and below: see ``Route``)."""

    plugin: str
    core: bool
    permission: str | None
    public: str | None
    recent: bool = False
    attachments: bool = False
    largest_body: int = LARGEST_BODY


@dataclass(slots=True)
class AccessTable:
    """The access of every endpoint, by name; filled at start, read at each request."""

    by_endpoint: dict[str, Access] = field(default_factory=dict)

    def of(self, endpoint: str | None) -> Access | None:
        """Return the access of ``endpoint``, or ``None`` for Flask's own (static files)."""
        return self.by_endpoint.get(endpoint or "")


def wire(app: Flask, dispatcher: Dispatcher) -> AccessTable:
    """Register the pages of all loaded areas and plugins with ``app``.

    A plugin whose routes Flask does not take is stopped at "declared"; a core area's error is
    raised.
    """
    table = AccessTable()
    host = dispatcher.host
    for plugin in host.loaded():
        if not plugin.core and (problem := _refused_by_flask(plugin, dispatcher)):
            plugin.stop(f"routes: {problem}")
        for blueprint in plugin.contributions.blueprints:
            app.register_blueprint(_real(plugin, blueprint, dispatcher))
            for route in blueprint.routes:
                table.by_endpoint[f"{plugin.name}.{route.endpoint}"] = Access(
                    plugin.name,
                    plugin.core,
                    route.permission,
                    route.public,
                    route.recent,
                    route.attachments,
                    route.largest_body,
                )
    # One that was stopped here may be what another stands on.
    stop_where_requirements_are_missing(host.optional(), host.plugins)
    return table


def _refused_by_flask(plugin: Plugin, dispatcher: Dispatcher) -> str:
    """Try a plugin's routes on an application that is thrown away; returns what Flask says to them."""
    try:
        for blueprint in plugin.contributions.blueprints:
            rehearsal = Flask("rehearsal", static_folder=None)
            rehearsal.url_rule_class = LateRule
            _real(plugin, blueprint, dispatcher).register(rehearsal, {"url_prefix": None})
    except Exception as error:
        return str(error) or type(error).__name__
    return ""


def _real(plugin: Plugin, blueprint: Blueprint, dispatcher: Dispatcher) -> FlaskBlueprint:
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
            route.view if plugin.core else _guarded(plugin.name, route, dispatcher),
            methods=list(route.methods),
            strict_slashes=False,
        )
    return real


def _guarded(plugin: str, route: Route, dispatcher: Dispatcher) -> Callable[..., Any]:
    """Let a view be timed and counted, and stay dark while it is in quarantine."""
    surface = f"{ROUTE}{route.endpoint}"[:LONGEST_SURFACE]

    @wraps(route.view)
    def guarded(**values: Any) -> Any:
        ctx: Context | None = g.ctx
        trial = ctx is not None and dispatcher.enter(ctx, plugin, surface)
        with dispatcher.attributed(ctx, plugin, surface, trial=trial):
            return route.view(**values)

    return guarded


def _package_folder(import_name: str) -> str:
    file = getattr(sys.modules.get(import_name), "__file__", None)
    if file is None:
        raise ValueError(f"Blueprint({import_name!r}): give it the name of its module, __name__")
    return str(Path(file).parent)
