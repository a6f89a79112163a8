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
from niwari.testing.engines import Engines, Prepared
from niwari.testing.lent import Lent
from niwari.testing.plugin import START
from niwari.testing.workshop import Workshop, forgotten_imports
from niwari.testing.world import World, prepare_town

PLUGINS = Path(__file__).parents[1] / "plugins"
# Where the crasher can fail before its tables are there.
BEFORE_ITS_TABLES = {"import", "declare", "migration"}

OpenWorld = Callable[..., World]
TownWith = Callable[[Sequence[Found]], str]
LentWith = Callable[[Sequence[Found]], Lent]


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
        *before, last = towns(plugins)
        made.append(database_engines.copy_of(*last, onto=before))
        return made[-1]

    yield make
    for url in made:
        database_engines.drop(url)


def towns(plugins: Sequence[Found]) -> list[Prepared]:
    """Return what fills a database with the town, and then with the tables of ``plugins``."""

    def prepare(url: str) -> None:
        migrate_further(url, plugins)

    town = ("town", prepare_town)
    return [town, (_named("town", plugins), prepare)] if plugins else [town]


def _named(name: str, plugins: Sequence[Found]) -> str:
    return "+".join([name, *(plugin.name for plugin in plugins)])


@pytest.fixture(scope="session")
def lent_with(tmp_path_factory: pytest.TempPathFactory) -> LentWith:
    """The applications with plugins of tests/plugins, which tests use one after another."""
    known: dict[str, Lent] = {}

    def find(plugins: Sequence[Found]) -> Lent:
        name = _named("world", plugins)
        if name not in known:
            known[name] = Lent(tmp_path_factory.mktemp("home"), plugins)
        return known[name]

    return find


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
    town_with: TownWith,
    lent_with: LentWith,
    database_engines: Engines,
    clock: FrozenClock,
    tmp_path: Path,
) -> Iterator[Callable[[Sequence[Found]], World]]:
    """Migrate the given plugins as far as it goes, and open a world where all of them are on.

    Also those that stopped, as after a bad update. A second world of a test has the same database,
    and an application of its own, which the first of plugins in tests/plugins need not have.
    """
    urls: list[str] = []
    homes = [tmp_path / "home"]
    with ExitStack() as opened:

        def lend(plugins: Sequence[Found]) -> World:
            lent, begun = lent_with(plugins), _named("world", plugins)
            url = database_engines.copy_of(begun, lent.begin, onto=towns(plugins))
            opened.callback(database_engines.drop, url)
            world = opened.enter_context(lent.world(lent.begun(url), clock))
            urls.append(url)
            homes[0] = world.settings.home
            return world

        def open_it(plugins: Sequence[Found], *, migrated: bool = True) -> World:
            if not urls and migrated and clock() == START and can_be_lent(plugins, lent_with):
                return lend(plugins)
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
                homes[0],
                plugins=plugins,
                enabled=[plugin.name for plugin in plugins],
            )
            return opened.enter_context(world)

        yield open_it


def can_be_lent(plugins: Sequence[Found], lent_with: LentWith) -> bool:
    """Tell whether an application with ``plugins`` is the same in all tests, and in this one so far."""
    are_whole = all(map(is_sure, plugins)) and not os.environ.get("CRASHER_AT")
    return bool(plugins) and are_whole and lent_with(plugins).is_known


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
