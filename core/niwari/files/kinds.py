"""The types of files that are taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Sort = Literal["picture", "pdf", "office", "text"]


@dataclass(frozen=True, slots=True)
class FileKind:
    """A type of files: how it is called, how it is named in HTTP, and its endings, the first by us."""

    label: str
    media_type: str
    endings: tuple[str, ...]
    sort: Sort
    begins: tuple[bytes, ...] = ()

    def is_begun(self, data: bytes) -> bool:
        """Tell whether ``data`` begins as files of this type do; a text has no such beginning."""
        if self.media_type == "image/webp":
            return data[:4] == b"RIFF" and data[8:12] == b"WEBP"
        return data.startswith(self.begins)


_OFFICE = "application/vnd.openxmlformats-officedocument."
_ZIP = (b"PK\x03\x04",)

JPEG = FileKind("JPEG", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "picture", (b"\xff\xd8\xff",))
PNG = FileKind("PNG", "image/png", ("png",), "picture", (b"\x89PNG\r\n\x1a\n",))
WEBP = FileKind("WebP", "image/webp", ("webp",), "picture")
GIF = FileKind("GIF", "image/gif", ("gif",), "picture", (b"GIF87a", b"GIF89a"))
PDF = FileKind("PDF", "application/pdf", ("pdf",), "pdf", (b"%PDF-",))
DOCX = FileKind("Word", f"{_OFFICE}wordprocessingml.document", ("docx",), "office", _ZIP)
XLSX = FileKind("Excel", f"{_OFFICE}spreadsheetml.sheet", ("xlsx",), "office", _ZIP)
PPTX = FileKind("PowerPoint", f"{_OFFICE}presentationml.presentation", ("pptx",), "office", _ZIP)
CSV = FileKind("CSV", "text/csv", ("csv",), "text")
TXT = FileKind("TXT", "text/plain", ("txt",), "text")

KINDS = (JPEG, PNG, WEBP, GIF, PDF, DOCX, XLSX, PPTX, CSV, TXT)
"""All types that are taken; a picture is given as JPEG, PNG or WebP."""

BY_ENDING: Mapping[str, FileKind] = MappingProxyType(
    {ending: kind for kind in KINDS for ending in kind.endings}
)
BY_MEDIA_TYPE: Mapping[str, FileKind] = MappingProxyType({kind.media_type: kind for kind in KINDS})

ACCEPTED = ",".join(f".{ending}" for ending in BY_ENDING)
"""The endings, as the attribute ``accept`` of an input takes them."""

NAMES = "、".join(kind.label for kind in KINDS)
"""The types, as a sentence lists them."""

THUMB_WIDTHS: Final = (320, 1280)
"""How wide the thumbnails of a picture are at most, in pixels; also how high."""

MARKUP_ENDINGS = frozenset(
    {"svg", "svgz", "html", "htm", "xhtml", "xht", "shtml", "mht", "mhtml", "xml", "xsl", "xslt"}
)
