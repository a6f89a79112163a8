"""The commands, put together. ``niwari --help`` lists them."""

import os
import sys
from typing import Any

import click
from peewee import OperationalError

from niwari import __version__
from niwari.app import PendingMigrations, load_host
from niwari.cli.audit import audit_group
from niwari.cli.demo import demo
from niwari.cli.directory import directory_group
from niwari.cli.identity import identity_group
from niwari.cli.keys import keys_group
from niwari.cli.language import language_of, speaking
from niwari.cli.ledger import ledger_group
from niwari.cli.mail import mail_group
from niwari.cli.migrating import UpgradeFailed, migrate
from niwari.cli.new_plugin import new_plugin
from niwari.cli.plugin_commands import CommandFailed, group_of
from niwari.cli.plugins import NotSound, plugins_group
from niwari.cli.search import search_group
from niwari.cli.serving import serve, worker
from niwari.cli.translate import translate
from niwari.config import ConfigError
from niwari.db.migrate import MigrationFailed
from niwari.errors import DomainError
from niwari.host.manifest import name_problem
from niwari.host.registry import PluginsStopped
from niwari.installation import DEFAULT_HOME
from niwari.pages.wording import sentence_of

# What a person can mend: one sentence and exit code 2, never a traceback.
_ANSWERS = (
    ConfigError,
    PendingMigrations,
    MigrationFailed,
    DomainError,
    PluginsStopped,
    UpgradeFailed,
    CommandFailed,
    NotSound,
)


class _Commands(click.Group):
    """Niwari's commands and those of plugins; the domain's errors end with exit code 2."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command; what the core does not know may be the name of a plugin."""
        found = super().get_command(ctx, name)
        if found is not None or name_problem(name):
            return found
        return group_of(load_host(), name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            language = language_of(os.environ)
        except ConfigError as error:
            click.echo(f"niwari: {error}", err=True)
            sys.exit(2)
        with speaking(language):
            return self._answered(ctx)

    def _answered(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except _ANSWERS as error:
            said = sentence_of(error) if isinstance(error, DomainError) else error
            click.echo(f"niwari: {said}", err=True)
            sys.exit(2)
        except (OperationalError, PermissionError) as error:
            where = os.environ.get("NIWARI_HOME") or DEFAULT_HOME
            click.echo(f"niwari: {where} or its database cannot be used: {error}", err=True)
            sys.exit(2)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="niwari")
def main() -> None:
    """Niwari: the shared workplace for the staff of neighbouring municipalities.

    The installation lies in the folder NIWARI_HOME (default var/demo). Plugins may bring commands
    under their own name: niwari plugins show NAME lists them.

    This help is in English. What is wrong with a file or an order is told in Japanese, or in English
    where LANG is (en_US.UTF-8) or NIWARI_LOCALE=en.
    """
    os.umask(0o077)  # what an installation holds is for its own account alone


for _command in (
    demo,
    serve,
    worker,
    migrate,
    plugins_group,
    directory_group,
    identity_group,
    ledger_group,
    keys_group,
    audit_group,
    search_group,
    mail_group,
    new_plugin,
    translate,
):
    main.add_command(_command)
