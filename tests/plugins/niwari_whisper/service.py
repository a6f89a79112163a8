"""Whispering, and echoing."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from niwari.api import (
    MUNICIPALITY,
    REGION,
    Context,
    HiddenAuthor,
    Invalid,
    NotFound,
    later_hidden,
    locked,
    transaction,
    visible,
)
from niwari_whisper.models import Echo, Whisper

KIND, ECHO = "whisper.whisper", "whisper.echo"


class TooLoud(Invalid):
    """A whisper of a section would tell who it was."""

    text = "名前を出さないときは、所属だけに見せることはできません。"
    field = "audience"


@dataclass(frozen=True, slots=True)
class Heard:
    """A whisper as its reader sees it."""

    text: str
    alias: str
    echoes: tuple[tuple[str, str], ...]


def whisper(ctx: Context, text: str, *, hidden: bool = True, audience: str = REGION) -> str:
    """Write something; ``hidden`` keeps who it was in the vault. Returns the key of the form."""
    key = str(uuid4())
    with transaction(ctx):
        if not hidden:
            Whisper.create(
                **Whisper.owned_by(ctx),
                audience=audience,
                author=ctx.acting.id,
                key=key,
                text=text,
            )
        elif audience not in (MUNICIPALITY, REGION):
            raise TooLoud
        else:
            later_hidden(ctx, "whisper.publish", key=key, text=text, audience=audience)
    return key


def echo(ctx: Context, whisper_id: int, text: str) -> str:
    """Say something below a whisper without a name; returns the key of the form."""
    key = str(uuid4())
    with transaction(ctx):
        later_hidden(ctx, "whisper.echo", key=key, whisper_id=whisper_id, text=text)
    return key


def publish(ctx: Context, author: HiddenAuthor, *, text: str, audience: str) -> None:
    """Let a whisper be heard; called by the worker."""
    row = Whisper.create(**author.columns(ctx, Whisper), audience=audience, text=text)
    author.keep(ctx, "whisper.publish", row, audience=audience)


def publish_echo(ctx: Context, author: HiddenAuthor, *, whisper_id: int, text: str) -> None:
    """Let an echo be heard; called by the worker."""
    row = locked(Whisper.select().where((Whisper.id == whisper_id) & visible(ctx, Whisper))).first()
    if row is None:
        raise NotFound
    thread = [row, *Echo.select().where(Echo.whisper == row.id)]
    said = Echo.create(**author.columns(ctx, Echo, thread=thread), whisper=row.id, text=text)
    author.keep(ctx, "whisper.echo", said, row)


def heard(ctx: Context, whisper_id: int) -> Heard:
    """Return what a whisper says."""
    found: Any = Whisper.get_or_none((Whisper.id == whisper_id) & visible(ctx, Whisper))
    if found is None:
        raise NotFound
    below = Echo.select().where(Echo.whisper == found.id).order_by(Echo.id)
    return Heard(
        found.text, found.alias_letter, tuple((one.alias_letter, one.text) for one in below)
    )
