"""Keeping what somebody has typed and not sent: sealed, for themself alone, for two weeks."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import rows, transaction
from niwari.directory.padding import open_padded, seal_padded
from niwari.errors import N_, Invalid
from niwari.keyring import SealError, keyring
from niwari.writing.models import Draft

KEPT_FOR = timedelta(days=14)
MOST_KEPT = 20
"""Drafts that one person keeps at a time; one more takes the place of the oldest."""
LARGEST = 150_000
"""Bytes of what was typed into one form, as UTF-8."""

BLOCK = 4096
"""Bytes by which a sealed draft's length grows."""

_LONGEST_KEY = 300


class DraftTooLarge(Invalid):
    """There is more in the form than a draft holds."""

    text = N_(
        "長すぎるため、下書きを保存できませんでした。文章を写して、ほかの場所に保存してください。"
    )


@dataclass(frozen=True, slots=True)
class KeptDraft:
    """A draft as its writer gets it back: the texts by field, and when they were kept last."""

    values: Mapping[str, Sequence[str]]
    kept_at: datetime


def keep(ctx: Context, key: str, values: Mapping[str, Sequence[str]]) -> None:
    """Keep what the acting person has typed into the form ``key``; what was kept before goes.

    Nothing typed keeps nothing. It is found again while acting for the same municipality. There is
    no audit row: it would tell who is writing. Raises ``DraftTooLarge``.
    """
    if not any(text.strip() for texts in values.values() for text in texts):
        discard(ctx, key)
        return
    typed = {name: list(texts) for name, texts in values.items()}
    data = json.dumps({"at": ctx.now.isoformat(), "values": typed}, ensure_ascii=False)
    packed = data.encode(errors="replace")
    if len(packed) > LARGEST or len(key) > _LONGEST_KEY:
        raise DraftTooLarge
    names = _names(ctx, key)
    sealed = seal_padded(_purpose(ctx, key), zlib.compress(packed), BLOCK)
    with transaction(ctx):
        # Written anew, so that its number says when it was kept last.
        Draft.delete().where(_mine(ctx, names)).execute()
        Draft.insert(person=ctx.person_id, name=names[0], sealed=sealed, day=ctx.today).on_conflict(
            conflict_target=[Draft.person, Draft.name], update={"sealed": sealed, "day": ctx.today}
        ).execute()
        _make_room(ctx)


def opened(ctx: Context, key: str) -> KeptDraft | None:
    """Return the acting person's draft of the form ``key``, or ``None``; one query.

    One whose key of the ring is gone cannot be read any more: there is none.
    """
    query = Draft.select(Draft.sealed).where(
        _mine(ctx, _names(ctx, key)) & (Draft.day >= ctx.today - KEPT_FOR)
    )
    sealed = query.scalar()
    if sealed is None:
        return None
    try:
        found = json.loads(zlib.decompress(open_padded(_purpose(ctx, key), sealed)))
    except SealError:
        return None
    return KeptDraft(found["values"], datetime.fromisoformat(found["at"]))


def discard(ctx: Context, key: str) -> None:
    """Remove the acting person's draft of the form ``key``; none is fine."""
    with transaction(ctx):
        Draft.delete().where(_mine(ctx, _names(ctx, key))).execute()


def purge_old(now: datetime) -> int:
    """Remove drafts that nobody has changed for ``KEPT_FOR`` at ``now``; returns how many."""
    gone: int = Draft.delete().where(Draft.day < tokyo_day(now) - KEPT_FOR).execute()
    return gone


def _make_room(ctx: Context) -> None:
    mine = Draft.select(Draft.id).where(Draft.person == ctx.person_id)
    newest = mine.order_by(Draft.day.desc(), Draft.id.desc())
    if oldest := [id_ for (id_,) in rows(newest.offset(MOST_KEPT).limit(MOST_KEPT))]:
        Draft.delete().where(Draft.id.in_(oldest)).execute()


def _mine(ctx: Context, names: Sequence[str]) -> Any:
    return (Draft.person == ctx.person_id) & Draft.name.in_(list(names))


def _names(ctx: Context, key: str) -> tuple[str, ...]:
    """Return what the draft is called under each key of the ring."""
    return keyring().names("writing draft", _purpose(ctx, key).encode(errors="replace"))


def _purpose(ctx: Context, key: str) -> str:
    """Bind a draft to person, municipality and form: moved to another row it does not open."""
    return f"writing draft {ctx.person_id} {ctx.municipality.id} {key}"
