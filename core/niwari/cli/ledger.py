"""ledger explain, close, set-rate, and the imports of work time."""

import json
from datetime import date

import click

from niwari.cli.days import day_option
from niwari.cli.ledger_import import (
    import_leave_command,
    import_leave_units_command,
    import_overtime_command,
    import_patterns_command,
    import_roster_command,
)
from niwari.cli.opening import opened
from niwari.clock import tokyo_day
from niwari.directory.people import municipality_by_code
from niwari.directory.system import system_context
from niwari.ledger import rates
from niwari.ledger.closing.closing import close
from niwari.ledger.closing.due import closing_of
from niwari.ledger.explain import explain
from niwari.ledger.reports.disposed import disposed_label
from niwari.ledger.worktime import PeriodError, parse_period


@click.group("ledger")
def ledger_group() -> None:
    """The ledger of the 20% rule: import work time, explain a month."""


ledger_group.add_command(import_patterns_command)
ledger_group.add_command(import_leave_command)
ledger_group.add_command(import_leave_units_command)
ledger_group.add_command(import_roster_command)
ledger_group.add_command(import_overtime_command)


@ledger_group.command("explain")
@click.argument("login")
@click.argument("period")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
def explain_command(login: str, period: str, as_json: bool) -> None:
    """Explain the allowance of LOGIN in PERIOD, day by day; amounts in minutes.

    PERIOD is a month (2026-11), a week by its first day (2026-09-21), a quarter (FY2026-Q3) or a
    fiscal year (FY2026).

    Example: niwari ledger explain staff@koriyama 2026-11 --json
    """
    with opened():
        try:
            found = explain(login, period)
        except PeriodError as error:
            raise click.BadParameter(str(error), param_hint="PERIOD") from error
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    click.echo(f"{found.login} {found.period.key}")
    if found.disposed is not None:
        click.echo(disposed_label(found.disposed).en)
        return
    click.echo(
        f"base {found.base}  cap {found.cap}  used {found.used}  "
        f"reserved {found.reserved}  free {found.free}"
    )
    if found.travel:
        click.echo(f"travel {found.travel} of used and reserved")
    if found.leave == "long":
        click.echo(
            "Short leave, such as annual leave, is not taken off the base (long_leave_only)."
        )
    for day, minutes, rate, why in found.days:
        click.echo(f"{day}  {minutes:>4}  {rate:>4}  {' '.join(why)}")


@ledger_group.command("close")
@click.argument("code")
@click.argument("period")
def close_command(code: str, period: str) -> None:
    """Close PERIOD of the municipality CODE: what is not recorded lapses, and the base is frozen.

    Goes by batches of people; if it is stopped, run it again and it goes on. Closing twice changes
    nothing. PERIOD is as in "explain".

    Example: niwari ledger close 072036 2026-11
    """
    try:
        wanted = parse_period(period)
    except PeriodError as error:
        raise click.BadParameter(str(error), param_hint="PERIOD") from error
    with opened() as installation:
        now = installation.clock()
        town = municipality_by_code(code, tokyo_day(now))
        ctx = system_context(now, "niwari ledger close", town)
        before = closing_of(town.id, wanted)
        done = before or close(ctx, wanted, _show_progress)
    said = "was closed already" if before else "is closed"
    click.echo(f"{code} {period} {said}: {done.people} people, {done.lapsed} lapsed.")


def _show_progress(done: int, people: int) -> None:
    click.echo(f"{done} of {people} people", err=True)


@ledger_group.command("set-rate")
@click.argument("level", type=click.Choice(("municipality", "section", "person")))
@click.argument("target")
@click.argument("basis_points", type=click.IntRange(0, 2000))
@day_option("--from", "starts_on", required=True, says="The first day.")
@day_option("--to", "ends_on", says="The last day; without it there is none.")
def set_rate(
    level: str, target: str, basis_points: int, starts_on: date, ends_on: date | None
) -> None:
    """Lower the rate of a municipality, a section or a person; 2000 basis points are 20%.

    TARGET is a code (072036), a section (072036:総務部/人事課) or a login.

    Example: niwari ledger set-rate section 072036:総務部/人事課 500 --from 2026-11-01
    """
    with opened() as installation:
        rates.set_rate(installation.clock(), level, target, basis_points, starts_on, ends_on)
    click.echo(f"{level} {target}: {basis_points} basis points from {starts_on}.")
