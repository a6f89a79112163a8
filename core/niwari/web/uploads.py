"""Files that somebody sends lie in memory, and never on the disk of the server.

What is sealed in the database, as transfers before their release, would lie open in a temporary file
before that, and its blocks stay on the disk after it.
"""

from io import BytesIO
from typing import IO

from flask import Request


class RequestInMemory(Request):
    """A request whose files are read into memory: as many bytes as its endpoint takes."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        return BytesIO()
