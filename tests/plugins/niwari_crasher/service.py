"""Breaking things."""

from niwari.api import Context, publish, transaction
from niwari_crasher.events import Broke
from niwari_crasher.models import Shard
from niwari_crasher.switch import crash_at, is_told


def fall(ctx: Context, times: int = 1) -> None:
    """Say that something fell, then fail at "fall" before it is committed."""
    with transaction(ctx):
        publish(ctx, Broke(times))
        crash_at("fall")


class Crashing:
    """The service; fails at "method"."""

    def pieces(self) -> int:
        """Return how many shards there are."""
        crash_at("method")
        return int(Shard.select().count())


def crashing(_ctx: Context) -> Crashing:
    """Make the service; leaves a shard and fails at "service"."""
    if is_told("service"):
        Shard.create()
    crash_at("service")
    return Crashing()
