"""Fetch the few browser files that Niwari ships or tests with, and lay them into the tree.

For developers, with npm; the result is committed, so running Niwari needs neither npm nor a
network:

    python tools/vendor.py

Versions are in tools/vendor/package.json, their checksums in the lock beside it, which names no
host. After changing a version, write the lock anew in tools/vendor:

    npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / "tools/vendor"


@dataclass(frozen=True, slots=True)
class Asset:
    """What is taken of one npm package: `files` by their path in it, `name` of the folder."""

    package: str
    name: str
    licence: str
    files: tuple[str, ...]
    why: str


VENDORED = {
    "core/niwari/web/static/vendor": (
        Asset(
            "@digital-go-jp/design-tokens",
            "design-tokens",
            "MIT",
            ("dist/tokens.css", "LICENSE"),
            "Colours, sizes, radii and shadows of the Digital Agency design system; "
            "every one in our CSS is one of its variables.",
        ),
        Asset(
            "htmx.org",
            "htmx",
            "BSD-0-Clause",
            ("dist/htmx.min.js", "LICENSE"),
            "Swaps parts of a page without a reload. Every journey works without it.",
        ),
    ),
    "core/niwari/testing/vendor": (
        Asset(
            "axe-core",
            "axe-core",
            "MPL-2.0",
            ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"),
            "Checks accessibility (WCAG 2.2 AA) in the browser tests and in the conformance run; "
            "served to nobody. "
            "Its source form (MPL-2.0, 3.2) is at github.com/dequelabs/axe-core.",
        ),
    ),
}

INDEX = """# Vendored files

Copied unchanged by tools/vendor.py from npm packages. Do not edit them; a test compares them
with VENDOR.sha256 (`sha256sum --check VENDOR.sha256`).

| package | version | licence | files | why |
|---|---|---|---|---|
"""


def main() -> None:
    """Install the locked packages in a throw-away folder and rewrite every vendor folder."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(MANIFEST / name, scratch)
        subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=scratch, check=True
        )
        for folder, assets in VENDORED.items():
            rewrite(ROOT / folder, assets, Path(scratch) / "node_modules")
            print(folder)


def rewrite(folder: Path, assets: tuple[Asset, ...], packages: Path) -> None:
    """Replace one vendor folder by its assets, their index and their checksums."""
    shutil.rmtree(folder, ignore_errors=True)
    index = INDEX
    for asset in assets:
        source = packages / asset.package
        facts = json.loads((source / "package.json").read_text(encoding="utf-8"))
        if facts["license"] != asset.licence:
            raise SystemExit(f"{asset.package}: licence is {facts['license']}, mend vendor.py")
        target = folder / f"{asset.name}@{facts['version']}"
        target.mkdir(parents=True)
        for file in asset.files:
            shutil.copyfile(source / file, target / Path(file).name)
        files = ", ".join(f"`{file}`" for file in asset.files)
        index += (
            f"| {asset.package} | {facts['version']} | {asset.licence} | {files} | {asset.why} |\n"
        )
    (folder / "VENDOR.md").write_text(index, encoding="utf-8", newline="\n")
    (folder / "VENDOR.sha256").write_text(checksums(folder), encoding="utf-8", newline="\n")


def checksums(folder: Path) -> str:
    """A line for `sha256sum --check` for each file below `folder`, in order of path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    )


if __name__ == "__main__":
    try:
        main()
    except (FileNotFoundError, subprocess.CalledProcessError) as problem:
        sys.exit(f"vendor.py: {problem}")
