"""What a file is called, whoever named it."""

import re
import unicodedata

LONGEST = 100
"""Characters of a name, with its ending."""

_NO_NAME = "ファイル"
# What Windows takes in no name, beside the control characters.
_REFUSED = re.compile(r'[<>:"|?*]')


def clean_name(given: str) -> str:
    """Return what a file is called: one part of a path, NFC, at most ``LONGEST`` characters.

    Folders, control characters, those that are not seen or turn the direction of writing, and those
    that Windows refuses go. The ending stays, in lower case.
    """
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", given))[-1]
    # Cc, Cf, Cs and the separators of lines; Cn and Co are drawn by no font that all have.
    seen = "".join(
        char for char in name if unicodedata.category(char) not in _INVISIBLE or char in " \u3000"
    )
    name = _REFUSED.sub("_", " ".join(seen.split())).rstrip(". ")
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    ending = ending.strip().lower()[:20]
    room = LONGEST - len(ending) - 1
    stem = stem.strip(". ")[:room].strip() or _NO_NAME
    return f"{stem}.{ending}" if ending else stem


def ending_of(name: str) -> str:
    """Return the ending of a clean name, without its dot; empty where there is none."""
    _stem, dot, ending = name.rpartition(".")
    return ending if dot else ""


def with_ending(name: str, ending: str) -> str:
    """Return a clean name with another ending, without its dot."""
    stem = name.rpartition(".")[0] or name
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"})
