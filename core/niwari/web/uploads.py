"""Where files lie that somebody sends, until a view has read them.

In memory, and never on the disk of the server: what is sealed in the database, as transfers before
their release, would lie open in a temporary file before that, and its blocks stay on the disk after it.
Attachments are stored as they are anyway, and may be many: what is large of them waits in a temporary
file without a name, so that a request takes no more memory for ten files than for one.
"""

from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, cast

from flask import Request

_IN_MEMORY = 512 * 1024


class RequestInMemory(Request):
    """A request whose files are read into memory: as many bytes as its endpoint takes."""

    takes_attachments = False

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        if self.takes_attachments:
            return cast(IO[bytes], SpooledTemporaryFile(_IN_MEMORY, "rb+"))
        return BytesIO()


def take_attachments(request: Request) -> None:
    """Let the files of ``request``, which nobody has read yet, wait in temporary files."""
    cast(RequestInMemory, request).takes_attachments = True
