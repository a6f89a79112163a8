"""The style sheets of every page as one: a browser asks for each file that a page names, on every page."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from werkzeug.http import parse_etags, quote_etag
from whitenoise.responders import NOT_ALLOWED_RESPONSE, NOT_MODIFIED_HEADERS, Response

PARTS = (
    *("tokens", "base", "shell", "navigation", "frame", "controls", "components", "data"),
    *("month", "year", "thread", "forms", "choices", "utilities", "print"),
)
"""The style sheets in the order in which they are read."""


_IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>\w+)\);')


class Joined:
    """Files as one, for WhiteNoise, which asks it for its answers; held in memory, with a validator."""

    def __init__(self, paths: Iterable[Path], headers: Mapping[str, str]) -> None:
        """Read the style sheets at ``paths``; ``headers`` are added to each answer."""
        self._text = "\n".join(map(_whole, paths)).encode()
        self._etag = sha256(self._text).hexdigest()[:32]
        self._headers = [
            ("Content-Type", 'text/css; charset="utf-8"'),
            ("Content-Length", str(len(self._text))),
            ("ETag", quote_etag(self._etag)),
            *headers.items(),
        ]

    def get_response(self, method: str, environ: Mapping[str, str]) -> Response:
        """Return the answer to a request; to who has the present ones already, that these are."""
        if method not in {"GET", "HEAD"}:
            return NOT_ALLOWED_RESPONSE
        known = parse_etags(environ.get("HTTP_IF_NONE_MATCH"))
        if known.star_tag or known.contains_weak(self._etag):
            kept = [(name, value) for name, value in self._headers if name in NOT_MODIFIED_HEADERS]
            return Response(HTTPStatus.NOT_MODIFIED, kept, None)
        file = BytesIO(self._text) if method == "GET" else None
        return Response(HTTPStatus.OK, self._headers, file)


def _whole(path: Path) -> str:
    """Return a style sheet with those that it imports into a layer, which a browser would ask for later."""

    def imported(found: re.Match[str]) -> str:
        text = (path.parent / found["path"]).read_text(encoding="utf-8")
        return f"@layer {found['layer']} {{\n{text}}}"

    return _IMPORT.sub(imported, path.read_text(encoding="utf-8"))
