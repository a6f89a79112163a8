"""What the tests of the core share: plugins to try it with."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from niwari.host.discovery import Found, located
from niwari.testing.workshop import Workshop, forgotten_imports

PLUGINS = Path(__file__).parents[1] / "plugins"


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    """An empty workshop for plugins."""
    folder = tmp_path / "site"
    folder.mkdir()
    with forgotten_imports((folder,)):
        yield Workshop(folder)


@pytest.fixture
def trial_plugins() -> Iterator[Mapping[str, Found]]:
    """The plugins in tests/plugins, by name."""
    with forgotten_imports((PLUGINS,)):
        packages = sorted(path.parent.name for path in PLUGINS.glob("*/plugin.toml"))
        found = located((name.removeprefix("niwari_"), name) for name in packages)
        yield {plugin.name: plugin for plugin in found}
