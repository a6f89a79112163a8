"""Checks of what a plugin tells people."""

from typing import TYPE_CHECKING

from niwari.specs.contributions import BadContribution, NoticeKind

if TYPE_CHECKING:
    from niwari.host.declarations import Contributions
    from niwari.host.loaded import Plugin
    from niwari.host.registry import Host


def check_notices(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Codes begin with the plugin's name and are there once; a page that notices lead to is there."""
    seen: set[str] = set()
    for kind in declared.notices:
        if not kind.code.startswith(f"{plugin.name}."):
            raise BadContribution(f"NoticeKind {kind.code!r}: begin the code with '{plugin.name}.'")
        if kind.code in seen:
            raise BadContribution(f"NoticeKind {kind.code!r} is declared twice; keep one")
        seen.add(kind.code)
        if kind.endpoint:
            _check_endpoint(plugin, kind, declared)


def _check_endpoint(plugin: "Plugin", kind: NoticeKind, declared: "Contributions") -> None:
    where = f"NoticeKind {kind.code!r}"
    name = kind.endpoint.removeprefix(f"{plugin.name}.")
    rules = [
        route.rule
        for blueprint in declared.blueprints
        for route in blueprint.routes
        if route.endpoint == name and "GET" in route.methods
    ]
    if not rules:
        raise BadContribution(
            f"{where}: endpoint {kind.endpoint!r} is no page of the plugin; name a view of it"
        )
    if any("<" in rule for rule in rules):
        raise BadContribution(
            f"{where}: the address {rules[0]!r} needs a value; name a page without, as a list"
        )
