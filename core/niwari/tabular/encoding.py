"""Bytes to text: UTF-8, with or without byte order mark, or CP932, and nothing by guessing."""

import re
from collections.abc import Iterator

from niwari.errors import N_
from niwari.tabular.refusals import BadLine, ImportRefused, Refusals

_SIGNATURES = {
    b"PK\x03\x04": N_("Excelのブックです。CSV（UTF-8 か CP932）で保存し直してください。"),
    b"\xff\xfe": N_("UTF-16 のファイルです。CSV（UTF-8 か CP932）で保存し直してください。"),
    b"\xfe\xff": N_("UTF-16 のファイルです。CSV（UTF-8 か CP932）で保存し直してください。"),
}
_UTF8_MARK = b"\xef\xbb\xbf"
# Python's cp932 lets single bytes through that stand for no character: 80, A0, FD, FE, FF.
_NOT_IN_CP932 = re.compile("[\x80\uf8f0-\uf8f3]")


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, with or without byte order mark, or in CP932.

    Raises ``ImportRefused`` naming each line that can be read in neither, with the byte and its
    place in the line.
    """
    for signature, text in _SIGNATURES.items():
        if data.startswith(signature):
            raise ImportRefused([BadLine(1, "", text)])
    if data.startswith(_UTF8_MARK):
        return _decoded(data.removeprefix(_UTF8_MARK), "utf-8")
    if next(_undecodable(data, "utf-8"), None) is None:
        return data.decode("utf-8")
    return _decoded(data, "utf-8" if _mostly_utf8(data) else "cp932")


def _decoded(data: bytes, encoding: str) -> str:
    refusals = Refusals()
    for line, position, byte in _undecodable(data, encoding):
        refusals.add(
            line,
            "",
            N_(
                "行の%(position)sバイト目（%(byte)s）が文字として読めません。"
                "UTF-8 か CP932 で保存し直してください。"
            ),
            position=position,
            byte=byte,
        )
    refusals.raise_if_any()
    return data.decode(encoding)


def _mostly_utf8(data: bytes) -> bool:
    """Whether a file that is no UTF-8 was meant to be: four fifths of its characters are.

    Text in CP932 comes nowhere near: little but some pairs of half-width kana looks like UTF-8.
    """
    readable = data.decode("utf-8", errors="ignore").encode()
    return 5 * _beyond_ascii(readable) > 4 * _beyond_ascii(data)


def _beyond_ascii(data: bytes) -> int:
    return len(data.translate(None, bytes(range(0x80))))


def _undecodable(data: bytes, encoding: str) -> Iterator[tuple[int, int, str]]:
    """Yield each line that cannot be read, the byte's place in it (from 1), and the byte."""
    # No byte of a character looks like a line break in either encoding.
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError as error:
            position = error.start
        else:
            wrong = _NOT_IN_CP932.search(text) if encoding == "cp932" else None
            if wrong is None:
                continue
            position = len(text[: wrong.start()].encode(encoding))
        yield number, position + 1, f"{line[position]:02X}"
