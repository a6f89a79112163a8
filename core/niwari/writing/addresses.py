"""Which addresses a text may lead to, and where addresses stand in it that nobody marked."""

import re
from urllib.parse import unquote, urlsplit

from niwari.pages.addresses import local_address

OUTSIDE = ("http", "https")
_BARE = re.compile(r"(?<![A-Za-z0-9])https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_PERSON = re.compile(r"person:([1-9][0-9]{0,9})")
_PICTURE = re.compile(r"/files/[1-9][0-9]{0,9}(?:/[a-z0-9-]{1,40}){0,2}")
_TRAILING = ".,;:!?'*"
_LARGEST_ID = 2**31 - 1


def person_of(href: str) -> int | None:
    """Return the id of the person to whom ``href`` refers, as ``person:12``, else ``None``."""
    found = _PERSON.fullmatch(href)
    number = int(found[1]) if found else 0
    return number if 0 < number <= _LARGEST_ID else None


def is_picture(href: str) -> bool:
    """Tell whether ``href`` is the address of an attachment, the only pictures that texts show."""
    return _PICTURE.fullmatch(href) is not None


def is_allowed(href: str) -> bool:
    """Tell whether a text may lead to ``href``: a site, a mail address, a page of Niwari, a person."""
    if local_address(href) or person_of(href):
        return True
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    if parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in OUTSIDE and bool(host_of(href))


def host_of(href: str) -> str:
    """Return the host of an address outside, as a reader is to see it; empty where there is none."""
    try:
        return urlsplit(href).hostname or ""
    except ValueError:
        return ""


def inside(href: str, base_url: str) -> str | None:
    """Return the path of an address of this installation, which ``base_url`` begins, else ``None``."""
    base = base_url.rstrip("/")
    if base and href.startswith(f"{base}/"):
        return local_address(href[len(base) :])
    return local_address(href)


def bare_addresses(text: str) -> list[tuple[int, int]]:
    """Return where addresses of sites begin and end in ``text``, without what only ends a sentence."""
    found = []
    for match in _BARE.finditer(text):
        address = match[0].rstrip(_TRAILING)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_TRAILING)
        if is_allowed(address):
            found.append((match.start(), match.start() + len(address)))
    return found


def readable(href: str) -> str:
    """Return an address as it is shown: with its letters, where each of them is seen for what it is."""
    letters = unquote(href)
    return letters if letters.isprintable() and " " not in letters else href
