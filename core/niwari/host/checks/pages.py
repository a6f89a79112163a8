"""Checks of permissions and routes."""

from typing import TYPE_CHECKING

from niwari.specs.contributions import BadContribution

if TYPE_CHECKING:
    from niwari.host.declarations import Contributions
    from niwari.host.loaded import Plugin
    from niwari.host.registry import Host


def check_permissions(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """Codes begin with the plugin's name and are there once."""
    seen: set[str] = set()
    for permission in declared.permissions:
        code = permission.code
        if not code.startswith(f"{plugin.name}."):
            raise BadContribution(f"Permission {code!r}: begin the code with '{plugin.name}.'")
        if code in seen:
            raise BadContribution(f"Permission {code!r} is declared twice; keep one")
        seen.add(code)


def check_blueprints(host: "Host", plugin: "Plugin", declared: "Contributions") -> None:
    """One blueprint, named after the plugin; each address, name and permission fits."""
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
