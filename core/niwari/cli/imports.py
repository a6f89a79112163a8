"""What the commands that import a file have in common."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, BinaryIO

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


class ChangeList:
    """What an import would do, a line for each change, as ``3行目 added a@town 名前: …``."""

    def __init__(self, lines: IO[str], *, whole: bool) -> None:
        """Put the lines into ``lines``, as ``change_list`` says."""
        self._whole = whole
        self._counts: Counter[str] = Counter()
        self._lines = lines

    def take(self, changes: Iterable[Change]) -> None:
        """Take in some more."""
        for change in changes:
            self._counts[change.outcome] += 1
            if self._whole or self._counts[change.outcome] <= MOST_PRINTED:
                place = f"{_line(change.line)} " if change.line else ""
                said = f"{place}{change.outcome} {change.subject}: {_said(change)}\n"
                self._lines.write(said)

    def print(self) -> None:
        """Print what was taken, and how many more there are of each outcome."""
        self._lines.seek(0)
        for line in self._lines:
            click.echo(line, nl=False)
        for outcome in () if self._whole else OUTCOMES:
            if self._counts[outcome] > MOST_PRINTED:
                click.echo(f"{outcome}: {_and_more(self._counts[outcome] - MOST_PRINTED)}")


@contextmanager
def change_list(*, whole: bool = False) -> Iterator[ChangeList]:
    """Give the block what takes changes as they are found, and prints them after it.

    Where the block raises, as for a file that is refused in the end, nothing is printed. The first
    ``MOST_PRINTED`` changes of each outcome are, or with ``whole`` all.
    """
    with SpooledTemporaryFile(2**20, "w+", encoding="utf-8") as lines:
        listed = ChangeList(lines, whole=whole)
        yield listed
        listed.print()


def print_changes(plan: Plan, *, whole: bool = False) -> None:
    """Print what an import would do, as ``change_list`` does."""
    with change_list(whole=whole) as listed:
        listed.take(plan.changes)


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
