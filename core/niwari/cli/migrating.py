"""migrate: bringing the tables up to date."""

from collections.abc import Iterator
from pathlib import Path

import click

from niwari.admin.upgrading import note_plugins
from niwari.app import core_migrations, load_host, migrate_all
from niwari.cli.opening import opened
from niwari.config import load_settings
from niwari.db import connection, open_database
from niwari.db.migrate import MigrationFailed
from niwari.host.dispatch import Dispatcher
from niwari.host.environment import claim_database, environment_of_database
from niwari.host.keys import prepare_keys
from niwari.host.registry import Host
from niwari.host.running import bind
from niwari.installation import home
from niwari.keyring import keyring


class UpgradeFailed(RuntimeError):
    """The tables are up to date, but a plugin could not adapt its data; the next run tries again."""


@click.command()
@click.option("--status", is_flag=True, help="Only tell what has run and what waits.")
def migrate(status: bool) -> None:
    """Bring the tables of the core and of all installed plugins up to date.

    The first time it also makes the first key of the keyring: back up the folder keys/ring. Doing it
    again changes nothing. Example: NIWARI_HOME=/srv/niwari niwari migrate --status
    """
    if status:
        _open_to_look(load_settings(home()).database_url)
        with connection():
            for line in _status(load_host()):
                click.echo(line)
        return
    for line in migrate_installation(load_host()) or ["Nothing to do: all tables are up to date."]:
        click.echo(line)


def migrate_installation(host: Host) -> list[str]:
    """Bring the installation of ``NIWARI_HOME``, made where it is not there, up to date.

    Returns and raises what ``bring_up_to_date`` does.
    """
    with opened(migrated=False) as installation:
        dispatcher = bind(Dispatcher(host, installation.clock))
        return bring_up_to_date(dispatcher, environment=installation.settings.environment)


def bring_up_to_date(dispatcher: Dispatcher, *, environment: str = "") -> list[str]:
    """Apply what waits and let changed plugins adapt their data; returns a line for each migration.

    A database that belongs to no environment yet is claimed for ``environment``, and one that was
    never used with a key gets its first. Raises ``MigrationFailed``, ``UpgradeFailed`` and what
    ``prepare_keys`` does; a plugin that fails keeps nobody else from its turn.
    """
    failed: MigrationFailed | None = None
    try:
        applied = migrate_all(dispatcher.host)
    except MigrationFailed as error:
        if core_migrations().pending():
            raise
        failed, applied = error, list(error.applied)
    if environment and environment_of_database() is None:
        claim_database(environment)
    prepare_keys(keyring())
    dispatcher.host.check_migrations()
    failures = note_plugins(dispatcher)
    lines = [f"{name}: {migration}" for name, migration in applied]
    if failures:
        raise UpgradeFailed("\n".join([*lines, *failures, *([str(failed)] if failed else [])]))
    if failed:
        raise failed
    return lines


def _open_to_look(url: str) -> None:
    """Open the database; one that is not there yet is looked at as an empty one and not made."""
    path = url.removeprefix("sqlite:///")
    is_missing = path != url and not Path(path).exists()
    open_database("sqlite:///:memory:" if is_missing else url)


def _status(host: Host) -> Iterator[str]:
    sets = [core_migrations()]
    sets += [s for plugin in host.optional() if (s := plugin.migration_set()) is not None]
    for one in sets:
        for name, has_run in one.status():
            yield f"{one.name}: {name}  {'has run' if has_run else 'waits; run: niwari migrate'}"
    for plugin in host.optional():
        if plugin.error:
            yield f"{plugin.name}: stopped: {plugin.error}"
