"""Write the lock files: requirements.lock, requirements-dev.lock, tools/requirements-uv.lock.

``python3 tools/lock.py`` adds what pyproject.toml newly asks for and keeps every other version;
``--upgrade`` takes the newest that is allowed. All platforms and Python versions are covered by
one file, and every archive is pinned by its hash. No file may name a registry's host.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

from environment import (
    LOCKS,
    ROOT,
    UV_LOCK,
    SetupError,
    UvUnavailableError,
    get_uv,
    packages,
    pip_settings,
    uv_environment,
)

# A folder or a second index of this machine may hold archives that nobody else can get.
LOCAL_ONLY = {"extra-index-url", "find-links", "no-index"}


def main() -> int:
    """The command line; 1 with one sentence on standard error when a lock cannot be written."""
    parser = argparse.ArgumentParser(description="Write the lock files.")
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    projects = [str((p / "pyproject.toml").relative_to(ROOT)) for p in packages()]
    own = [flag for name in _names() for flag in ("--no-emit-package", name)]
    runtime, dev = (str(path.relative_to(ROOT)) for path in LOCKS.values())
    try:
        _compile([*upgrade, *projects, *own, "--group", "pyproject.toml:dev", "--output-file", dev])
        # What is run is what was tested: the runtime set takes its versions from the test set.
        _compile([*projects, *own, "--constraint", dev, "--output-file", runtime])
        uv = str(UV_LOCK.relative_to(ROOT))
        _compile([*upgrade, "-", "--no-deps", "--output-file", uv], _uv_requirement())
        for path in [*LOCKS.values(), UV_LOCK]:
            if "://" in path.read_text(encoding="utf-8"):
                raise SetupError(f"{path} names a host: write the requirement without an address.")
    except (SetupError, UvUnavailableError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _compile(arguments: list[str], text: str | None = None) -> None:
    pip = {key: value for key, value in pip_settings().items() if key not in LOCAL_ONLY}
    command = [str(get_uv()), "pip", "compile", "--quiet", "--universal", "--python-version"]
    command += ["3.11", "--generate-hashes", "--no-header", "--no-annotate", *arguments]
    environment = uv_environment(pip, dict(os.environ))
    if subprocess.run(command, cwd=ROOT, env=environment, input=text, text=True).returncode:
        raise SetupError("the versions could not be resolved, see above.")


def _names() -> list[str]:
    return [_pyproject(folder)["project"]["name"] for folder in packages()]


def _uv_requirement() -> str:
    # uv builds our packages with the backend it carries, if that is in the range they ask for.
    (backend,) = _pyproject(packages()[0])["build-system"]["requires"]
    return str(backend).replace("uv_build", "uv", 1)


def _pyproject(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
