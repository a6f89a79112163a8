"""Offering something, and what is offered."""

from niwari.api import Context, transaction
from niwari_lending.models import Item

MOST = 100


def offered(ctx: Context) -> list[str]:
    """Return what can be borrowed in the acting municipality, the newest first."""
    query = Item.select(Item.name).where(Item.municipality == ctx.municipality.id)
    return [item.name for item in query.order_by(Item.id.desc()).limit(MOST)]


def offer(ctx: Context, name: str) -> None:
    """Let something be borrowed by the people of the acting municipality."""
    with transaction(ctx):
        Item.create(
            municipality=ctx.municipality.id, lender=ctx.acting.id, name=name, offered_at=ctx.now
        )
