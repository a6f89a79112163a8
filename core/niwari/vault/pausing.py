"""Pausing the hidden author of a row: they write nothing without a name for a while, and nobody learns who.

A pause carries the person sealed, as envelopes do; whoever is about to write without a name is
compared with all that hold, so that no column says whose one is.
"""

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import uuid4

from niwari.context import Context
from niwari.errors import N_, DomainError
from niwari.keyring import SealError
from niwari.vault.models import Pause
from niwari.vault.service import addressee, seal_for

_KIND = "vault.pause"


class PausedAuthor(DomainError):
    """A moderator paused what the person writes without a name."""

    text = N_(
        "名前を出さずに書いた投稿の表示が止められたため、%(day)sまでは、名前を出さずに書けません。"
        "名前を出せば書けます。理由は「自分の投稿への対応」で見られます。"
    )


def pause_author(
    ctx: Context, kind: str, row_id: int, sealed: tuple[str, int | str], last_day: date
) -> None:
    """Let the author of a row write nothing without a name up to the Tokyo day ``last_day``.

    ``sealed`` is the row's envelope with the value for which it was sealed. Pausing again for the same
    row replaces what was. In the caller's transaction. Raises ``SealError`` where it does not open.
    """
    person_id = addressee(sealed[0], kind, sealed[1])
    key = str(uuid4())
    end_pause(kind, row_id)
    Pause.insert(
        id=key,
        kind=kind,
        row_id=row_id,
        sealed=seal_for(person_id, _KIND, key),
        last_day=last_day,
    ).execute()


def end_pause(kind: str, row_id: int) -> None:
    """Let the author of a row write without a name again, in the caller's transaction."""
    Pause.delete().where((Pause.kind == kind) & (Pause.row_id == row_id)).execute()


def refuse_paused(ctx: Context) -> None:
    """Raise ``PausedAuthor`` where a pause of the acting person holds today; one query."""
    found = list(Pause.select().where(Pause.last_day >= ctx.today))
    own = [one.last_day for one in found if _is_of(one, ctx.person_id)]
    if own:
        raise PausedAuthor(day=max(own).isoformat())


def forget_pauses(person_id: int) -> None:
    """Remove the pauses of a person, in the caller's transaction."""
    for one in Pause.select():
        if _is_of(one, person_id):
            Pause.delete().where(Pause.id == one.id).execute()


def sweep_pauses(ctx: Context) -> int:
    """Remove the pauses that are over, in the caller's transaction; returns how many."""
    return int(Pause.delete().where(Pause.last_day < ctx.today).execute())


def _is_of(one: Any, person_id: int) -> bool:
    """Tell whether a pause is a person's; of one that does not open nobody knows."""
    with suppress(SealError):
        return addressee(one.sealed, _KIND, one.id) == person_id
    return False
