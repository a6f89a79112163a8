"""One row with a hidden author, for a demo that has this plugin."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from niwari.api import Context
from niwari_whisper.service import whisper


def load_demo(ctx_for: Callable[..., Context]) -> Iterator[datetime]:
    """Let somebody of Miharu write without a name; it is published at the instant that is yielded."""
    ctx = ctx_for("staff@miharu")
    whisper(ctx, "Coffee machine, 3F")
    yield ctx.now + timedelta(minutes=15)
