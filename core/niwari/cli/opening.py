"""Opening an installation for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from niwari.app import require_migrated
from niwari.clock import Clock
from niwari.config import ConfigError, Settings, load_settings
from niwari.db import connection, open_database
from niwari.demo.story import BEGINNING
from niwari.files.storage import open_files
from niwari.host.environment import environment_of_database
from niwari.host.keys import check_keys
from niwari.installation import home, installation_clock
from niwari.keyring import open_keyring


@dataclass(frozen=True, slots=True)
class Opened:
    """An installation whose database is connected."""

    settings: Settings
    clock: Clock


@contextmanager
def opened(*, migrated: bool = True, sealing: bool = True) -> Iterator[Opened]:
    """Open the installation of ``NIWARI_HOME`` for the block.

    Raises ``ConfigError`` where there is no such folder, and ``PendingMigrations`` where the core's
    tables are behind, and what ``check_keys`` does. With ``migrated`` false a folder is made and the
    tables may be behind; with ``sealing`` false the keyring may lack keys.
    """
    settings = load_settings(home())
    if migrated and not settings.home.is_dir():
        raise ConfigError(
            f"NIWARI_HOME: there is no folder {settings.home}; "
            "name the installation's, or make a new one with: niwari migrate"
        )
    settings.home.mkdir(parents=True, exist_ok=True)
    open_database(settings.database_url)
    ring = open_keyring(settings)
    open_files(settings)
    with connection():
        if migrated:
            require_migrated()
            settings = _as_it_was_made(settings)
            if sealing:
                check_keys(ring, is_production=settings.is_production)
        yield Opened(settings, installation_clock(settings))


def _as_it_was_made(settings: Settings) -> Settings:
    """Return the settings with the demo's environment and clock where the database is a demo's."""
    if settings.environment != "production" or environment_of_database() != "demo":
        return settings
    return replace(settings, environment="demo", clock_start=settings.clock_start or BEGINNING)
