"""Services stand below the pages: what may not import Flask imports no module of views either.

import-linter sees to the web framework itself; a view that a service imports would bring it along.
"""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core"
CONTRACT = "Services know no web framework"
# What puts a package together names its pages on purpose, for whoever collects them.
COLLECTORS = ("niwari.directory.duties.contributed",)


def services() -> dict[str, Path]:
    """The modules of the core that the contract names, without the pages inside named packages."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (named,) = [one["source_modules"] for one in contracts if one["name"] == CONTRACT]
    found = {}
    for path in sorted(CORE.rglob("*.py")):
        module = ".".join(path.relative_to(CORE).with_suffix("").parts)
        if any(f"{module}.".startswith(f"{one}.") for one in named):
            found[module] = path
    return {
        module: path
        for module, path in found.items()
        if path.name != "plugin.py" and module not in COLLECTORS and not is_views(module)
    }


def is_views(module: str) -> bool:
    last = module.rpartition(".")[2]
    return last == "views" or last.endswith("_views")


def imported(source: str) -> Iterator[str]:
    """Yield what a module imports at any place, in full."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{each.name}" for each in node.names)


def test_no_service_imports_a_module_of_views() -> None:
    found = services()
    assert "niwari.admin.troubles" in found
    assert [
        f"{module} imports {one}"
        for module, path in found.items()
        for one in imported(path.read_text(encoding="utf-8"))
        if is_views(one)
    ] == []


@pytest.mark.parametrize(
    "line",
    [
        "import niwari.channels.webhook_views",
        "from niwari.channels.webhook_views import WEBHOOKS",
        "from niwari.channels import webhook_views",
        "def late():\n    from niwari.admin.views import page",
    ],
)
def test_every_way_to_import_them_is_seen(line: str) -> None:
    assert any(is_views(one) for one in imported(line))
