"""Build an editable wheel (PEP 660) of one of our packages with nothing but Python.

Only for the installation without uv: the packages' own build backend is as much a program for
certain platforms as uv is, so where the one cannot be had the other cannot either.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
import zipfile
from pathlib import Path
from typing import Any


def build(project: Path, into: Path) -> Path:
    """Write a wheel into the folder *into* that puts the folder *project* on the import path.

    Returns the wheel's path. Name, version, dependencies, scripts and entry points are those of
    the project's pyproject.toml, which must state all of them (nothing dynamic).
    """
    meta = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = meta["name"].replace("-", "_")
    stem = f"{name}-{meta['version']}"
    info = f"{stem}.dist-info"
    files = {
        f"_editable_{name}.pth": f"{project}\n",
        f"{info}/METADATA": _metadata(meta),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": _entry_points(meta),
    }
    record = "".join(f"{path},{_hash(text)},{len(text.encode())}\n" for path, text in files.items())
    files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
    wheel = into / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in files.items():
            archive.writestr(path, text)
    return wheel


def _metadata(meta: dict[str, Any]) -> str:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {meta['name']}",
        f"Version: {meta['version']}",
        f"Requires-Python: {meta['requires-python']}",
        *(f"Requires-Dist: {requirement}" for requirement in meta["dependencies"]),
    ]
    return "\n".join(lines) + "\n"


def _entry_points(meta: dict[str, Any]) -> str:
    groups = {"console_scripts": meta.get("scripts", {}), **meta.get("entry-points", {})}
    lines = []
    for group, entries in groups.items():
        lines += [f"[{group}]", *(f"{key} = {value}" for key, value in entries.items())]
    return "\n".join(lines) + "\n"


def _hash(text: str) -> str:
    packed = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return "sha256=" + packed.rstrip(b"=").decode()
