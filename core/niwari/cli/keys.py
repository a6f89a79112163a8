"""keys list, rotate, reseal and forget: the keyring of an installation."""

import click

from niwari.cli.opening import Opened, opened
from niwari.directory.system import system_context
from niwari.host.keys import check_keys, forget_key, known_keys
from niwari.keyring import keyring
from niwari.vault.making import reseal


@click.group("keys")
def keys_group() -> None:
    """The keys that seal what a copy of the database must not tell."""


@keys_group.command("list")
def list_command() -> None:
    """List the keys of the ring with where they lie, never the keys themselves.

    Names also the keys that are missing, and files that every account of the machine may read. Ends
    with exit code 1 where there is either.

    Example: niwari keys list
    """
    with opened(sealing=False):
        ring = keyring()
        keys = ring.present()
        for place, key in enumerate(keys):
            click.echo(f"{key.id}  {'seals and opens' if place == 0 else 'opens'}  {key.origin}")
        missing = sorted(known_keys() - {key.id for key in keys})
        for key_id in missing:
            click.echo(f"{key_id}  MISSING  {ring.place}")
        exposed = list(ring.exposed())
        for path in exposed:
            click.echo(f"every account of this machine may read {path}: chmod 600")
    if missing:
        click.echo(
            f"niwari: {', '.join(missing)} missing: put the file back from the backup. Pages, worker "
            "and commands do not start without it. Lost for good: niwari keys forget ID",
            err=True,
        )
    if missing or exposed:
        raise click.exceptions.Exit(1)


@keys_group.command("rotate")
def rotate_command() -> None:
    """Make a new key that seals from now on; the old ones stay, because they still open.

    Running processes take it at their next use, and what the vault keeps is sealed anew. Back up the
    folder keys/ring afterwards.

    Example: niwari keys rotate
    """
    with opened() as installation:
        key = keyring().rotate()
        check_keys(keyring())
        click.echo(f"{key.id} seals from now on: {key.origin}. Back up this file.")
        _reseal(installation)


@keys_group.command("reseal")
def reseal_command() -> None:
    """Seal what the vault keeps with the newest key, as keys rotate does by itself.

    Needed where a key was added to NIWARI_KEYRING by hand and all processes have started again, or
    where keys rotate was broken off.

    Example: niwari keys reseal
    """
    with opened() as installation:
        _reseal(installation)


def _reseal(installation: Opened) -> None:
    moved, stuck = reseal(system_context(installation.clock(), "niwari keys"))
    click.echo(f"{moved} lockers of the vault were sealed anew.")
    if stuck:
        click.echo(
            f"{stuck} do not open and stay as they are: they were changed, or a key is gone."
        )


@keys_group.command("forget")
@click.argument("key_id", metavar="ID")
def forget_command(key_id: str) -> None:
    """Start again without a key that is lost for good; what it sealed stays closed.

    Example: niwari keys forget 1a2b3c4d
    """
    with opened(sealing=False):
        forget_key(keyring(), key_id)
    click.echo(f"{key_id} is not asked for any more. What it sealed stays closed.")
