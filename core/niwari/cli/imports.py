"""What the commands that import a file have in common."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

import click

from niwari.cli.language import reason_of
from niwari.directory.importing.columns import FileColumn, needed, optional
from niwari.directory.importing.planned import OUTCOMES, Change, Plan, Values
from niwari.errors import N_
from niwari.pages.texts import gettext, locale
from niwari.pages.wording import sentence_of
from niwari.tabular import BadLine, ImportRefused, UnreadableFile

MOST_PRINTED = 50
"""How many bad lines, and changes of each outcome, a command prints unless told ``--all``."""

csv_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
)
print_all = click.option(
    "--all",
    "whole",
    is_flag=True,
    help=f"Print all bad lines and changes, not only the first {MOST_PRINTED} of each kind.",
)


def import_help(what: str, columns: Sequence[FileColumn], how: str, example: str) -> str:
    """Return the help of a command that imports a file: what it does, the columns, how, an example."""
    return "\n\n".join((what, _columns_text(columns), how, f"Example: {example}"))


def _columns_text(columns: Sequence[FileColumn]) -> str:
    more = optional(columns)
    listed = [one for one in columns if one.in_header]
    width = max(len(one.name) for one in listed) + 2
    lines = ["Columns, in any order:", f"  {','.join(needed(columns))}"]
    if more:
        lines += ["and, if the file has them:", f"  {','.join(more)}"]
    meanings = [
        f"  {one.name:<{width}}{one.holds.en}{f': {one.example}' if one.example else ''}"
        for one in listed
    ]
    return "\n".join(("\b", *lines, "", "\b", *meanings))


@contextmanager
def importing(
    file: Path, columns: Sequence[FileColumn] = (), *, whole: bool = False
) -> Iterator[bytes]:
    """Read the file for the block that imports it.

    Where it is refused, its bad lines are printed as ``3行目 employment（任用の種類）: …``, the first
    ``MOST_PRINTED`` of them or with ``whole`` all, and the command ends with exit code 2.
    """
    with _telling(file, columns, whole=whole):
        yield file.read_bytes()


@contextmanager
def importing_stream(
    file: Path, columns: Sequence[FileColumn] = (), *, whole: bool = False
) -> Iterator[BinaryIO]:
    """Open the file for a block that reads it as a stream; else what ``importing`` does.

    What can be read only once, like a pipe, is copied to the disk before.
    """
    with _telling(file, columns, whole=whole), file.open("rb") as stream:
        if stream.seekable():
            yield stream
            return
        with TemporaryFile() as copy:
            copyfileobj(stream, copy)
            copy.seek(0)
            yield copy


@contextmanager
def _telling(file: Path, columns: Sequence[FileColumn], *, whole: bool) -> Iterator[None]:
    try:
        yield
    except UnreadableFile as unreadable:
        click.echo(f"{file.name}: {sentence_of(unreadable)}", err=True)
        sys.exit(2)
    except ImportRefused as refused:
        print_lines(refused.bad_lines, columns, whole=whole)
        click.echo(f"{file.name}: {sentence_of(refused)}", err=True)
        sys.exit(2)


def print_lines(
    lines: Sequence[BadLine],
    columns: Sequence[FileColumn] = (),
    *,
    whole: bool = False,
    before: str = "",
) -> None:
    """Print on standard error what is to be said of lines, and how many more there are."""
    labels = {
        one.name: gettext(
            N_("%(column)s（%(label)s）"), column=one.name, label=one.label.text(locale())
        )
        for one in columns
    }
    shown = lines if whole else lines[:MOST_PRINTED]
    for bad in shown:
        place = f"{_line(bad.line)} {labels.get(bad.column, bad.column)}".rstrip()
        click.echo(f"{before}{place}: {reason_of(bad)}", err=True)
    if len(lines) > len(shown):
        click.echo(_and_more(len(lines) - len(shown)), err=True)


def print_changes(plan: Plan, *, whole: bool = False) -> None:
    """Print what an import would do, a line for each change, as ``3行目 added a@town 名前: …``."""
    left = dict.fromkeys(OUTCOMES, len(plan.changes) if whole else MOST_PRINTED)
    for change in plan.changes:
        left[change.outcome] -= 1
        if left[change.outcome] < 0:
            continue
        place = f"{_line(change.line)} " if change.line else ""
        click.echo(f"{place}{change.outcome} {change.subject}: {_said(change)}")
    for outcome, more in left.items():
        if more < 0:
            click.echo(f"{outcome}: {_and_more(-more)}")


def _line(number: int) -> str:
    return gettext(N_("%(line)s行目"), line=number)


def _and_more(count: int) -> str:
    return gettext(N_("ほかに%(count)s件あります（--all ですべて表示）"), count=count)


def _said(change: Change) -> str:
    after = _listed(change.after)
    return f"{_listed(change.before)} → {after}" if change.before else after


def _listed(values: Values) -> str:
    return ", ".join(f"{column}={value}" for column, value in values if value)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Give the block what shows how much (done, of all) is done; nothing where nobody looks."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=hidden) as bar:

        def show(done: int, of_all: int) -> None:
            bar.length = of_all
            bar.update(done - bar.pos)

        yield show
