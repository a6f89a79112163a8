"""Office files: whether they are what they say, without programs in them, and small when opened.

Nothing of them is unpacked but the list of their parts' types.
"""

import zlib
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from niwari.files.errors import Locked, Macros, OtherContent, Unpacked, Unreadable
from niwari.files.kinds import DOCX, PPTX, XLSX, FileKind

MOST_UNPACKED: Final = 200 * 2**20
"""Bytes that the parts of an office file may have together, as its directory says."""

COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How files of the old formats begin, and those with a password."""

_MOST_PARTS = 5_000
_TYPES = "[Content_Types].xml"
_LARGEST_LIST = 2**20
_MAIN: Final = {
    DOCX.media_type: "word/document.xml",
    XLSX.media_type: "xl/workbook.xml",
    PPTX.media_type: "ppt/presentation.xml",
}
_PROGRAMS = ("vbaproject", "vbadata", "activex", "macrosheets", "dialogsheets")
_MACROS = (b"macroenabled", b"vbaproject", b"activex", b"ms-excel.macrosheet")
_ENCRYPTED = 0x1


def check_office(name: str, kind: FileKind, data: bytes) -> None:
    """Check an office file of the type ``kind``.

    Raises ``Locked``, ``OtherContent``, ``Macros``, ``Unpacked`` or ``Unreadable``.
    """
    if data.startswith(COMPOUND):
        raise Locked(name=name)
    try:
        with ZipFile(BytesIO(data)) as archive:
            _check_parts(name, kind, archive)
            types = _types(name, archive)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        raise Unreadable(name=name) from None
    if any(mark in types.lower() for mark in _MACROS):
        raise Macros(name=name)


def _check_parts(name: str, kind: FileKind, archive: ZipFile) -> None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if not {_TYPES, _MAIN[kind.media_type]} <= set(names):
        raise OtherContent(name=name)
    if any(program in part.lower() for part in names for program in _PROGRAMS):
        raise Macros(name=name)
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Locked(name=name)
    if len(parts) > _MOST_PARTS or len(set(names)) < len(names) or not _is_whole(archive, parts):
        raise Unreadable(name=name)
    # Of the others Python unpacks more than it is asked for, and says in its own words that they are
    # damaged; office programs write none of them.
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise Unreadable(name=name)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unpacked(name=name, limit=MOST_UNPACKED // 2**20)


def _is_whole(archive: ZipFile, parts: list[ZipInfo]) -> bool:
    """Tell whether the archive is the whole file: nothing before it, nothing said behind it."""
    return not archive.comment and min(part.header_offset for part in parts) == 0


def _types(name: str, archive: ZipFile) -> bytes:
    with archive.open(_TYPES) as stream:
        types = stream.read(_LARGEST_LIST + 1)
    if len(types) > _LARGEST_LIST:
        raise Unreadable(name=name)
    return types
