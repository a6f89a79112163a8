"""directory import, import-region."""

from datetime import datetime
from pathlib import Path

import click

from niwari.cli.imports import (
    csv_file,
    importing,
    importing_stream,
    print_changes,
    progress_bar,
)
from niwari.cli.municipalities import merge_command, rename_command
from niwari.cli.opening import opened
from niwari.cli.roles import grant_role_command, revoke_role_command, roles_group
from niwari.directory.importing import import_people, plan_people
from niwari.directory.importing.planned import carry_out
from niwari.directory.importing.sections import import_sections
from niwari.directory.regions import load_region
from niwari.directory.search.indexing import reindex
from niwari.directory.system import system_context


@click.group("directory")
def directory_group() -> None:
    """Load people, their sections and their heads."""


directory_group.add_command(merge_command)
directory_group.add_command(rename_command)


@directory_group.command("import")
@csv_file
@click.option("--dry-run", is_flag=True, help="Check the file and list what would change.")
def import_command(file: Path, dry_run: bool) -> None:
    """Import people.csv (UTF-8, CP932, or xlsx): all of it, or nothing where a line is wrong.

    \b
    Columns, in any order:
      municipality,login,name,kana,email,section,head,employment,start,end
    and, if the file has them:
      title,stand_in,clerk,duties

    Importing the same file again changes nothing. Whoever appears in a new section leaves the
    former one the day before; name both lines for concurrent posts, the main one first.

    Example: niwari directory import people.csv --dry-run
    """
    with opened() as installation, importing_stream(file) as stream:
        ctx = system_context(installation.clock(), "niwari directory import")
        if dry_run:
            print_changes(carry_out(ctx, plan_people, stream.read(), dry_run=True))
        with progress_bar("lines") as progress:
            report = import_people(ctx, stream, dry_run=dry_run, progress=progress)
    done = "would be " if dry_run else ""
    click.echo(
        f"{file.name}: {report.added} lines {done}added, {report.changed} {done}changed, "
        f"{report.unchanged} unchanged; {report.ended} former posts {done}ended."
    )


@directory_group.command("sections")
@csv_file
@click.option("--dry-run", is_flag=True, help="Check the file and say what would change.")
def sections_command(file: Path, dry_run: bool) -> None:
    """Make, rename, move and end sections by sections.csv: all of it, or nothing.

    \b
    Columns, in any order:
      municipality,path,since,new_path,ends

    path is what the section is called on the day before since; without it new_path is a new
    section. ends is its last day. Before since nothing changes.

    Example: niwari directory sections sections.csv --dry-run
    """
    with opened() as installation, importing(file) as data:
        ctx = system_context(installation.clock(), "niwari directory sections")
        report = import_sections(ctx, data, dry_run=dry_run)
    done = "would be " if dry_run else ""
    click.echo(
        f"{file.name}: {report.created} sections {done}made, {report.moved} {done}renamed or moved, "
        f"{report.ended} {done}ended, {report.unchanged} unchanged."
    )


@directory_group.command("reindex")
def reindex_command() -> None:
    """Write anew what the search for people looks into; harmless at any time.

    Needed only where rows of people were changed in the database itself.

    Example: niwari directory reindex
    """
    with opened() as installation:
        ctx = system_context(installation.clock(), "niwari directory reindex")
        with progress_bar("people") as progress:
            count = reindex(ctx, progress)
    click.echo(f"{count} people can be found.")


@directory_group.command("import-region")
@click.argument("code")
@click.argument("name")
@csv_file
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The first day of those whose line names none.",
)
def import_region_command(code: str, name: str, file: Path, since: datetime) -> None:
    """Make or complete the region CODE called NAME from a file of its municipalities.

    \b
    Columns, in any order: code,name,since

    Only within a region do municipalities see what others share with the region.

    Example: niwari directory import-region koriyama こおりやま広域圏 towns.csv --since 2026-04-01
    """
    with opened() as installation, importing(file) as data:
        ctx = system_context(installation.clock(), "niwari directory import-region")
        report = load_region(ctx, code, name, data, default_since=since.date())
    click.echo(f"{name}: {report.joined} joined, {report.unchanged} unchanged.")


for _command in (grant_role_command, revoke_role_command, roles_group):
    directory_group.add_command(_command)
