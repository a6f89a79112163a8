"""The English catalogue of a package: its texts gathered, kept in step with the sources, compiled.

The msgid is the Japanese sentence, so only English needs a catalogue. It lies in the package as
``translations/en/LC_MESSAGES/messages.po``, which people edit, and ``messages.mo``, which is read.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tokenize import TokenError

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import TemplateSyntaxError

FOLDER = Path("translations", "en", "LC_MESSAGES")
"""Where the catalogue lies in its package."""

English = Mapping[str, str | Sequence[str]]
"""English texts by msgid; of a plural by its singular, as both forms."""

_KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
}
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
# Not silent: a template that cannot be parsed must stop here, not lose its texts.
_OPTIONS = {"**/templates/**.html": {"encoding": "utf-8", "silent": "false"}}
# A fixed date: the same texts make the same file.
_DATE = datetime(2026, 1, 1, tzinfo=UTC)


class _Catalogue(Catalog):
    """A catalogue that does not say which version of Babel wrote it, so it is the same from all."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's lines, the last with the line break that ends them."""
        lines = [line for line in super().mime_headers if line[0] != "Generated-By"]
        return [*lines[:-1], (lines[-1][0], f"{lines[-1][1]}\n")]


def updated(package: Path, english: English | None = None) -> Catalog:
    """Return the English catalogue with exactly the msgids that the sources of ``package`` have.

    What the present ``messages.po`` says is kept, its header too; ``english`` gives more. Raises
    ``SyntaxError`` naming a source that cannot be read.
    """
    present = _present(package)
    catalog = _empty(package, present)
    for message in sorted((m for m in _extracted(package) if m.id), key=first_id):
        known = present.get(message.id) if present else None
        text = known.string if known else (english or {}).get(first_id(message))
        catalog.add(
            message.id,
            text if text is None or isinstance(text, str) else tuple(text),
            locations=[(name, 0) for name in sorted({name for name, _ in message.locations})],
            flags=message.flags,
        )
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """Return the msgids without an English text."""
    gaps = []
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(texts):
            gaps.append(first_id(message))
    return gaps


def written(catalog: Catalog) -> dict[str, bytes]:
    """Return what the two files of a catalogue have to hold, by name."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, omit_header=False, width=100, no_location=False, include_lineno=False)
    write_mo(mo, catalog)
    return {"messages.po": po.getvalue(), "messages.mo": mo.getvalue()}


def stale(package: Path, catalog: Catalog) -> list[str]:
    """Return the names of the package's files that are not as ``renew`` would write them."""
    return [
        name
        for name, content in written(catalog).items()
        if not (package / FOLDER / name).exists()
        or (package / FOLDER / name).read_bytes() != content
    ]


def renew(package: Path, english: English | None = None) -> list[str]:
    """Write both files of ``package`` anew; returns the msgids that lack an English text.

    A package without any text gets no catalogue.
    """
    catalog = updated(package, english)
    if len(catalog):
        (package / FOLDER).mkdir(parents=True, exist_ok=True)
        for name, content in written(catalog).items():
            (package / FOLDER / name).write_bytes(content)
    return missing(catalog)


def first_id(message: Message) -> str:
    """Return the msgid, of a plural the singular."""
    return message.id if isinstance(message.id, str) else str(message.id[0])


def _extracted(package: Path) -> Catalog:
    catalog = Catalog(charset="utf-8")
    reading = [""]

    def note(filename: str, _method: str, _options: Mapping[str, object]) -> None:
        reading[0] = filename

    found = extract_from_dir(str(package), _METHODS, _OPTIONS, _KEYWORDS, callback=note)
    try:
        for filename, _line, message, comments, context in found:
            catalog.add(message, locations=[(filename, 0)], auto_comments=comments, context=context)
    except (SyntaxError, TemplateSyntaxError, TokenError, UnicodeDecodeError) as error:
        raise SyntaxError(f"{reading[0]} cannot be read: {error}") from error
    return catalog


def _present(package: Path) -> Catalog | None:
    path = package / FOLDER / "messages.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale="en")


def _empty(package: Path, present: Catalog | None) -> Catalog:
    """Return a catalogue without messages, with the header of the present one."""
    return _Catalogue(
        locale="en",
        project=present.project if present else package.name,
        version=present.version if present else "of this tree",
        msgid_bugs_address=present.msgid_bugs_address if present else "see README.md",
        header_comment=f"# English texts of {package.name}; the msgid is the Japanese sentence.",
        creation_date=_DATE,
        revision_date=_DATE,
        last_translator=present.last_translator if present else "The contributors",
        language_team="en",
        charset="utf-8",
        fuzzy=False,
    )
