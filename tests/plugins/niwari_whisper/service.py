"""Whispering."""

from secrets import token_hex

from niwari.api import REGION, Context, NotFound, envelope, remember, transaction, visible
from niwari_whisper.models import Whisper

KIND = "whisper.whisper"


def whisper(ctx: Context, text: str, *, hidden: bool = True, audience: str = REGION) -> int:
    """Write something; ``hidden`` keeps who wrote it in an envelope and in the author's locker."""
    with transaction(ctx):
        key = token_hex(8) if hidden else ""
        row = Whisper.create(
            **Whisper.owned_by(ctx),
            audience=audience,
            text=text,
            key=key,
            envelope=envelope(ctx, KIND, key) if hidden else "",
        )
        if hidden:
            remember(ctx, KIND, row.id)
    return int(row.id)


def text_of(ctx: Context, whisper_id: int) -> str:
    """Return what a whisper says."""
    found = Whisper.get_or_none((Whisper.id == whisper_id) & visible(ctx, Whisper))
    if found is None:
        raise NotFound
    return str(found.text)
