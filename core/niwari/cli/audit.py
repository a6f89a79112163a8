"""audit verify."""

import re
from typing import Any

import click

from niwari.audit.verifying import Verified, verify
from niwari.cli.opening import opened
from niwari.clock import tokyo_day
from niwari.db import rows
from niwari.directory.models import Municipality
from niwari.directory.people import municipality_by_code

_HASH = re.compile("[0-9a-f]{64}")


@click.group("audit")
def audit_group() -> None:
    """Check the record of who did what."""


def _hash(_ctx: click.Context, _param: click.Parameter, given: str) -> str:
    plain = given.strip().lower()
    if plain and not _HASH.fullmatch(plain):
        raise click.BadParameter("a head hash has 64 characters out of 0-9 and a-f")
    return plain


@audit_group.command("verify")
@click.option("--municipality", "code", metavar="CODE", help="Only this one, as 072036.")
@click.option(
    "--expect",
    "expected",
    default="",
    metavar="HASH",
    callback=_hash,
    help="A head hash that was noted earlier; it must still be in a chain.",
)
def verify_command(code: str | None, expected: str) -> None:
    """Find what was changed, removed or inserted in the audit since it was sealed.

    Rows are sealed once a minute by the worker; what is not sealed yet is counted. Ends with exit
    code 1 where there is a fault. Without --expect nobody can tell a chain that was made anew.

    Example: niwari audit verify --municipality 072036
    """
    sound, met = True, False
    with opened() as installation:
        now = installation.clock()
        for municipality_id, its_code, name in _chosen(code, tokyo_day(now)):
            found = verify(municipality_id, now, expected)
            _say(found, its_code, name)
            if found.expected_at is not None:
                met = True
                click.echo(f"  the expected hash is that of seal {found.expected_at}")
            sound = sound and not found.fault_count
    if expected and not met:
        sound = False
        click.echo(f"no seal has the expected hash {expected}: a chain was made anew or cut off")
    if not sound:
        raise click.exceptions.Exit(1)


def _chosen(code: str | None, today: Any) -> list[tuple[int, str, str]]:
    if code:
        one = municipality_by_code(code, today)
        return [(one.id, one.code, one.name)]
    columns = (Municipality.id, Municipality.code, Municipality.name)
    return rows(Municipality.select(*columns).order_by(Municipality.code))


def _say(found: Verified, code: str, name: str) -> None:
    click.echo(
        f"{code} {name}: {found.seals} seals, {found.rows} rows, {found.unsealed} not sealed yet"
    )
    click.echo(f"  head {found.head or '-'}")
    if found.unchecked:
        click.echo(f"  of {found.unchecked} rows the values cannot be compared: their key is gone")
    for fault in found.faults:
        click.echo(f"  FAULT {fault}")
    if found.fault_count > len(found.faults):
        click.echo(f"  and {found.fault_count - len(found.faults)} more faults")
