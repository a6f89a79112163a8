"""Renew the message catalogues of the core and of every plugin, and compile them.

    .venv/bin/python tools/translations.py            extract, update, compile
    .venv/bin/python tools/translations.py --check    fail when a text is missing or a file is stale

The msgid is the Japanese sentence; only English needs a catalogue. Authors of plugins elsewhere have
``niwari translate FOLDER``.
"""

import sys
from pathlib import Path

from niwari.scaffold.catalogue import FOLDER, missing, renew, stale, updated, written

__all__ = ["FOLDER", "main", "missing", "packages", "stale", "updated", "written"]

ROOT = Path(__file__).resolve().parent.parent


def packages() -> list[Path]:
    """Return the packages that have texts: the core's, then each plugin's."""
    plugins = sorted(p.parent for p in ROOT.glob("plugins/*/*/plugin.toml"))
    return [ROOT / "core" / "niwari", *plugins]


def main(check: bool) -> int:
    """Renew or check; 1 when something is missing or stale."""
    failed = False
    for package in packages():
        for gap in missing(updated(package)) if check else renew(package):
            print(f"{package.name}: no English text for: {gap}")
            failed = True
        for name in stale(package, updated(package)) if check else ():
            print(f"{package.name}: {name} is stale; run tools/translations.py")
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
