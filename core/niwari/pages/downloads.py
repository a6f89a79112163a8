"""Answers that give a file."""

from collections.abc import Iterator

from flask import Response


def attached(content: bytes | Iterator[bytes], name: str, kind: str = "text/csv") -> Response:
    """Return the answer that gives a text file, in UTF-8, to be kept under ``name``."""
    return _answer(content, name, f"{kind}; charset=utf-8")


def attached_bytes(content: bytes, name: str, kind: str) -> Response:
    """Return the answer that gives a file of another ``kind``, as ``application/zip``."""
    return _answer(content, name, kind)


def attached_stream(pieces: Iterator[bytes], name: str, kind: str) -> Response:
    """Return the answer that gives a file of another ``kind`` in pieces, as they come."""
    return _answer(pieces, name, kind)


def _answer(content: bytes | Iterator[bytes], name: str, content_type: str) -> Response:
    answer = Response(content, content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
