"""The commands that import work time: patterns, leave, leave by units, roster."""

from pathlib import Path

import click

from niwari.cli.imports import csv_file, importing
from niwari.cli.opening import opened
from niwari.directory.system import system_context
from niwari.ledger.importing import (
    ImportReport,
    import_leave,
    import_leave_units,
    import_patterns,
    import_roster,
)


@click.command("import-patterns")
@csv_file
def import_patterns_command(file: Path) -> None:
    """Import weekly hours (patterns.csv): all of it, or nothing where a line is wrong.

    \b
    Columns, in any order:
      login,from,mon,tue,wed,thu,fri,sat,sun
    A day is like 08:30-12:00 13:00-17:15, or empty.

    Importing the same file again changes nothing. A pattern is valid until the person's next one;
    whoever has none works Monday to Friday, 8:30 to 17:15.

    Example: niwari ledger import-patterns patterns.csv
    """
    with opened() as installation, importing(file) as data:
        ctx = system_context(installation.clock(), "niwari ledger import-patterns")
        report = import_patterns(ctx, data)
    _print(file, report)


@click.command("import-leave")
@csv_file
def import_leave_command(file: Path) -> None:
    """Import leave (leave.csv): all of it, or nothing where a line is wrong.

    \b
    Columns, in any order:
      login,kind,start,end
    Times are local, like 2026-11-04T08:30. Kinds: annual, sick, special, maternity,
    childcare, partial, care, study, grandchild.

    Importing the same file again changes nothing. Another end for the same person, kind and start
    replaces the former one.

    Example: niwari ledger import-leave leave.csv
    """
    with opened() as installation, importing(file) as data:
        ctx = system_context(installation.clock(), "niwari ledger import-leave")
        report = import_leave(ctx, data)
    _print(file, report)


@click.command("import-leave-units")
@csv_file
def import_leave_units_command(file: Path) -> None:
    """Import leave by day and unit: all of it, or nothing where a line is wrong.

    \b
    Columns, in any order:
      login,kind,date,unit
    Units: 1日, 午前, 午後, or whole hours like 2時間. Kinds as in import-leave.

    Hours are taken from the beginning of what is scheduled on that day, so import patterns and
    roster first. Importing the same file again changes nothing; another unit for the same person,
    kind and day replaces the former one.

    Example: niwari ledger import-leave-units leave.csv
    """
    with opened() as installation, importing(file) as data:
        ctx = system_context(installation.clock(), "niwari ledger import-leave-units")
        report = import_leave_units(ctx, data)
    _print(file, report)


@click.command("import-roster")
@csv_file
def import_roster_command(file: Path) -> None:
    """Import single days off the pattern (roster.csv), or nothing where a line is wrong.

    \b
    Columns, in any order:
      login,date,intervals,kind
    Kinds: work, with intervals like 08:30-12:00 13:00-17:15; off, with none.

    A line replaces the pattern, holidays and closures on its day. Importing the same file again
    changes nothing.

    Example: niwari ledger import-roster roster.csv
    """
    with opened() as installation, importing(file) as data:
        ctx = system_context(installation.clock(), "niwari ledger import-roster")
        report = import_roster(ctx, data)
    _print(file, report)


def _print(file: Path, report: ImportReport) -> None:
    click.echo(
        f"{file.name}: {report.added} lines added, {report.changed} changed, "
        f"{report.unchanged} unchanged."
    )
