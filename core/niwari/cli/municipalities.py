"""directory merge, directory rename: municipalities that end, or get another code."""

from datetime import datetime

import click

from niwari.cli.loading import loaded
from niwari.directory.codes import reference
from niwari.directory.municipalities import merge_municipality, rename_municipality
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.identity.serving import is_served

_day = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The first day on which it is so; not a day to come.",
)


@click.command("merge")
@click.argument("former")
@click.argument("successor")
@_day
def merge_command(former: str, successor: str, on: datetime) -> None:
    """Let the municipality FORMER end, merged into SUCCESSOR; both are six-digit codes.

    First import the people's new posts in SUCCESSOR. What the people of FORMER shared belongs to
    SUCCESSOR afterwards; its audit, its settings and the ledger's past stay under its own name.

    Example: niwari directory merge 075019 072036 --on 2027-01-01
    """
    with loaded() as dispatcher:
        ctx = system_context(dispatcher.clock(), "niwari directory merge")
        done = merge_municipality(ctx, former, successor, on.date())
        has_provider = is_served(municipality_by_code(successor, on.date()).id)
    click.echo(f"{former} is merged into {successor}; {done.rows} shared rows went over.")
    if not has_provider:
        click.echo(
            f"Those who came along sign in as before; others cannot, as no provider serves {successor}: "
            f"niwari identity provider edit ID --municipality {successor}"
        )
    for name in done.withdrawn:
        click.echo(f"{name}: what it had withdrawn stays hidden under the former municipality.")
    for name in done.off:
        click.echo(
            f"{name}: was on there and is not on in {successor}; niwari plugins enable {name}"
        )


@click.command("rename")
@click.argument("code")
@click.argument("new_code")
@_day
def rename_command(code: str, new_code: str, on: datetime) -> None:
    """Give the municipality CODE its NEW_CODE and the name that goes with it, as when a town becomes a city.

    Everything stays as it is; files must name the new code from then on.

    Example: niwari directory rename 044237 042161 --on 2026-10-10
    """
    with loaded() as dispatcher:
        ctx = system_context(dispatcher.clock(), "niwari directory rename")
        rename_municipality(ctx, code, new_code, on.date())
    click.echo(
        f"{code} is {new_code} {reference()[new_code].name} now; back by: "
        f"niwari directory rename {new_code} {code} --on {on.date()}"
    )
