"""Whether a file is an Excel book that is safe to open: looked at before anything is unpacked."""

import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from niwari.errors import N_
from niwari.tabular.elements import DAMAGED, check_elements, chunks, weight_of
from niwari.tabular.limits import Limits, UnreadableFile

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_XML = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_MOST_PARTS = 2_000
# Every sheet costs a look at its part, and several sheets may name the same one.
_LOOKS = 10
_LOOKS_AT_ELEMENTS = 5


def is_book(data: bytes) -> bool:
    """Tell whether ``data`` is meant to be an Excel book, of whatever age."""
    return data.startswith((_ZIP, _COMPOUND))


def check_book(data: bytes, limits: Limits) -> None:
    """Raise ``UnreadableFile`` for a book that is old, locked, damaged, or unpacks to too much.

    What the archive says of its parts' sizes can be relied on: no part is unpacked further.
    """
    if data.startswith(_COMPOUND):
        if _ENCRYPTED in data:
            raise UnreadableFile(
                N_("パスワードの付いたブックです。パスワードを外して保存し直してください。")
            )
        raise UnreadableFile(
            N_("古い形式（.xls）のブックです。Excelブック（.xlsx）で保存し直してください。")
        )
    try:
        with ZipFile(BytesIO(data)) as archive:
            _check_parts(archive, limits)
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        raise UnreadableFile(DAMAGED) from None


def _check_parts(archive: ZipFile, limits: Limits) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise UnreadableFile(
            N_("バイナリ形式（.xlsb）のブックです。Excelブック（.xlsx）で保存し直してください。")
        )
    if "[Content_Types].xml" not in names:
        raise UnreadableFile(
            N_("Excelのブックではありません。Excelブック（.xlsx）か CSV で保存し直してください。")
        )
    if len(parts) > _MOST_PARTS or len(names) < len(parts):
        raise UnreadableFile(DAMAGED)
    # Of the others Python unpacks more than it is asked for; Excel writes none of them.
    if any(part.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for part in parts):
        raise UnreadableFile(DAMAGED)
    if sum(part.file_size for part in parts) > limits.unpacked:
        raise UnreadableFile(
            N_(
                "ブックの中身が大きすぎます（%(limit)sMBまで）。"
                "要らないシートや画像を消して保存し直してください。"
            ),
            limit=limits.unpacked // 2**20,
        )
    _check_content(archive, parts, limits)


def _check_content(archive: ZipFile, parts: list[ZipInfo], limits: Limits) -> None:
    sheets, weight, heaviest = 0, 0, 0
    for part in parts:
        if not _is_xml(archive, part):
            continue
        of_part = 0
        for names in _elements(archive, part):
            sheets += names[b"sheet"]
            of_part += weight_of(names)
            check_elements(weight + of_part, limits)
        weight, heaviest = weight + of_part, max(heaviest, of_part)
    largest = max(part.file_size for part in parts)
    if (
        sheets * largest > _LOOKS * limits.unpacked
        or sheets * heaviest > _LOOKS_AT_ELEMENTS * limits.elements
    ):
        raise UnreadableFile(N_("シートが多すぎます。要るシートだけを別のブックにしてください。"))


def _is_xml(archive: ZipFile, part: ZipInfo) -> bool:
    """Tell whether a part can be read as XML, whatever it is called: a book may name it a sheet."""
    if part.filename.lower().endswith((".xml", ".rels")):
        return True
    with archive.open(part) as stream:
        head = stream.read(64)
    if head and not head.strip(b"\0"):  # the settings of a printer without a name
        return False
    # UTF-16 needs no mark: its tags are those of ASCII with NULs between them.
    head = head.replace(b"\0", b"").lstrip()
    return not head or head.startswith(_XML)


def _elements(archive: ZipFile, part: ZipInfo) -> Iterator[Counter[bytes]]:
    """Yield the elements of a part of the book; refuses a part that declares entities.

    Excel writes no document type; with one, a few bytes can stand for gigabytes.
    """
    with archive.open(part) as stream:
        prolog: expat.XMLParserType | None = _prolog_parser()
        for chunk, names in chunks(stream):
            if prolog is not None:
                prolog = _still_before_content(prolog, chunk)
            yield names


class _ContentBegins(Exception):
    pass


def _prolog_parser() -> "expat.XMLParserType":
    parser = expat.ParserCreate()
    parser.XmlDeclHandler = _check_encoding
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = _stop
    return parser


def _check_encoding(version: str, encoding: str | None, standalone: int) -> None:
    """Refuse what could hide a tag from a look at the bytes; Excel writes UTF-8 alone."""
    if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
        raise UnreadableFile(DAMAGED)


def _refuse_doctype(*_: object) -> None:
    raise UnreadableFile(DAMAGED)


def _stop(*_: object) -> None:
    raise _ContentBegins


def _still_before_content(
    parser: "expat.XMLParserType", chunk: bytes
) -> "expat.XMLParserType | None":
    try:
        if b"\0" in chunk:  # UTF-16, which needs no declaration
            raise UnreadableFile(DAMAGED)
        parser.Parse(chunk, False)
    except _ContentBegins:
        return None
    except expat.ExpatError:
        raise UnreadableFile(DAMAGED) from None
    return parser
