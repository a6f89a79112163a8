"""What the tests of the core share: plugins to try it with, and applications that have them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from niwari.app import load_host, migrate_all
from niwari.clock import FrozenClock
from niwari.db import connection, open_database
from niwari.db.migrate import MigrationFailed
from niwari.host.discovery import Found, located
from niwari.testing.workshop import Workshop, forgotten_imports
from niwari.testing.world import World

PLUGINS = Path(__file__).parents[1] / "plugins"

OpenWorld = Callable[..., World]


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
def open_world(
    database_url: str, clock: FrozenClock, tmp_path: Path
) -> Iterator[Callable[[Sequence[Found]], World]]:
    """Migrate the given plugins as far as it goes, and open a world where all of them are on.

    Also those that stopped, as after a bad update.
    """
    with ExitStack() as opened:

        def open_it(plugins: Sequence[Found], *, migrated: bool = True) -> World:
            if migrated:
                open_database(database_url)
                with connection():
                    try:
                        migrate_all(load_host(plugins))
                    except MigrationFailed as failed:
                        if "on purpose" not in str(failed):
                            raise
            world = World.open(
                database_url,
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
