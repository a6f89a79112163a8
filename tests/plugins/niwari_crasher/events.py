"""What the crasher tells, and what it does on hearing it."""

from dataclasses import dataclass

from niwari.api import Context
from niwari_crasher.models import Shard
from niwari_crasher.switch import crash_at


@dataclass(frozen=True)
class Broke:
    """Something fell; ``times`` says how often."""

    times: int


def on_broke(ctx: Context, event: Broke) -> None:
    """Leave a shard, then fail at "handler"."""
    Shard.create()
    crash_at("handler")
