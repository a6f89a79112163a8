"""The commands that import work time: patterns, leave, leave by units, roster; and overtime."""

from collections.abc import Sequence
from pathlib import Path

import click

from niwari.cli.imports import (
    csv_file,
    import_help,
    importing,
    print_all,
    print_changes,
    print_lines,
)
from niwari.cli.opening import opened
from niwari.directory.importing.columns import FileColumn
from niwari.directory.importing.planned import Planner, carry_out
from niwari.directory.system import system_context
from niwari.errors import N_
from niwari.ledger.importing import (
    plan_leave,
    plan_leave_units,
    plan_overtime,
    plan_patterns,
    plan_roster,
)
from niwari.ledger.importing.columns import LEAVE, LEAVE_UNITS, OVERTIME, PATTERNS, ROSTER
from niwari.pages.texts import gettext


def _import_command(
    name: str, planner: Planner, columns: Sequence[FileColumn], what: str, how: str, example: str
) -> click.Command:
    """Return the command ``name``; ``what`` and ``how`` are its help, before and after the columns."""

    @click.command(name, help=import_help(what, columns, how, example))
    @csv_file
    @click.option("--dry-run", is_flag=True, help="Check the file and list what would change.")
    @print_all
    def command(file: Path, dry_run: bool, whole: bool) -> None:
        with opened() as installation, importing(file, columns, whole=whole) as data:
            ctx = system_context(installation.clock(), f"niwari ledger {name}")
            plan = carry_out(ctx, planner, data, dry_run=dry_run)
            if dry_run:
                print_changes(plan, whole=whole)
            print_lines(plan.remarks(), columns, whole=whole, before=gettext(N_("注意：")))
        done = "would be " if dry_run else ""
        click.echo(
            f"{file.name}: {plan.counts['added']} lines {done}added, "
            f"{plan.counts['changed']} {done}changed, {plan.unchanged} unchanged."
        )

    return command


import_patterns_command = _import_command(
    "import-patterns",
    plan_patterns,
    PATTERNS,
    "Import weekly hours (patterns.csv): all of it, or nothing where a line is wrong.",
    "Importing the same file again changes nothing. A pattern is valid until the person's next one; "
    "whoever has none works Monday to Friday, 8:30 to 17:15.",
    "niwari ledger import-patterns patterns.csv",
)

import_leave_command = _import_command(
    "import-leave",
    plan_leave,
    LEAVE,
    "Import leave (leave.csv): all of it, or nothing where a line is wrong.",
    "Importing the same file again changes nothing. Another end for the same person, kind and start "
    "replaces the former one. Leave on days without work is taken and counts 0; its lines are named.",
    "niwari ledger import-leave leave.csv",
)

import_leave_units_command = _import_command(
    "import-leave-units",
    plan_leave_units,
    LEAVE_UNITS,
    "Import leave by day and unit: all of it, or nothing where a line is wrong.",
    "Hours are taken from the beginning of what is scheduled on that day, so import patterns and "
    "roster first. Importing the same file again changes nothing; another unit for the same person, "
    "kind and day replaces the former one. Leave on days without work is taken and counts 0; its "
    "lines are named.",
    "niwari ledger import-leave-units leave.csv",
)

import_roster_command = _import_command(
    "import-roster",
    plan_roster,
    ROSTER,
    "Import single days off the pattern (roster.csv), or nothing where a line is wrong.",
    "A line replaces the pattern, holidays and closures on its day. Importing the same file again "
    "changes nothing.",
    "niwari ledger import-roster roster.csv",
)

import_overtime_command = _import_command(
    "import-overtime",
    plan_overtime,
    OVERTIME,
    "Import overtime by month (overtime.csv): all of it, or nothing where a line is wrong.",
    "It stands beside the 20% in reports and changes no allowance. Importing the same file again "
    "changes nothing; other minutes for the same person and month replace the former ones.",
    "niwari ledger import-overtime overtime.csv",
)
