"""directory grant-role, revoke-role, roles list."""

from datetime import date

import click

from niwari.cli.days import day_option
from niwari.cli.opening import opened
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.people import main_appointment, municipality_by_code
from niwari.directory.system import system_context
from niwari.identity.models import GRANTED_ROLES
from niwari.identity.roles.grants import grant_role, posts_with_role, revoke_role
from niwari.identity.roles.holders import granted_roles

_ROLE = click.Choice(GRANTED_ROLES)


@click.command("grant-role")
@click.argument("login")
@click.argument("role", type=_ROLE)
@day_option("--until", says="Its last day; without it, it ends with the post.")
def grant_role_command(login: str, role: str, until: date | None) -> None:
    """Give ROLE to the present post of LOGIN; staff and head need no granting.

    It ends with the post. Given again, it gets the new last day, or none.

    Example: niwari directory grant-role it@koriyama it
    """
    with opened() as installation:
        now = installation.clock()
        found = main_appointment(login, tokyo_day(now))
        ctx = Context(found.municipality, None, now, actor="niwari directory grant-role")
        grant_role(ctx, found.appointment.id, role, ends_on=until)
    click.echo(f"{login} has the role {role}{f' until {until}' if until else ''}.")


@click.command("revoke-role")
@click.argument("login")
@click.argument("role", type=_ROLE)
def revoke_role_command(login: str, role: str) -> None:
    """Take ROLE from all present posts of LOGIN; felt at the next request.

    A municipality keeps its last municipal IT: give the role to somebody else first.

    Example: niwari directory revoke-role it@koriyama it
    """
    with opened() as installation:
        now = installation.clock()
        main_appointment(login, tokyo_day(now))  # says where nobody has that login
        ctx = system_context(now, "niwari directory revoke-role")
        with transaction(ctx):
            posts = posts_with_role(login, role, ctx.today)
            for post in posts:
                revoke_role(ctx, post, role)
    had = "has no longer" if posts else "had not"
    click.echo(f"{login} {had} the role {role}.")


@click.group("roles")
def roles_group() -> None:
    """See who has which role."""


@roles_group.command("list")
@click.option("--municipality", "code", metavar="CODE", required=True, help="Which one, as 072036.")
def list_roles_command(code: str) -> None:
    """List the granted roles of a municipality: role, login, section, last day.

    Example: niwari directory roles list --municipality 072036
    """
    with opened() as installation:
        today = tokyo_day(installation.clock())
        found = granted_roles(municipality_by_code(code, today).id, today)
    for role, login, section, ends_on in found:
        click.echo(f"{role:<12}{login}  {section}{f'  until {ends_on}' if ends_on else ''}")
    if not found:
        click.echo("Nobody has a granted role.")
