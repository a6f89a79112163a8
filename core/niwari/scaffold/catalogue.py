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
from babel.messages.pofile import PoFileError, read_po, write_po
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

    What the present ``messages.po`` says is kept, with its header and the comments of who translated;
    ``english`` gives more. The English of a text that was one sentence and has a plural now, or the
    other way round, falls away. Raises ``SyntaxError`` naming a source, or ``messages.po``, that
    cannot be read.
    """
    present = _present(package)
    catalog = _empty(package, present)
    for message in sorted((m for m in _extracted(package) if m.id), key=first_id):
        known = present.get(message.id) if present else None
        given = (english or {}).get(first_id(message))
        catalog.add(
            message.id,
            _fitting(message, known.string if known else None) or _fitting(message, given),
            locations=[(name, 0) for name in sorted({name for name, _ in message.locations})],
            flags=message.flags,
            user_comments=known.user_comments if known else (),
        )
    return catalog


def _fitting(message: Message, text: str | Sequence[str] | None) -> str | tuple[str, ...] | None:
    """Return the English for a message; ``None`` where it has the other form, or says nothing."""
    if text is None or not any(text) or isinstance(text, str) != isinstance(message.id, str):
        return None
    return text if isinstance(text, str) else tuple(text)


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
    try:
        with path.open("rb") as file:
            return read_po(file, locale="en", abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, LookupError) as error:
        raise SyntaxError(
            f"{(FOLDER / path.name).as_posix()} cannot be read: {error}; it has to be UTF-8, with a "
            "msgid and its msgstr in turn"
        ) from error


def _empty(package: Path, present: Catalog | None) -> Catalog:
    """Return a catalogue without messages, with the header of the present one."""
    return _Catalogue(
        locale="en",
        project=present.project if present else package.name,
        version=present.version if present else "of this tree",
        msgid_bugs_address=present.msgid_bugs_address if present else "see README.md",
        header_comment=(present.header_comment if present else "")
        or f"# English texts of {package.name}; the msgid is the Japanese sentence.",
        creation_date=_DATE,
        revision_date=_DATE,
        last_translator=present.last_translator if present else "The contributors",
        language_team="en",
        charset="utf-8",
        fuzzy=False,
    )
