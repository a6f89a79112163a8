"""What comes from outside: numbers in addresses, forms and cookies, and addresses to go back to."""

from urllib.parse import urlsplit

LARGEST_ID = 2**31 - 1
"""The largest id of a row (``niwari.db.IdField``)."""


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


def whole_number(text: str | None, most: int = LARGEST_ID) -> int | None:
    """Return the whole number from 1 to ``most`` that ``text`` writes in ASCII digits, else ``None``.

    For the id of a row, and for anything else that is counted. Of what is too long nothing is read:
    Python refuses to make a number of thousands of digits.
    """
    if not text or not (text.isascii() and text.isdecimal()) or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if 0 < number <= most else None
