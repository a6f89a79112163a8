"""What people write: which texts can be read at all, and how wide they are."""

import unicodedata

# Zero-width joiner and non-joiner, which names and emoji need.
_JOINERS = frozenset("\u200c\u200d")
# Letters by their category that draw nothing: Hangul fillers, the Braille blank.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")
# Cf are invisible characters that turn or hide the text around them.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def is_invisible(char: str) -> bool:
    """Tell whether a character draws nothing and changes what is seen; line breaks and tabs too."""
    return unicodedata.category(char) in _INVISIBLE


def is_illegible(text: str) -> bool:
    """Tell whether ``text`` holds characters that cannot be seen and change what is seen.

    Control characters (PostgreSQL takes no NUL), halves of surrogate pairs, and what turns the
    direction of writing or hides. Line breaks and tabs are fine.
    """
    return any(
        is_invisible(char) and char not in "\n\r\t" and char not in _JOINERS for char in text
    )


def is_blank(text: str) -> bool:
    """Tell whether nothing of ``text`` can be seen: white space, fillers, joiners alone."""
    return not any(unicodedata.category(char)[0] in "LNPS" and char not in _BLANK for char in text)


def width_of(text: str) -> int:
    """Return how many columns ``text`` takes where a Japanese character takes two.

    Characters that are as wide as their font makes them, like ① and α, take two: Japanese fonts do.
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)
