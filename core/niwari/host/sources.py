"""Looking through a plugin's sources before any of them runs."""

from collections.abc import Collection
from pathlib import Path

from niwari.host.lint import lint_package
from niwari.host.loaded import Plugin
from niwari.specs.contributions import BadContribution


def check_sources(plugin: Plugin, folder: Path, packages: Collection[str]) -> None:
    """Refuse a plugin that imports what is not its own to import; raises ``BadContribution``."""
    manifest = plugin.manifest
    named = (*manifest.requires, *manifest.uses) if manifest else ()
    findings = lint_package(
        folder,
        plugin.package,
        plugin.name,
        known_packages=packages,
        allowed_services=(plugin.name, *named),
    )
    if findings:
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        raise BadContribution(f"{findings[0].sentence}{more}")
