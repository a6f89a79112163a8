"""new-plugin: the project of a plugin, ready to be installed and tested."""

import shlex
from pathlib import Path

import click

from niwari.scaffold.listing import ListColumn, read_list, table_values
from niwari.scaffold.naming import LONGEST_LABEL, Naming
from niwari.scaffold.project import check_target, write_project
from niwari.scaffold.refusals import CannotScaffold
from niwari.scaffold.rendering import Rendered, render
from niwari.texts import is_blank, is_illegible, width_of

_SAID = """\
Wrote the plugin {name} into {folder} ({count} files).

Next:
  pip install -e {install}
  niwari plugins enable {name} --municipality CODE --migrate
A Niwari that is running is restarted once. To try it alone: niwari demo, where it is on everywhere.
Its tests:
  pip install -e {dev} && (cd {here} && pytest && pytest --niwari-conformance {name})"""


_TABLE_SAID = """
The rows of {file} are not in it. Where the plugin is on:
  niwari {name} import {given} --municipality CODE
What its columns take was guessed; see columns.toml, also for better English."""

_VALUES_SAID = """\
The values of these columns were written into columns.toml: {columns}; remove what is personal."""


@click.command("new-plugin")
@click.argument("name")
@click.option("--label-ja", default="", metavar="TEXT", help="What people call it, in Japanese.")
@click.option("--label-en", default="", metavar="TEXT", help="What people call it, in English.")
@click.option(
    "--verb",
    default="help",
    show_default=True,
    metavar="spread|raise|help",
    help="Where it stands in the menu.",
)
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path(),
    metavar="FOLDER",
    help="The folder in which the new folder NAME is made; without it the present one.",
)
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="LIST",
    help="An .xlsx or .csv file: the plugin keeps a list with its columns.",
)
@click.option("--sheet", default="", metavar="NAME", help="The sheet of LIST; else the first.")
@click.option(
    "--column",
    "named",
    multiple=True,
    metavar="HEADING=NAME",
    help="What a column is called in the code, as Serial=serial_no. May be given several times.",
)
def new_plugin(
    name: str,
    label_ja: str,
    label_en: str,
    verb: str,
    into: Path,
    source: Path | None,
    sheet: str,
    named: tuple[str, ...],
) -> None:
    """Write the whole project of a plugin: pages, a form, a table, a card, ja and en, tests.

    It needs no installation, and overwrites nothing. NAME is 2 to 30 lower-case letters, digits and
    underscores. With --from it is a list as a spreadsheet has it, with search, import and download.

    \b
    Example:
      niwari new-plugin tea --label-ja お茶 --label-en Tea
      niwari new-plugin equipment --from 備品一覧.xlsx
    """
    if source is None and (sheet or named):
        raise CannotScaffold("--sheet and --column are about a list; name it with --from LIST")
    naming = Naming.checked(name, ja=label_ja or _label_of(source), en=label_en, verb=verb)
    folder = into / name
    check_target(folder)
    found = () if source is None else _columns(source, sheet, named)
    made = _rendered(naming, found)
    write_project(folder, made.files, naming.package, made.english)
    path = str(folder) if folder.is_absolute() else f"./{folder.as_posix()}"
    install, dev = shlex.quote(path), shlex.quote(f"{path}[dev]")
    click.echo(
        _SAID.format(
            name=name, count=len(made.files), folder=path, install=install, dev=dev, here=install
        )
    )
    if source is not None:
        given = shlex.join([str(source), *(["--sheet", sheet] if sheet else [])])
        click.echo(_TABLE_SAID.format(name=name, file=source.name, given=given))
    if written := "、".join(column.ja for column in found if column.choices):
        click.echo(_VALUES_SAID.format(columns=written))


def _columns(source: Path, sheet: str, named: tuple[str, ...]) -> tuple[ListColumn, ...]:
    return read_list(source, sheet=sheet, names=dict(_split(given) for given in named))


def _rendered(naming: Naming, columns: tuple[ListColumn, ...]) -> Rendered:
    if not columns:
        return render("plugin", naming.values())
    return render("table", {**naming.values(), **table_values(columns)})


def _split(given: str) -> tuple[str, str]:
    heading, sign, name = given.rpartition("=")
    if not sign or not heading.strip():
        raise CannotScaffold(f"--column {given!r}: write it as HEADING=NAME, like Serial=serial_no")
    return heading, name.strip()


def _label_of(source: Path | None) -> str:
    """Return the file's name as a label where it can be one, else nothing."""
    label = " ".join(source.stem.split()) if source else ""
    fits = not is_illegible(label) and not is_blank(label) and width_of(label) <= LONGEST_LABEL
    return label if fits else ""
