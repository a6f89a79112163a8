"""掲示板用の文章: plain text for a board of the groupware that a town has already (R-007)."""

from collections.abc import Iterable

from niwari.pages.texts import gettext as _

_BREAK = "\n"


def board_text(
    *, title: str, when: str, place: str, lines: Iterable[str], address: str, contact: str
) -> str:
    """Lay an announcement out for a groupware's board, which knows neither links nor bold letters.

    ``when`` and ``place`` are in words, ``lines`` say what it is about, ``contact`` is a section with
    its extension: give no person's name. What is empty has no heading. ``address`` stands alone on
    its line, where every groupware makes a link of it. In the reader's language; lines end in
    ``\\n``, the last one too.
    """
    parts = (
        (_("日時"), when.splitlines()),
        (_("場所"), place.splitlines()),
        (_("内容"), [line for text in lines for line in text.splitlines()]),
    )
    said = [f"【{title}】"]
    for heading, words in parts:
        said += _part(heading, words, "　")
    said += _part(_("詳しい内容・参加の申込み（にわり）"), [address], "")
    said += _part(_("問合せ先"), contact.splitlines(), "　")
    return _BREAK.join(said) + _BREAK


def _part(heading: str, words: Iterable[str], indent: str) -> list[str]:
    shown = [f"{indent}{word.strip()}" for word in words if word.strip()]
    return ["", f"■ {heading}", *shown] if shown else []
