"""One row with a hidden author, for a demo that has this plugin."""

from collections.abc import Callable

from niwari.api import Context
from niwari_whisper.service import whisper


def load_demo(ctx_for: Callable[..., Context]) -> None:
    """Let somebody of Miharu write without a name."""
    whisper(ctx_for("staff@miharu"), "Coffee machine, 3F")
