"""Finding installed plugins without running them."""

import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

ENTRY_POINT_GROUP = "niwari.plugins"


@dataclass(frozen=True, slots=True)
class Found:
    """An installed plugin: its entry point's name and the top-level package that it names.

    ``folder`` is ``None`` where the package cannot be located.
    """

    name: str
    package: str
    folder: Path | None


def installed_plugins() -> tuple[Found, ...]:
    """Return the plugins that are installed beside Niwari, in order of their names."""
    # A set, because a package that is reachable by two paths is found twice.
    return located({(p.name, p.value) for p in entry_points(group=ENTRY_POINT_GROUP)})


def located(plugins: Iterable[tuple[str, str]]) -> tuple[Found, ...]:
    """Locate (name, top-level package) pairs, in order of their names; imports nothing."""
    return tuple(Found(name, package, _folder(package)) for name, package in sorted(plugins))


def _folder(package: str) -> Path | None:
    # find_spec of a top-level name only looks; a dotted name would import its parent.
    if not package.isidentifier():
        return None
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations)))
