"""Addresses that come from outside and are gone back to."""

from urllib.parse import urlsplit


def local_address(candidate: str | None) -> str | None:
    """Return ``candidate`` when it is a path of this installation, else ``None``.

    Refused are other hosts in all spellings that browsers accept: ``//host``, ``/\\host``, control
    characters, and anything with a scheme.
    """
    if not candidate or not candidate.startswith("/") or candidate.startswith("//"):
        return None
    if len(candidate) > 2000:
        return None
    if any(ord(char) < 0x21 or char in "\\\x7f" for char in candidate):
        return None
    try:
        parts = urlsplit(candidate)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else candidate
