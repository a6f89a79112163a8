"""keys list and rotate: the keyring of an installation."""

import click

from niwari.config import ConfigError, load_settings
from niwari.installation import home
from niwari.keyring import Keyring, open_keyring


@click.group("keys")
def keys_group() -> None:
    """The keys that seal what a copy of the database must not tell."""


@keys_group.command("list")
def list_command() -> None:
    """List the keys of the ring with where they lie, never the keys themselves.

    Example: niwari keys list
    """
    for place, key in enumerate(_ring().keys()):
        click.echo(f"{key.id}  {'seals and opens' if place == 0 else 'opens'}  {key.origin}")


@keys_group.command("rotate")
def rotate_command() -> None:
    """Make a new key that seals from now on; the old ones stay, because they still open.

    Running processes take it at their next use. Back up the folder keys/ring afterwards.

    Example: niwari keys rotate
    """
    key = _ring().rotate()
    click.echo(f"{key.id} seals from now on: {key.origin}. Back up this file.")


def _ring() -> Keyring:
    settings = load_settings(home())
    if not settings.home.is_dir():
        raise ConfigError(
            f"NIWARI_HOME: there is no folder {settings.home}; "
            "name the installation's, or make a new one with: niwari migrate"
        )
    return open_keyring(settings)
