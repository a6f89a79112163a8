"""What the commands that import a file have in common."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

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
    try:
        yield file.read_bytes()
    except ImportRefused as refused:
        for bad in refused.bad_lines:
            place = f"{bad.line}行目 {bad.column}".rstrip()
            click.echo(f"{place}: {bad.reason}", err=True)
        click.echo(f"{file.name}: {refused}", err=True)
        sys.exit(2)
