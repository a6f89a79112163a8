"""Removing notes whose time is over."""

from datetime import date, datetime, time

from niwari.api import TOKYO, Context, Receipt
from niwari_dummy.models import Note, Reply

PORTION = 100


def dispose(ctx: Context, before: date) -> Receipt:
    """Remove the municipality's next notes that were written before a day, with their replies."""
    until = datetime.combine(before, time(), TOKYO)
    old = (Note.municipality == ctx.municipality.id) & (Note.written_at < until)
    found = Note.select(Note.id).where(old).order_by(Note.id).limit(PORTION)
    ids = [row.id for row in found]
    count = Reply.delete().where(Reply.note.in_(ids)).execute()
    return Receipt(erased=count + Note.delete().where(Note.id.in_(ids)).execute())
