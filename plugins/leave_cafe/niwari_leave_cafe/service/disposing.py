"""Removing experiences that are as old as the municipality keeps them."""

from datetime import date

from niwari.api import Context, Receipt, locked
from niwari_leave_cafe.models import Experience, Thanks

PORTION = 200
"""So many go in one transaction."""


def dispose(ctx: Context, before: date) -> Receipt:
    """Remove the municipality's next experiences of before a day, with their marks.

    In the caller's transaction.
    """
    old = (Experience.municipality == ctx.municipality.id) & (Experience.posted_on < before)
    ids = [
        row.id
        for row in locked(
            Experience.select(Experience.id).where(old).order_by(Experience.id).limit(PORTION)
        )
    ]
    if not ids:
        return Receipt()
    gone: int = Thanks.delete().where(Thanks.experience.in_(ids)).execute()
    gone += Experience.delete().where(Experience.id.in_(ids)).execute()
    return Receipt(erased=gone)
