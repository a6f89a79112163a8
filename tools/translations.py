"""Renew the message catalogues of the core and of every plugin, and compile them.

    .venv/bin/python tools/translations.py            extract, update, compile
    .venv/bin/python tools/translations.py --check    fail when a text is missing or a .mo is stale

The msgid is the Japanese sentence; only English needs a catalogue.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def packages() -> list[Path]:
    """Return the packages that have texts: the core's, then each plugin's."""
    plugins = sorted(p.parent for p in ROOT.glob("plugins/*/*/plugin.toml"))
    return [ROOT / "core" / "niwari", *plugins]


def extracted(package: Path) -> Catalog:
    """Return all msgids of a package."""
    catalog = Catalog(project=package.name, version="", charset="utf-8")
    found = extract_from_dir(
        str(package), METHODS, {"**/templates/**.html": {"encoding": "utf-8"}}, KEYWORDS
    )
    for filename, _line, message, comments, context in found:
        catalog.add(message, locations=[(filename, 0)], auto_comments=comments, context=context)
    return catalog


def updated(package: Path) -> Catalog:
    """Return the English catalogue with exactly the msgids that the sources have."""
    path = package / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    present = Catalog(locale="en")
    if path.exists():
        with path.open("rb") as file:
            present = read_po(file, locale="en")
    catalog = Catalog(
        locale="en",
        project=package.name,
        version="",
        header_comment=f"# English texts of {package.name}; the msgid is the Japanese sentence.",
        # A fixed date: the same texts make the same file.
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        last_translator="The Niwari contributors",
        language_team="en",
        charset="utf-8",
        fuzzy=False,
    )
    for message in sorted((m for m in extracted(package) if m.id), key=lambda m: str(m.id)):
        known = present.get(message.id)
        files = sorted({name for name, _ in message.locations})
        catalog.add(
            message.id,
            known.string if known else None,
            locations=[(name, None) for name in files],
            flags=message.flags,
        )
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """Return the msgids without an English text."""
    gaps = []
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(texts):
            gaps.append(str(message.id))
    return gaps


def main(check: bool) -> int:
    """Renew or check; 1 when something is missing or stale."""
    failed = False
    for package in packages():
        folder = package / "translations" / "en" / "LC_MESSAGES"
        catalog = updated(package)
        po, mo = io.BytesIO(), io.BytesIO()
        write_po(po, catalog, omit_header=False, width=100, no_location=False, include_lineno=False)
        write_mo(mo, catalog)
        for gap in missing(catalog):
            print(f"{package.name}: no English text for: {gap}")
            failed = True
        target = folder / "messages.mo"
        if check:
            if not target.exists() or target.read_bytes() != mo.getvalue():
                print(f"{package.name}: messages.mo is stale; run tools/translations.py")
                failed = True
            continue
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "messages.po").write_bytes(po.getvalue())
        target.write_bytes(mo.getvalue())
    return int(failed)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
