"""Knocking."""

from niwari.api import Context, transaction
from niwari_neighbour.models import Knock


def knock(ctx: Context) -> None:
    """Knock at the door."""
    with transaction(ctx):
        Knock.create(appointment=ctx.acting.id, at=ctx.now)


def knocks(ctx: Context) -> int:
    """Return how often the acting person has knocked."""
    count: int = Knock.select().where(Knock.appointment == ctx.acting.id).count()
    return count
