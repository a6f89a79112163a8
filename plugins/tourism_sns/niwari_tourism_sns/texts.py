"""The rules for what people write. Forms and services ask the same functions."""

from collections.abc import Iterable
from uuid import UUID

from niwari.api import is_blank, is_illegible
from niwari_tourism_sns.errors import Blank, Illegible, NotChosen, StaleForm, TooLong

NAME_LIMIT, PLACE_LIMIT, BEST_LIMIT = 60, 200, 100
ACCESS_LIMIT, STORY_LIMIT, CONTACT_LIMIT = 1_000, 4_000, 200
TITLE_LIMIT, HELP_LIMIT = 80, 400
CREDIT_LIMIT, KEPT_LIMIT = 100, 200
HANDLE_LIMIT, POLICY_LIMIT = 80, 4_000
COMMENT_LIMIT, RETURNED_LIMIT = 2_000, 400
POST_LIMIT = 63_206
"""No network takes more; each has its own limit."""


def checked_line(text: str, field: str, limit: int, *, required: bool = False) -> str:
    """Return ``text`` as one line of at most ``limit`` characters.

    Raises ``Blank``, ``TooLong`` or ``Illegible`` for ``field``.
    """
    return _checked(" ".join(text.split()), field, limit, required=required)


def checked_text(text: str, field: str, limit: int, *, required: bool = False) -> str:
    """Return ``text`` with plain line ends; raises as ``checked_line`` does."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return _checked(lines, field, limit, required=required)


def checked_choice(value: str, known: Iterable[str], field: str) -> str:
    """Return ``value`` where it is one of ``known``; raises ``NotChosen`` for ``field``."""
    if value not in known:
        raise NotChosen(field=field)
    return value


def checked_key(form_key: str) -> str:
    """Return the key of a form; raises ``StaleForm`` for what is none."""
    try:
        return str(UUID(form_key))
    except ValueError as error:
        raise StaleForm from error


def _checked(text: str, field: str, limit: int, *, required: bool) -> str:
    if is_illegible(text):
        raise Illegible(field=field)
    if is_blank(text):
        if required:
            raise Blank(field=field)
        return ""
    if len(text) > limit:
        raise TooLong(field=field, limit=limit, length=len(text))
    return text
