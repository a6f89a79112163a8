"""Removing events that are over."""

from datetime import datetime, timedelta
from typing import Any

from peewee import SQL, fn

from niwari.db.transaction import immediate
from niwari.events.models import DEAD, DONE, DROPPED, Delivery, Event

KEPT_FOR = timedelta(days=30)
PORTION = 1_000
"""How many rows go in one transaction, so that nobody who writes waits long."""


def purge_old(now: datetime) -> int:
    """Remove events that ended more than ``KEPT_FOR`` ago; returns how many."""
    before = now - KEPT_FOR
    ended = (Delivery.state.in_((DONE, DROPPED, DEAD))) & (Delivery.ended_at < before)
    _remove(Delivery, ended)
    waits = fn.EXISTS(Delivery.select(SQL("1")).where(Delivery.event == Event.id))
    return _remove(Event, (Event.at < before) & ~waits)


def _remove(model: Any, condition: Any) -> int:
    found = model.select(model.id).where(condition).limit(PORTION)
    removed = 0
    while True:
        with immediate():
            gone: int = model.delete().where(model.id.in_(found)).execute()
        removed += gone
        if gone < PORTION:
            return removed
