"""Which Python make works with."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools" / "interpreter.py"


@pytest.fixture
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("niwari_interpreter", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("arguments", "prefix", "fast"),
    [
        ("'--prefix=/opt/python' '--enable-shared'", "/opt/python", False),
        ("'--enable-optimizations' '--with-lto'", "/opt/python", True),
        ("'--enable-shared' '--prefix=/usr'", "/usr", True),
    ],
)
def test_a_python_is_optimised_where_it_says_so_or_comes_with_the_system(
    tool: ModuleType, arguments: str, prefix: str, fast: bool
) -> None:
    assert tool.is_optimised(arguments, prefix) is fast


def test_only_one_of_the_same_version_that_can_make_environments_fits(
    tool: ModuleType, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    bare.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -I "$@"\n', encoding="utf-8")
    bare.chmod(0o755)
    version = sys.version_info[:2]
    # That of the environment: the environment itself has no pip.
    own = f"{sys.base_prefix}/bin/python{version[0]}.{version[1]}"
    assert tool.fits(own, version)
    assert not tool.fits(own, (2, 7))
    assert not tool.fits(str(bare), version)
    assert not tool.fits(str(tmp_path / "nothing"), version)


def test_what_is_printed_runs_and_is_of_the_same_version() -> None:
    printed = subprocess.run(
        [sys.executable, str(TOOL)], capture_output=True, text=True, check=True
    ).stdout.strip()
    command = [printed, "-c", "import sys; print(sys.version_info[:2])"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    assert told == str(sys.version_info[:2])
