"""directory merge, rename, remove-municipality, remove-region: what becomes of municipalities."""

from datetime import date

import click

from niwari.cli.days import day_option
from niwari.cli.language import command_context
from niwari.cli.loading import loaded
from niwari.cli.opening import opened
from niwari.directory.codes import reference
from niwari.directory.municipalities import merge_municipality, rename_municipality
from niwari.directory.people import municipality_by_code
from niwari.directory.taking_back import take_back_municipality, take_back_region
from niwari.identity.providers.serving import is_served

_day = day_option("--on", required=True, says="The first day on which it is so; not a day to come.")


@click.command("merge")
@click.argument("former")
@click.argument("successor")
@_day
def merge_command(former: str, successor: str, on: date) -> None:
    """Let the municipality FORMER end, merged into SUCCESSOR; both are six-digit codes.

    First import the people's new posts in SUCCESSOR. What the people of FORMER shared belongs to
    SUCCESSOR afterwards; its audit, its settings and the ledger's past stay under its own name.

    Example: niwari directory merge 075019 072036 --on 2027-01-01
    """
    with loaded() as dispatcher:
        ctx = command_context(dispatcher.clock(), "niwari directory merge")
        done = merge_municipality(ctx, former, successor, on)
        has_provider = is_served(municipality_by_code(successor, on).id)
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
def rename_command(code: str, new_code: str, on: date) -> None:
    """Give the municipality CODE its NEW_CODE and the name that goes with it, as when a town becomes a city.

    Everything stays as it is; files must name the new code from then on.

    Example: niwari directory rename 044237 042161 --on 2026-10-10
    """
    with loaded() as dispatcher:
        ctx = command_context(dispatcher.clock(), "niwari directory rename")
        rename_municipality(ctx, code, new_code, on)
    click.echo(
        f"{code} is {new_code} {reference()[new_code].name} now; back by: "
        f"niwari directory rename {new_code} {code} --on {on.isoformat()}"
    )


@click.command("remove-municipality")
@click.argument("code")
def remove_municipality_command(code: str) -> None:
    """Take back the municipality CODE, registered by mistake; nothing may use it but its region.

    It is refused while there are sections, people, settings or anything else of it. What the audit
    says of it stays. The right one is registered by import-region.

    Example: niwari directory remove-municipality 072028
    """
    with opened() as installation:
        ctx = command_context(installation.clock(), "niwari directory remove-municipality")
        name = take_back_municipality(ctx, code)
    click.echo(f"{code} {name} is not registered any more; its audit stays.")


@click.command("remove-region")
@click.argument("code")
@click.option(
    "--with-members",
    is_flag=True,
    help="Also where municipalities belong to it; they and their people stay, in no region.",
)
def remove_region_command(code: str, with_members: bool) -> None:
    """Take back the region CODE, made by mistake; nothing may have been shared in it.

    Example: niwari directory remove-region koriyma --with-members
    """
    with opened() as installation:
        ctx = command_context(installation.clock(), "niwari directory remove-region")
        name, left = take_back_region(ctx, code, with_members=with_members)
    click.echo(f"The region {code} {name} is not there any more; {left} municipalities left it.")
