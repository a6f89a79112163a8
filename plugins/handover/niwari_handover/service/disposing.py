"""Removing what was last of use longer ago than the municipality keeps it."""

from datetime import date, datetime, time
from typing import Any

from peewee import SQL, fn

from niwari.api import TOKYO, Context, Receipt, locked, name_readers
from niwari_handover.models import Duty, Handing, Holder, Item, Message, Notebook, Version

NOTEBOOKS, HANDINGS = "notebooks", "handings"
"""The categories of plugin.toml: what is written, and who handed what over."""
PORTION = 200
"""So many rows of a kind go in one transaction, with those below them."""


def dispose(ctx: Context, category: str, before: date) -> Receipt:
    """Remove the municipality's next rows of ``category`` that were last of use before a day.

    In the caller's transaction.
    """
    until = datetime.combine(before, time(), TOKYO)
    if category == HANDINGS:
        return Receipt(erased=_handings(ctx, before, until))
    return Receipt(erased=_written(ctx, before, until))


def _written(ctx: Context, before: date, until: datetime) -> int:
    """Remove duties, versions that were replaced, and notebooks in which nothing is left.

    A duty is of use as long as somebody saves it or looks whether it still holds, and until it is taken
    out; a version until the next one is saved; a notebook as long as there is anything in it.
    """
    old = (
        (Duty.municipality == ctx.municipality.id)
        & (Duty.changed_at < until)
        & (Duty.reviewed_on.is_null() | (Duty.reviewed_on < before))
        & (Duty.removed_at.is_null() | (Duty.removed_at < until))
    )
    duties = _ids(Duty, old)
    duties = _ids(Duty, old & Duty.id.in_(_held(Duty, duties)))
    name_readers(Duty, duties)
    gone: int = Version.delete().where(Version.duty.in_(duties)).execute()
    gone += Duty.delete().where(Duty.id.in_(duties)).execute()
    later = Version.alias()
    replaced = later.select(SQL("1")).where(
        (later.duty == Version.duty)
        & (later.number == Version.number + 1)
        & (later.saved_at < until)
    )
    here = (Duty.municipality == ctx.municipality.id) & fn.EXISTS(replaced)
    versions = [row.id for row in Version.select(Version.id).join(Duty).where(here).limit(PORTION)]
    gone += Version.delete().where(Version.id.in_(versions)).execute()
    return gone + _notebooks(ctx, until)


def _notebooks(ctx: Context, until: datetime) -> int:
    inside = [
        fn.EXISTS(model.select(SQL("1")).where(model.notebook == Notebook.id))
        for model in (Duty, Message, Handing)
    ]
    empty = (Notebook.municipality == ctx.municipality.id) & (Notebook.opened_at < until)
    for one in inside:
        empty &= ~one
    some = locked(Notebook.select(Notebook.id).where(empty).order_by(Notebook.id).limit(PORTION))
    books = _ids(Notebook, empty & Notebook.id.in_([row.id for row in some]))
    name_readers(Notebook, books)
    gone: int = Holder.delete().where(Holder.notebook.in_(books)).execute()
    return gone + int(Notebook.delete().where(Notebook.id.in_(books)).execute())


def _handings(ctx: Context, before: date, until: datetime) -> int:
    """Remove handings over that are closed or called off, questions, and who held a post before."""
    own = Notebook.municipality == ctx.municipality.id
    over = (Handing.closed_at < until) | (Handing.ended_at < until)
    query = Handing.select(Handing.id).join(Notebook).where(own & over)
    handings = _held(Handing, [row.id for row in query.order_by(Handing.id).limit(PORTION)])
    gone: int = Item.delete().where(Item.handing.in_(handings)).execute()
    gone += Handing.delete().where(Handing.id.in_(handings)).execute()
    reply = Message.alias()
    newer = reply.select(SQL("1")).where((reply.question == Message.id) & (reply.said_at >= until))
    asked = Message.question.is_null() & (Message.said_at < until) & ~fn.EXISTS(newer)
    query = Message.select(Message.id).join(Notebook).where(own & asked)
    found = _held(Message, [row.id for row in query.order_by(Message.id).limit(PORTION)])
    questions = [row.id for row in Message.select(Message.id).where(Message.id.in_(found) & asked)]
    gone += Message.delete().where(Message.question.in_(questions)).execute()
    gone += Message.delete().where(Message.id.in_(questions)).execute()
    query = Holder.select(Holder.id).join(Notebook).where(own & (Holder.ends_on < before))
    former = [row.id for row in query.order_by(Holder.id).limit(PORTION)]
    return gone + int(Holder.delete().where(Holder.id.in_(former)).execute())


def _ids(model: Any, condition: Any) -> list[int]:
    return [
        row.id for row in model.select(model.id).where(condition).order_by(model.id).limit(PORTION)
    ]


def _held(model: Any, ids: list[int]) -> list[int]:
    """Return ``ids`` with their notebooks locked, as whoever writes in one does."""
    books = model.select(model.notebook).where(model.id.in_(ids))
    locked(
        Notebook.select(Notebook.id).where(Notebook.id.in_(books)).order_by(Notebook.id)
    ).execute()
    return ids
