"""What the tests of the core share: plugins to try it with, and applications that have them."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from niwari.app import load_host, migrate_all
from niwari.clock import FrozenClock
from niwari.db import connection, open_database
from niwari.db.migrate import MigrationFailed
from niwari.host.discovery import Found, located
from niwari.testing.engines import Engines
from niwari.testing.workshop import Workshop, forgotten_imports
from niwari.testing.world import World, prepare_town

PLUGINS = Path(__file__).parents[1] / "plugins"
# Where the crasher can fail before its tables are there.
BEFORE_ITS_TABLES = {"import", "declare", "migration"}

OpenWorld = Callable[..., World]
TownWith = Callable[[Sequence[Found]], str]


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


@pytest.fixture
def town_with(database_engines: Engines) -> Iterator[TownWith]:
    """Make a database like ``database_url`` in which plugins of tests/plugins are migrated too.

    To migrate takes longer than most tests do, so it is done once for each choice of plugins.
    """
    made: list[str] = []

    def make(plugins: Sequence[Found]) -> str:
        def prepare(url: str) -> None:
            migrate_further(url, plugins)

        town = ("town", prepare_town)
        name = "+".join(["town", *(plugin.name for plugin in plugins)])
        made.append(
            database_engines.copy_of(name, prepare, onto=town)
            if plugins
            else database_engines.copy_of(*town)
        )
        return made[-1]

    yield make
    for url in made:
        database_engines.drop(url)


def migrate_further(url: str, plugins: Sequence[Found]) -> None:
    """Migrate ``plugins`` in the database at ``url`` as far as it goes."""
    open_database(url)
    with connection():
        try:
            migrate_all(load_host(plugins))
        except MigrationFailed as failed:
            if "on purpose" not in str(failed):
                raise


def is_sure(plugin: Found) -> bool:
    """Tell whether the migrations of ``plugin`` are the same in all tests and do not fail."""
    told = set(os.environ.get("CRASHER_AT", "").split(","))
    can_fail = plugin.name == "crasher" and told & BEFORE_ITS_TABLES
    return plugin.folder is not None and plugin.folder.parent == PLUGINS and not can_fail


@pytest.fixture
def open_world(
    town_with: TownWith, clock: FrozenClock, tmp_path: Path
) -> Iterator[Callable[[Sequence[Found]], World]]:
    """Migrate the given plugins as far as it goes, and open a world where all of them are on.

    Also those that stopped, as after a bad update. A second world of a test has the same database.
    """
    urls: list[str] = []
    with ExitStack() as opened:

        def open_it(plugins: Sequence[Found], *, migrated: bool = True) -> World:
            new = [
                p for p in plugins if migrated and p.folder and (p.folder / "migrations").is_dir()
            ]
            if not urls:
                sure = [plugin for plugin in new if is_sure(plugin)]
                urls.append(town_with(sure))
                new = [plugin for plugin in new if plugin not in sure]
            if new:
                migrate_further(urls[0], plugins)
            world = World.open(
                urls[0],
                clock,
                tmp_path / "home",
                plugins=plugins,
                enabled=[plugin.name for plugin in plugins],
            )
            return opened.enter_context(world)

        yield open_it


@pytest.fixture
def crash(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the crasher fail at the named places from now on; none of them mends it."""

    def at(*places: str) -> None:
        monkeypatch.setenv("CRASHER_AT", ",".join(places))

    return at


@pytest.fixture
def crashers(
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    crash: Callable[..., None],
) -> World:
    """A world with the crasher, which is whole so far, and the neighbour, both on everywhere."""
    crash()
    return open_world([trial_plugins["crasher"], trial_plugins["neighbour"]])
