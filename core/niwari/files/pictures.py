"""Pictures: never given as they came, always drawn anew.

What a picture carries beside its pixels goes: where and by whom it was taken (EXIF, XMP, GPS),
comments, colour profiles, and whatever is hung on behind its end.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import Final

from PIL import Image, ImageOps

from niwari.errors import DomainError
from niwari.files.errors import TooManyPixels, Unreadable
from niwari.files.kinds import GIF, JPEG, PNG, THUMB_WIDTHS, WEBP, FileKind

MOST_PIXELS: Final = 12_500_000
"""Pixels of a picture. Drawn, each takes four bytes, several times over while it is written."""

MOST_PHOTO_PIXELS: Final = 60_000_000
"""Pixels of a JPEG as phones take them: a large one is read at half its width and height."""

_START_OF_SCAN, _SEQUENTIAL = 0xDA, (0xC0, 0xC1)
_WHOLE: Final = 16_000_000
_FAST_PNG, _FAST_WEBP = 1, 0

# Of up to 250 megabytes each: several at once would take what the server has.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was drawn anew: its bytes, their type, its size in pixels, its thumbnails."""

    kind: FileKind
    data: bytes
    width: int
    height: int
    thumbs: Mapping[int, bytes]


def redraw(
    name: str, kind: FileKind, data: bytes, drawing: Callable[[int], None] = lambda _pixels: None
) -> Picture:
    """Return a picture without anything but its pixels, upright, of a moving one the first.

    A GIF becomes PNG, a large photo half as wide and high. Takes some 250 MB at the most, and one to
    two seconds; before, ``drawing`` is told how many pixels there are to draw. Raises
    ``TooManyPixels`` before anything is drawn, and ``Unreadable``.
    """
    with _one_at_a_time:
        try:
            plain = _plain(_upright(name, kind, data, drawing))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise _too_many(name, MOST_PIXELS) from None
        except DomainError:
            raise
        except Exception as error:  # Pillow raises whatever its parsers stumble on
            raise Unreadable(name=name) from error
        made = PNG if kind is GIF else kind
        return Picture(made, _written(plain, made), *plain.size, _thumbs(plain))


def _upright(name: str, kind: FileKind, data: bytes, drawing: Callable[[int], None]) -> Image.Image:
    with Image.open(BytesIO(data), formats=(_FORMATS[kind.media_type],)) as opened:
        _make_bearable(name, opened, data)
        drawing(opened.width * opened.height)
        opened.load()
        return ImageOps.exif_transpose(opened)


def _make_bearable(name: str, opened: Image.Image, data: bytes) -> None:
    """Let a large photo be read at half its size; raises ``TooManyPixels``."""
    pixels = opened.width * opened.height
    most = MOST_PHOTO_PIXELS if _is_read_by_lines(data) else MOST_PIXELS
    if pixels > most:
        raise _too_many(name, most)
    if pixels > _WHOLE:
        opened.draft(None, (opened.width // 2, opened.height // 2))


def _is_read_by_lines(data: bytes) -> bool:
    """Tell whether this is a JPEG of one scan. Any other one lies in memory as a whole while it is
    read, six bytes for each pixel of its full size.
    """
    if not data.startswith(b"\xff\xd8"):
        return False
    at, parts = 2, -1
    while data[at : at + 1] == b"\xff" and len(data) > at + 9:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == _START_OF_SCAN:
            return data[at + 4] == parts
        if marker in _SEQUENTIAL:
            parts = data[at + 9]
        at += 2 + length
    return False


def _too_many(name: str, limit: int) -> TooManyPixels:
    return TooManyPixels(name=name, limit=limit // 10_000)


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone, eight bits for each colour; what is seen through stays so."""
    if image.mode.startswith(
        "I"
    ):  # 16 bits of grey, which Pillow would cut off instead of dividing
        image = image.point(lambda value: value / 256).convert("L")
    elif image.has_transparency_data:
        image = image.convert("RGBA")
    elif image.mode not in ("L", "RGB"):
        image = image.convert("RGB")
    image.info.clear()
    return image


def _written(image: Image.Image, kind: FileKind) -> bytes:
    to = BytesIO()
    if kind is JPEG:
        image.save(to, "JPEG", quality=90, optimize=True)
    elif kind is WEBP:
        image.save(to, "WEBP", quality=90, method=_FAST_WEBP)
    else:
        # The best compression takes half a minute for a photo.
        image.save(to, "PNG", compress_level=_FAST_PNG)
    return to.getvalue()


def _thumbs(image: Image.Image) -> dict[int, bytes]:
    """Return the picture in the widths that are smaller than it, as WebP."""
    found: dict[int, bytes] = {}
    for width in sorted(THUMB_WIDTHS, reverse=True):
        if max(image.size) > width:
            scale = width / max(image.size)
            size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
            image = image.resize(size, reducing_gap=2.0)
            to = BytesIO()
            image.save(to, "WEBP", quality=80)
            found[width] = to.getvalue()
    return found


_FORMATS: Final = {
    JPEG.media_type: "JPEG",
    PNG.media_type: "PNG",
    WEBP.media_type: "WEBP",
    GIF.media_type: "GIF",
}
