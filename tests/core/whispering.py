"""Whispers for the tests of the core: written without a name, and published at once."""

from typing import Any

from niwari.context import Context
from niwari.notices.days import next_quarter
from niwari.vault.publishing import publish_due

KIND = "whisper.whisper"


def whisper(ctx: Context, text: str, **how: Any) -> int:
    """Let somebody whisper, and the worker publish what waits; returns the id of the row."""
    from niwari_whisper.models import Whisper
    from niwari_whisper.service import whisper as write

    key = write(ctx, text, **how)
    publish_due(next_quarter(ctx.now))
    return int(Whisper.get(Whisper.key == key).id)
