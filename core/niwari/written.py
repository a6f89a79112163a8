"""What people write into forms: plugins' forms and services ask the same functions of it.

Each plugin has its own limits; what is refused, and how that is said, is the same everywhere.
"""

from collections.abc import Container
from uuid import UUID, uuid4

from niwari.errors import N_, Invalid
from niwari.texts import is_blank, is_illegible


class Blank(Invalid):
    """Nothing legible was written where something must be."""

    text = N_("文字が入っていません。書いてください。")


class TooLong(Invalid):
    """A text is longer than its place allows."""

    text = N_("%(limit)d文字以内で入力してください。今は%(length)d文字です。")


class Illegible(Invalid):
    """A text has characters that do not print: control characters, reversed writing, half pairs."""

    text = N_("画面に表示できない文字が混ざっています。貼り付けた文章を打ち直してください。")


class NotChosen(Invalid):
    """Something is to be chosen from a list, and was not, or is not in it."""

    text = N_("選択肢から選んでください。")


class StaleForm(Invalid):
    """The key of the form is missing, or is already somebody else's."""

    text = N_("この画面では送信できません。画面を読み込み直してください。")


def checked_line(text: str, field: str, limit: int, *, required: bool = False) -> str:
    """Return ``text`` as one line of at most ``limit`` characters; what shows nothing is empty.

    Runs of white space become one space. Raises ``Illegible``, ``TooLong``, and where it is
    ``required`` ``Blank``, for ``field``.
    """
    return _checked(" ".join(text.split()), field, limit, required=required)


def checked_text(text: str, field: str, limit: int, *, required: bool = False) -> str:
    """Return ``text`` with plain line ends; else as ``checked_line``."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return _checked(lines, field, limit, required=required)


def checked_choice(value: str, known: Container[str], field: str) -> str:
    """Return ``value``, which is one of ``known``; raises ``NotChosen`` for ``field`` where it is none."""
    if value not in known:
        raise NotChosen(field=field)
    return value


def new_key() -> str:
    """Return a key for a form that is opened, a UUID: a form that is sent twice does its work once."""
    return str(uuid4())


def checked_key(key: str) -> str:
    """Return the key of a form, a UUID, as it is kept; raises ``StaleForm`` for what is none."""
    try:
        return str(UUID(key))
    except ValueError as error:
        raise StaleForm from error


def _checked(text: str, field: str, limit: int, *, required: bool) -> str:
    if is_blank(text):
        if required:
            raise Blank(field=field)
        return ""
    if is_illegible(text):
        raise Illegible(field=field)
    if len(text) > limit:
        raise TooLong(field=field, limit=limit, length=len(text))
    return text
