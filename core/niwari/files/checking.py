"""Whether a file is taken: by its bytes, never by what its sender says of it alone."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import puremagic

from niwari.files.errors import EmptyFile, OtherContent, UnknownType, Unreadable, WebPage
from niwari.files.kinds import BY_ENDING, KINDS, MARKUP_ENDINGS, NAMES, FileKind
from niwari.files.names import clean_name, ending_of, with_ending
from niwari.files.office import check_office

# Where a text begins like this, something might run it.
_MARKUP: Final = re.compile(
    rb"\s*<(?:\?xml|!doctype|!--|html|head|body|svg|script|style|iframe|object|embed|math|link"
    rb"|meta|img|a\b|div|form|base|title)",
    re.IGNORECASE,
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CONTROL: Final = bytes(sorted(set(range(0x20)) - set(b"\t\n\f\r\x1a\x1b")))
_ENCODINGS: Final = ("utf-8", "cp932", "euc_jp", "iso2022_jp")
# What puremagic tells by fewer bytes is as often as not the first letters of a text.
_SURE = 6
_END_OF_PDF = 2_048


@dataclass(frozen=True, slots=True)
class Checked:
    """A file as it is kept: its clean name and the bytes that are stored, with a picture's size.

    ``thumbs`` are the thumbnails of a picture by their width, in pixels.
    """

    name: str
    kind: FileKind
    data: bytes
    width: int | None = None
    height: int | None = None
    thumbs: Mapping[int, bytes] = field(default_factory=dict)


def check(
    given_name: str, data: bytes, drawing: Callable[[int], None] = lambda _pixels: None
) -> Checked:
    """Return the file as it may be kept: a picture drawn anew, anything else as it came.

    Before a picture is drawn, ``drawing`` is told how many pixels it has; what it raises is raised.
    Raises a ``BadFile`` that says what is wrong and what to do.
    """
    name = clean_name(given_name)
    if not data:
        raise EmptyFile(name=name)
    kind = _kind_of(name, data)
    if kind.sort == "picture":
        # Not at the top: a tenth of a second of every start, for what few processes do.
        from niwari.files.pictures import redraw

        picture = redraw(name, kind, data, drawing)
        name = name if picture.kind is kind else with_ending(name, picture.kind.endings[0])
        size = (picture.width, picture.height)
        return Checked(name, picture.kind, picture.data, *size, picture.thumbs)
    if kind.sort == "office":
        check_office(name, kind, data)
    elif kind.sort == "pdf":
        _check_pdf(name, data)
    else:
        _check_text(name, data)
    return Checked(name, kind, data)


def _kind_of(name: str, data: bytes) -> FileKind:
    """Return the type that both the name and the bytes say; which of two lies, is not asked."""
    ending = ending_of(name)
    if ending in MARKUP_ENDINGS or _is_markup(data):
        raise WebPage(name=name)
    kind = BY_ENDING.get(ending)
    if kind is None:
        raise UnknownType(name=name, types=NAMES)
    begun = [other for other in KINDS if other.sort != "text" and other.is_begun(data)]
    if kind.sort == "text":
        if begun or _is_something_else(data):
            raise OtherContent(name=name)
    elif kind not in begun and not _is_old_office(kind, data):
        raise OtherContent(name=name)
    return kind


def _is_old_office(kind: FileKind, data: bytes) -> bool:
    # With a password an office file is of the old format; check_office says so.
    return kind.sort == "office" and data.startswith(b"\xd0\xcf\x11\xe0")


def _is_markup(data: bytes) -> bool:
    head = data[:1024]
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return _MARKUP.match(head.replace(b"\0", b"")) is not None


def _is_something_else(data: bytes) -> bool:
    """Tell whether a text is surely of another type, as a script of a printer."""
    try:
        found = puremagic.magic_string(data[:4096])
    except puremagic.PureError:
        return False
    return any(len(match.byte_match) >= _SURE and match.offset == 0 for match in found)


def _check_pdf(name: str, data: bytes) -> None:
    if b"%%EOF" not in data[-_END_OF_PDF:]:
        raise Unreadable(name=name)


def _check_text(name: str, data: bytes) -> None:
    """A text can be read in one of the encodings of Japan, and holds nothing but characters."""
    if data.startswith(_MARKS[1:]):
        readable = _reads_as(data, "utf-16")
    else:
        readable = len(data.translate(None, _CONTROL)) == len(data) and any(
            _reads_as(data, encoding) for encoding in _ENCODINGS
        )
    if not readable:
        raise OtherContent(name=name)


def _reads_as(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
