"""Bytes to text: UTF-8, with or without byte order mark, or CP932, and nothing by guessing."""

import re
from collections.abc import Iterator

from niwari.errors import N_
from niwari.tabular.limits import UnreadableFile
from niwari.tabular.refusals import Refusals

_UTF16 = N_("UTF-16 のファイルです。CSV（UTF-8 か CP932）で保存し直してください。")
_NO_TEXT = N_(
    "文字のファイルではありません（画像やPDFなど）。表のファイルを CSV か"
    "Excelブック（.xlsx）で保存して、選び直してください。"
)
_SIGNATURES = {
    b"PK\x03\x04": N_("Excelのブックです。CSV（UTF-8 か CP932）で保存し直してください。"),
    b"\xff\xfe": _UTF16,
    b"\xfe\xff": _UTF16,
    b"%PDF-": _NO_TEXT,
}
_OTHER = N_(
    "%(encoding)s という文字コードのファイルのようです。"
    "UTF-8 か CP932（Shift_JIS）で保存し直してください。"
)
_JIS = re.compile(rb"\x1b\$[@B]")
_KANA_OR_SIGN = re.compile(r"[\u3000-\u30ff]")
# None of these stands in a text; a stray one or two in a cell is told by line.
_CONTROL = bytes(sorted(set(range(0x20)) - set(b"\t\n\v\f\r\x1a\x1b")))
_UTF8_MARK = b"\xef\xbb\xbf"
# Python's cp932 lets single bytes through that stand for no character: 80, A0, FD, FE, FF.
_NOT_IN_CP932 = re.compile("[\x80\uf8f0-\uf8f3]")


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, with or without byte order mark, or in CP932.

    Raises ``UnreadableFile`` for what is no text, or is in another encoding that can be told; else
    ``ImportRefused`` naming each line that can be read in neither, with the byte and its place in
    the line.
    """
    for signature, text in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableFile(text)
    _refuse_other_kinds(data)
    if data.startswith(_UTF8_MARK):
        return _decoded(data.removeprefix(_UTF8_MARK), "utf-8")
    if next(_undecodable(data, "utf-8"), None) is None:
        return data.decode("utf-8")
    if _is_euc_jp(data):
        raise UnreadableFile(_OTHER, encoding="EUC-JP")
    return _decoded(data, "utf-8" if _mostly_utf8(data) else "cp932")


def _refuse_other_kinds(data: bytes) -> None:
    """Refuse what could be read as some text, and is none, or not in our encodings."""
    head = data[:12]
    if len(head) == 12 and not (any(head[::2]) and any(head[1::2])):
        raise UnreadableFile(_UTF16)  # without its mark: the header is ASCII, with NULs between
    if _JIS.search(data):
        raise UnreadableFile(_OTHER, encoding="JIS（ISO-2022-JP）")
    control = len(data) - len(data.translate(None, _CONTROL))
    if control >= 8 and 50 * control >= len(data):
        raise UnreadableFile(_NO_TEXT)


def _is_euc_jp(data: bytes) -> bool:
    """Tell whether a file that is no UTF-8 is in EUC-JP.

    Text in CP932 does not pass for it: the first bytes of kana and of most kanji are none there.
    What can be read as both is half-width kana in one and kana with kanji in the other.
    """
    try:
        text = data.decode("euc_jp")
    except UnicodeDecodeError:
        return False
    if next(_undecodable(data, "cp932"), None) is not None:
        return True
    beyond = sum(not character.isascii() for character in text)
    return 10 * len(_KANA_OR_SIGN.findall(text)) >= beyond


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
