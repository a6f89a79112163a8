"""Bytes to text: UTF-8, with or without byte order mark, or CP932, and nothing by guessing."""

import codecs
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from niwari.errors import N_
from niwari.tabular.limits import UnreadableFile
from niwari.tabular.refusals import Refusals

_UTF16 = N_("UTF-16 のファイルです。CSV（UTF-8 か CP932）で保存し直してください。")
_NO_TEXT = N_(
    "画像やPDFなどのファイルのようで、表として読めません。"
    "表を CSV か Excelブック（.xlsx）で保存して、選び直してください。"
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
_BLOCK = 2**16
# Python's cp932 lets single bytes through that stand for no character: 80, A0, FD, FE, FF.
_NOT_IN_CP932 = re.compile("[\x80\uf8f0-\uf8f3]")


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, with or without byte order mark, or in CP932.

    Raises ``UnreadableFile`` for what is no text, or is in another encoding that can be told; else
    ``ImportRefused`` naming each line that can be read in neither, with the byte and its place in
    the line.
    """
    return data.decode(_encoding_of(io.BytesIO(data)))


@contextmanager
def text_of_file(file: BinaryIO) -> Iterator[io.TextIOWrapper]:
    """Read for the block what ``decode`` returns, as a stream with its line breaks as they are.

    The file is gone through from its beginning, twice or more, and stays open; no more than a block
    of it, or a line, is in memory. Raises what ``decode`` raises, before there is any text.
    """
    encoding = _encoding_of(file)
    with _wrapped(file, encoding) as text:
        yield text


@contextmanager
def _wrapped(file: BinaryIO, encoding: str) -> Iterator[io.TextIOWrapper]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    finally:
        if not file.closed:
            text.detach()


def _encoding_of(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(8)
    for signature, text in _SIGNATURES.items():
        if head.startswith(signature):
            raise UnreadableFile(text)
    _refuse_other_kinds(file)
    marked = head.startswith(codecs.BOM_UTF8)
    if not _is_utf8(file):
        if not marked and _is_euc_jp(file):
            raise UnreadableFile(_OTHER, encoding="EUC-JP")
        utf8 = marked or _is_mostly_utf8(file)
        _refuse_undecodable(file, "utf-8" if utf8 else "cp932")
        return "cp932"
    return "utf-8-sig" if marked else "utf-8"


def _refuse_other_kinds(file: BinaryIO) -> None:
    """Refuse what could be read as some text, and is none, or not in our encodings."""
    size = control = 0
    before = b""
    for block in _blocks(file):
        head = block[:12] if not size else b""
        if len(head) == 12 and not (any(head[::2]) and any(head[1::2])):
            raise UnreadableFile(_UTF16)  # without its mark: the header is ASCII, with NULs between
        if _JIS.search(before + block):
            raise UnreadableFile(_OTHER, encoding="JIS（ISO-2022-JP）")
        size += len(block)
        control += len(block) - len(block.translate(None, _CONTROL))
        before = block[-2:]
    if control >= 8 and 50 * control >= size:
        raise UnreadableFile(_NO_TEXT)


def _is_euc_jp(file: BinaryIO) -> bool:
    """Tell whether a file that is no UTF-8 is in EUC-JP.

    Text in CP932 does not pass for it: the first bytes of kana and of most kanji are none there.
    What can be read as both is half-width kana in one and kana with kanji in the other.
    """
    decoder = codecs.getincrementaldecoder("euc_jp")()
    kana = beyond = 0
    try:
        for block in _blocks(file):
            text = decoder.decode(block, final=not block)
            kana += len(_KANA_OR_SIGN.findall(text))
            beyond += sum(not character.isascii() for character in text)
    except UnicodeDecodeError:
        return False
    if next(_undecodable(file, "cp932"), None) is not None:
        return True
    return 10 * kana >= beyond


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block
    yield b""


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for block in _blocks(file):
            decoder.decode(block, final=not block)
    except UnicodeDecodeError:
        return False
    return True


def _is_mostly_utf8(file: BinaryIO) -> bool:
    """Whether a file that is no UTF-8 was meant to be: four fifths of its characters are.

    Text in CP932 comes nowhere near: little but some pairs of half-width kana looks like UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
    readable, found = 0, 0
    for block in _blocks(file):
        readable += _beyond_ascii(decoder.decode(block, final=not block).encode())
        found += _beyond_ascii(block)
    return 5 * readable > 4 * found


def _beyond_ascii(data: bytes) -> int:
    return len(data.translate(None, bytes(range(0x80))))


def _refuse_undecodable(file: BinaryIO, encoding: str) -> None:
    refusals = Refusals()
    for line, position, byte in _undecodable(file, encoding):
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


def _undecodable(file: BinaryIO, encoding: str) -> Iterator[tuple[int, int, str]]:
    """Yield each line that cannot be read, the byte's place in it (from 1), and the byte."""
    for number, line in enumerate(_lines(file), start=1):
        if number == 1:
            line = line.removeprefix(codecs.BOM_UTF8)
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


def _lines(file: BinaryIO) -> Iterator[bytes]:
    # No byte of a character looks like a line break in either encoding, and Latin-1 has them all.
    with _wrapped(file, "latin-1") as text:
        for line in text:
            yield line.encode("latin-1").rstrip(b"\r\n")
