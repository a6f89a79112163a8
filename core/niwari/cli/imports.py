"""What the commands that import a file have in common."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import BinaryIO

import click

from niwari.directory.importing.planned import Change, Plan, Values
from niwari.tabular import ImportRefused

csv_file = click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
)


@contextmanager
def importing(file: Path) -> Iterator[bytes]:
    """Read the file for the block that imports it.

    Where it is refused, every bad line is printed as ``3行目 employment: …``, and the command ends
    with exit code 2.
    """
    with _telling(file):
        yield file.read_bytes()


@contextmanager
def importing_stream(file: Path) -> Iterator[BinaryIO]:
    """Open the file for a block that reads it as a stream; else what ``importing`` does.

    What can be read only once, like a pipe, is copied to the disk before.
    """
    with _telling(file), file.open("rb") as stream:
        if stream.seekable():
            yield stream
            return
        with TemporaryFile() as copy:
            copyfileobj(stream, copy)
            copy.seek(0)
            yield copy


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    try:
        yield
    except ImportRefused as refused:
        for bad in refused.bad_lines:
            place = f"{bad.line}行目 {bad.column}".rstrip()
            click.echo(f"{place}: {bad.reason}", err=True)
        click.echo(f"{file.name}: {refused}", err=True)
        sys.exit(2)


def print_changes(plan: Plan) -> None:
    """Print what an import would do, a line for each change, as ``3行目 added a@town 名前: …``."""
    for change in plan.changes:
        place = f"{change.line}行目 " if change.line else ""
        click.echo(f"{place}{change.outcome} {change.subject}: {_said(change)}")


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
