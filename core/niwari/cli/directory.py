"""directory import, import-region."""

from datetime import date
from pathlib import Path

import click

from niwari.cli.days import day_option
from niwari.cli.imports import (
    change_list,
    csv_file,
    import_help,
    importing,
    importing_stream,
    print_all,
    print_changes,
    progress_bar,
)
from niwari.cli.municipalities import (
    merge_command,
    remove_municipality_command,
    remove_region_command,
    rename_command,
)
from niwari.cli.opening import opened
from niwari.cli.roles import grant_role_command, revoke_role_command, roles_group
from niwari.directory.importing import import_people
from niwari.directory.importing.columns import PEOPLE, SECTIONS, TOWNS
from niwari.directory.importing.planned import carry_out
from niwari.directory.importing.sections import plan_sections
from niwari.directory.regions import load_region
from niwari.directory.registered import full_name
from niwari.directory.search.indexing import reindex
from niwari.directory.system import system_context


@click.group("directory")
def directory_group() -> None:
    """Load people, their sections and their heads."""


for _command in (
    merge_command,
    rename_command,
    remove_municipality_command,
    remove_region_command,
):
    directory_group.add_command(_command)


@directory_group.command(
    "import",
    help=import_help(
        "Import people.csv (UTF-8, CP932, or xlsx): all of it, or nothing where a line is wrong.",
        PEOPLE,
        "Importing the same file again changes nothing. Whoever appears in a new section leaves the "
        "former one the day before; name both lines for concurrent posts, the main one first. "
        "Sections that are not there yet are made; municipalities come by import-region, or with "
        "--new-municipalities.",
        "niwari directory import people.csv --dry-run",
    ),
)
@csv_file
@click.option("--dry-run", is_flag=True, help="Check the file and list what would change.")
@click.option(
    "--new-municipalities",
    is_flag=True,
    help="Register municipalities that are new here; without it their lines are refused.",
)
@print_all
def import_command(file: Path, dry_run: bool, new_municipalities: bool, whole: bool) -> None:
    """Import people, or list what would change."""
    with opened() as installation, importing_stream(file, PEOPLE, whole=whole) as stream:
        ctx = system_context(installation.clock(), "niwari directory import")
        with change_list(whole=whole) as listed, progress_bar("lines") as progress:
            report = import_people(
                ctx,
                stream,
                dry_run=dry_run,
                new_municipalities=new_municipalities,
                progress=progress,
                tell=listed.take if dry_run else None,
            )
    done = "would be " if dry_run else ""
    for code in report.new_municipalities:
        click.echo(f"New municipality: {code} {full_name(code)} {done}registered.")
    click.echo(
        f"{file.name}: {report.added} lines {done}added, {report.changed} {done}changed, "
        f"{report.unchanged} unchanged; {report.ended} former posts {done}ended."
    )


@directory_group.command(
    "sections",
    help=import_help(
        "Make, rename, move and end sections by sections.csv: all of it, or nothing.",
        SECTIONS,
        "Before since nothing changes. What stands below a section goes along.",
        "niwari directory sections sections.csv --dry-run",
    ),
)
@csv_file
@click.option("--dry-run", is_flag=True, help="Check the file and list what would change.")
@print_all
def sections_command(file: Path, dry_run: bool, whole: bool) -> None:
    """Import changes of sections, or list what would change."""
    with opened() as installation, importing(file, SECTIONS, whole=whole) as data:
        ctx = system_context(installation.clock(), "niwari directory sections")
        plan = carry_out(ctx, plan_sections, data, dry_run=dry_run)
    if dry_run:
        print_changes(plan, whole=whole)
    done = "would be " if dry_run else ""
    click.echo(
        f"{file.name}: {plan.counts['added']} sections {done}made, "
        f"{plan.counts['changed']} {done}renamed or moved, "
        f"{plan.counts['ended']} {done}ended, {plan.unchanged} unchanged."
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


@directory_group.command(
    "import-region",
    help=import_help(
        "Make or complete the region CODE called NAME from a file of its municipalities.",
        TOWNS,
        "Only within a region do municipalities see what others share with the region.",
        "niwari directory import-region koriyama こおりやま広域圏 towns.csv --since 2026-04-01",
    ),
)
@click.argument("code")
@click.argument("name")
@csv_file
@day_option("--since", required=True, says="The first day of those whose line names none.")
@print_all
def import_region_command(code: str, name: str, file: Path, since: date, whole: bool) -> None:
    """Load a region."""
    with opened() as installation, importing(file, TOWNS, whole=whole) as data:
        ctx = system_context(installation.clock(), "niwari directory import-region")
        report = load_region(ctx, code, name, data, default_since=since)
    click.echo(f"{name}: {report.joined} joined, {report.unchanged} unchanged.")


for _command in (grant_role_command, revoke_role_command, roles_group):
    directory_group.add_command(_command)
