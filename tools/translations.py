"""Renew the message catalogues of the core and of every plugin, and compile them.

    .venv/bin/python tools/translations.py            extract, update, compile
    .venv/bin/python tools/translations.py --check    fail when a text is missing or a file is stale

The msgid is the Japanese sentence; only English needs a catalogue.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("translations", "en", "LC_MESSAGES")
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# Not silent: a template that cannot be parsed must stop the tool, not lose its texts.
OPTIONS = {"**/templates/**.html": {"encoding": "utf-8", "silent": "false"}}


def packages() -> list[Path]:
    """Return the packages that have texts: the core's, then each plugin's."""
    plugins = sorted(p.parent for p in ROOT.glob("plugins/*/*/plugin.toml"))
    return [ROOT / "core" / "niwari", *plugins]


def extracted(package: Path) -> Catalog:
    """Return all msgids of a package."""
    catalog = Catalog(charset="utf-8")
    found = extract_from_dir(str(package), METHODS, OPTIONS, KEYWORDS)
    for filename, _line, message, comments, context in found:
        catalog.add(message, locations=[(filename, 0)], auto_comments=comments, context=context)
    return catalog


def first_id(message: Message) -> str:
    """Return the msgid, of a plural the singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def updated(package: Path) -> Catalog:
    """Return the English catalogue with exactly the msgids that the sources have."""
    path = package / FOLDER / "messages.po"
    present = Catalog(locale="en")
    if path.exists():
        with path.open("rb") as file:
            present = read_po(file, locale="en")
    catalog = Catalog(
        locale="en",
        project=package.name,
        version="of this tree",
        msgid_bugs_address="see CONTRIBUTING.md",
        header_comment=f"# English texts of {package.name}; the msgid is the Japanese sentence.",
        # A fixed date: the same texts make the same file.
        creation_date=datetime(2026, 1, 1, tzinfo=UTC),
        revision_date=datetime(2026, 1, 1, tzinfo=UTC),
        last_translator="The Niwari contributors",
        language_team="en",
        charset="utf-8",
        fuzzy=False,
    )
    for message in sorted((m for m in extracted(package) if m.id), key=first_id):
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


def written(catalog: Catalog) -> dict[str, bytes]:
    """Return what the two files of a catalogue have to hold, by name."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, omit_header=False, width=100, no_location=False, include_lineno=False)
    write_mo(mo, catalog)
    return {"messages.po": po.getvalue(), "messages.mo": mo.getvalue()}


def stale(package: Path, catalog: Catalog) -> list[str]:
    """Return the names of the package's files that are not as the tool would write them."""
    return [
        name
        for name, content in written(catalog).items()
        if not (package / FOLDER / name).exists()
        or (package / FOLDER / name).read_bytes() != content
    ]


def main(check: bool) -> int:
    """Renew or check; 1 when something is missing or stale."""
    failed = False
    for package in packages():
        catalog = updated(package)
        for gap in missing(catalog):
            print(f"{package.name}: no English text for: {gap}")
            failed = True
        if check:
            for name in stale(package, catalog):
                print(f"{package.name}: {name} is stale; run tools/translations.py")
                failed = True
            continue
        (package / FOLDER).mkdir(parents=True, exist_ok=True)
        for name, content in written(catalog).items():
            (package / FOLDER / name).write_bytes(content)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
