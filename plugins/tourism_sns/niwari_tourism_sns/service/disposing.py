"""Removing posts that are as old as the municipality keeps them."""

from datetime import date, datetime, time

from niwari.api import TOKYO, Context, Receipt, locked
from niwari_tourism_sns.models import Comment, Package, Post, PostPhoto, Reader, Text, Version

PORTION = 200
"""So many go in one transaction."""


def dispose(ctx: Context, before: date) -> Receipt:
    """Remove the municipality's next posts that were last saved before a day, with all below them.

    In the caller's transaction.
    """
    end = datetime.combine(before, time(), TOKYO)
    old = (Post.municipality == ctx.municipality.id) & (Post.changed_at < end)
    query = locked(Post.select(Post.id).where(old).order_by(Post.id).limit(PORTION))
    ids = [row.id for row in query]
    if not ids:
        return Receipt()
    gone = sum(
        model.select().where(model.post.in_(ids)).count()
        for model in (Text, PostPhoto, Version, Reader, Comment, Package)
    )
    gone += Post.delete().where(Post.id.in_(ids)).execute()
    return Receipt(erased=gone)
