"""Opening an installation for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

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
def opened() -> Iterator[Opened]:
    """Open the installation of ``NIWARI_HOME`` for the block."""
    settings = load_settings(home())
    settings.home.mkdir(parents=True, exist_ok=True)
    open_database(settings.database_url)
    with connection():
        yield Opened(settings, installation_clock(settings))
