"""What the tests of the scaffold share: the command, and what is installed beside it."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from niwari.cli.main import main

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run() -> Run:
    """Run ``niwari`` with words; returns the exit code and all that it said."""

    def words(*said: object) -> tuple[int, str]:
        result = CliRunner().invoke(main, [str(word) for word in said])
        return result.exit_code, result.output

    return words


@pytest.fixture
def write_csv_list(tmp_path: Path) -> Callable[..., Path]:
    """Write a list as an office keeps it; returns its path."""

    def write(lines: Sequence[str], name: str = "備品一覧.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


@pytest.fixture
def on_path(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Let packages in a folder be found, as after their installation."""

    def put(folder: Path) -> None:
        monkeypatch.setattr(sys, "path", [str(folder), *sys.path])

    return put
