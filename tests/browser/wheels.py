"""Building a plugin's wheel and installing it where only one test's server finds it.

As whoever makes or runs a plugin does it: with the uv that the environment was made with, and where
there is none, with pip.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

_ENVIRONMENT = Path(__file__).parents[2] / "tools" / "environment.py"

Command = list[str]


def installed_from_wheel(project: Path, folder: Path) -> Path:
    """Build ``project`` in a copy of its own and install the wheel; returns the folder it went to.

    Everything lies below ``folder``, which must be outside the repository. What the plugin requires
    is not installed.
    """
    source = shutil.copytree(project, folder / "source")
    dist, installed = folder / "dist", folder / "installed"
    build, install = _commands()
    _run(build(source, dist))
    (wheel,) = dist.glob("*.whl")
    _run(install(wheel, installed))
    return installed


def _commands() -> tuple[Callable[[Path, Path], Command], Callable[[Path, Path], Command]]:
    environment = _environment()
    try:
        uv = str(environment.get_uv())
    except (environment.UvUnavailableError, environment.SetupError):
        return _pip_commands()
    python = ["--python", sys.executable]

    def build(source: Path, dist: Path) -> Command:
        return [uv, "build", "--quiet", "--wheel", *python, "--out-dir", str(dist), str(source)]

    def install(wheel: Path, to: Path) -> Command:
        target = ["--no-deps", "--target", str(to)]
        return [uv, "pip", "install", "--quiet", *python, *target, str(wheel)]

    return build, install


def _pip_commands() -> tuple[Callable[[Path, Path], Command], Callable[[Path, Path], Command]]:
    # The environment has no pip of its own; the Python that it was made from has.
    base = Path(sys.base_prefix) / ("python.exe" if os.name == "nt" else "bin/python3")
    pip = [str(base), "-m", "pip", "--quiet"]

    def build(source: Path, dist: Path) -> Command:
        return [*pip, "wheel", "--no-deps", "--wheel-dir", str(dist), str(source)]

    def install(wheel: Path, to: Path) -> Command:
        return [*pip, "install", "--no-deps", "--no-index", "--target", str(to), str(wheel)]

    return build, install


def _environment() -> ModuleType:
    spec = importlib.util.spec_from_file_location("niwari_environment", _ENVIRONMENT)
    if spec is None or spec.loader is None:
        raise LookupError(f"{_ENVIRONMENT} is missing")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run(command: Command) -> None:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
