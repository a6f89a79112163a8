"""The file with all rows of a fiscal year, made anew each time from the rows as they are.

The same rows give the same bytes: nothing is packed, no entry has a time, and the columns do not
depend on who reads them. So nothing has to be kept, and the SHA-256 of the proposal tells whether the
rows are still those that were written out.
"""

import hashlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from niwari.ledger.disposing.fiscal_year import FiscalYear
from niwari.ledger.disposing.parts import PARTS, portions
from niwari.tabular import csv_portions

_IN_MEMORY = 2**20
_CHUNK = 2**16


def written_out(year: FiscalYear) -> "tuple[IO[bytes], str, int]":
    """Write the file; returns it at its beginning, its SHA-256 in hexadecimal, and its bytes.

    What is long lies on the disk until it is closed.
    """
    out: Any = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - whoever asked closes it
    with ZipFile(out, "w", ZIP_STORED) as archive:
        for part in PARTS:
            # Without a time the bytes depend on the rows alone.
            entry = ZipInfo(f"{part.code}.csv")
            with archive.open(entry, "w", force_zip64=True) as file:
                for piece in csv_portions(
                    [head.ja for head, _ in part.columns], portions(part, year)
                ):
                    file.write(piece)
    size = out.tell()
    digest = hashlib.sha256()
    out.seek(0)
    while chunk := out.read(_CHUNK):
        digest.update(chunk)
    out.seek(0)
    return out, digest.hexdigest(), size


def sha256_of(year: FiscalYear) -> tuple[str, int]:
    """Return the SHA-256 and the bytes of the file as it would be now."""
    file, digest, size = written_out(year)
    file.close()
    return digest, size


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the file in pieces, and close it."""
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
