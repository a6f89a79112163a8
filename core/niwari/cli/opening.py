"""Opening an installation for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from niwari.app import require_migrated
from niwari.clock import Clock
from niwari.config import Settings, load_settings
from niwari.db import connection, open_database
from niwari.installation import home, installation_clock


@dataclass(frozen=True, slots=True)
class Opened:
    """An installation whose database is connected."""

    settings: Settings
    clock: Clock


@contextmanager
def opened(*, migrated: bool = True) -> Iterator[Opened]:
    """Open the installation of ``NIWARI_HOME`` for the block.

    Raises ``PendingMigrations`` where the core's tables are behind, unless ``migrated`` is false.
    """
    settings = load_settings(home())
    settings.home.mkdir(parents=True, exist_ok=True)
    open_database(settings.database_url)
    with connection():
        if migrated:
            require_migrated()
        yield Opened(settings, installation_clock(settings))
