"""Files as people send them, and as nobody should."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image
from PIL.ExifTags import IFD, Base

PLACE = (37.0, 24.0, 3.0)
CAMERA = "Hidden Camera 9"

_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{}</Types>'
MAIN = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
}


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (60, 40),
    *,
    mode: str = "RGB",
    colour: object = (200, 30, 30),
    **more: object,
) -> bytes:
    """A picture of one colour."""
    return _saved(Image.new(mode, size, colour), kind, **more)


def photo(size: tuple[int, int] = (1600, 1200), *, orientation: int = 6) -> bytes:
    """A photo as a phone takes it: on its side, with the place where it was taken, and a comment."""
    image = Image.new("RGB", size, (20, 120, 200))
    image.paste((250, 250, 0), (0, 0, size[0] // 2, size[1] // 2))
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Model] = CAMERA
    exif.get_ifd(IFD.GPSInfo).update({1: "N", 2: PLACE, 3: "E", 4: (140.0, 21.0, 33.0)})
    return _saved(image, "JPEG", exif=exif, comment=CAMERA.encode())


def moving(kind: str = "GIF") -> bytes:
    """A moving picture: red, then blue."""
    red, blue = (Image.new("RGB", (30, 20), colour) for colour in ((255, 0, 0), (0, 0, 255)))
    return _saved(red, kind, save_all=True, append_images=[blue], duration=100)


def png_of(width: int, height: int) -> bytes:
    """A PNG that says how large it is and has next to nothing in it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pieces = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in pieces
    )
    return b"\x89PNG\r\n\x1a\n" + body


def office(
    ending: str = "docx", *, types: str = "", packed: int = ZIP_DEFLATED, **parts: str
) -> bytes:
    """An office file; ``parts`` are further ones, with __ for / and _ for . in their names."""
    to = BytesIO()
    with ZipFile(to, "w", packed) as archive:
        archive.writestr("[Content_Types].xml", _TYPES.format(types))
        archive.writestr(MAIN[ending], "<document/>")
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), text)
    return to.getvalue()


def pdf() -> bytes:
    """A document."""
    return b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def opened(data: bytes) -> Image.Image:
    """A picture, read."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def _saved(image: Image.Image, kind: str, **more: object) -> bytes:
    to = BytesIO()
    image.save(to, kind, **more)
    return to.getvalue()
