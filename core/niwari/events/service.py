"""Publishing events, and delivering those that are due.

``publish`` writes in the caller's transaction: what was rolled back never happened. The worker
delivers (see ``delivering``).
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import is_dataclass
from datetime import datetime
from threading import local
from typing import Any

from blinker import Namespace
from peewee import fn

from niwari.context import Context
from niwari.db import database, rows
from niwari.db.committed import once_after_commit
from niwari.db.sets import chunks
from niwari.events.delivering import deliver
from niwari.events.models import PENDING, Delivery, Event
from niwari.host.dispatch import Dispatcher
from niwari.host.running import running
from niwari.host.town_state import state_of
from niwari.specs.contributions import event_text

log = logging.getLogger(__name__)

_bells = Namespace()


def bell(name: str) -> Any:
    """Return the blinker signal that rings in this process after events of a name were committed.

    Once for each transaction, however many there were. For receivers of the host alone: a ring may
    be lost or come for nothing, so it only says "look".
    """
    return _bells.signal(name)


committed = _bells.signal("niwari.committed")
"""Rings once after each transaction that published, with the names of its events in a tuple."""

_to_ring = local()

_receivers: list[Callable[[tuple[str, ...]], None]] = []


def ring_the_worker_with(wake: Callable[[], object]) -> None:
    """Let ``wake`` be called once after each transaction of this process that published.

    It takes the place of an earlier one.
    """
    for receiver in _receivers:
        committed.disconnect(receiver)

    def receive(_names: tuple[str, ...]) -> None:
        wake()

    _receivers[:] = [receive]
    committed.connect(receive)


def publish(ctx: Context, event: Any) -> None:
    """Say that ``event`` happened, in the caller's transaction; ``event`` is of a declared type.

    Raises ``RuntimeError`` outside a transaction and ``LookupError`` for a type that no loaded
    plugin declares.
    """
    publish_each(ctx, (event,))


def publish_each(ctx: Context, events: Iterable[Any]) -> None:
    """Say that all ``events`` happened in the municipality of ``ctx``, as ``publish`` says one.

    For what happens to very many at once: they are written in sets.
    """
    dispatcher = running()
    for some in chunks(events):
        if not database.in_transaction():
            raise RuntimeError(
                f"publish({some[0]!r}): call it inside the transaction of what happened"
            )
        written = [
            (
                _name_of(dispatcher, event),
                ctx.municipality.id,
                ctx.now,
                event_text(event),
                ctx.request_id,
            )
            for event in some
        ]
        fields = [Event.name, Event.municipality_id, Event.at, Event.data, Event.request_id]
        made = Event.insert_many(written, fields).returning(Event.id, Event.name)
        _deliver_later(ctx, dispatcher, sorted(made.tuples().execute()))
        _names_to_ring().update(name for name, *_ in written)
        # Each time: after a rollback the names are still there, but whoever would have rung is not.
        once_after_commit("events.ring", _ring)


def _deliver_later(
    ctx: Context, dispatcher: Dispatcher, written: Iterable[tuple[int, str]]
) -> None:
    """Write a delivery of each event (id, name) for each subscriber of the municipality."""
    host = dispatcher.host
    # Also one that is paused, or on but not ready, as after an update: its deliveries wait for it.
    town = state_of(ctx.municipality.id, ctx.municipality.revision)
    deliveries = [
        (event, plugin, ctx.now)
        for event, name in written
        for plugin in host.subscribers(name)
        if plugin in town.on or plugin in town.paused or host.plugins[plugin].core
    ]
    for some in chunks(deliveries):
        Delivery.insert_many(some, [Delivery.event, Delivery.plugin, Delivery.due_at]).execute()


def _name_of(dispatcher: Dispatcher, event: Any) -> str:
    name = dispatcher.host.event_name(type(event)) if is_dataclass(event) else None
    if name is None:
        raise LookupError(
            f"event {type(event).__name__}: no plugin declares it; return it from the hook 'events'"
        )
    return name


def _names_to_ring() -> set[str]:
    found: set[str] | None = getattr(_to_ring, "names", None)
    if found is None:
        found = _to_ring.names = set()
    return found


def _ring() -> None:
    """Ring for the whole transaction, however many events it had."""
    waiting = _names_to_ring()
    names = tuple(sorted(waiting))
    waiting.clear()
    for name in names:
        _send(bell(name), name)
    if names:
        _send(committed, names)


def _send(signal: Any, what: object) -> None:
    # One by one: a receiver's failure must not keep the others from hearing.
    for receiver in signal.receivers_for(what):
        try:
            receiver(what)
        except Exception:
            log.exception("a receiver of %s failed", what)


def deliver_due(now: datetime, *, most: int = 500) -> int:
    """Deliver what is due, the oldest first, ``most`` at a time; returns how many were ended.

    Any number of workers may do so at once.
    """
    ended = 0
    dispatcher = running()
    for delivery_id in _due(now, most):
        ended += deliver(dispatcher, delivery_id, now)
        dispatcher.failing.write_waiting()
    dispatcher.write_costs()
    return ended


def _due(now: datetime, most: int) -> list[int]:
    """Return what is due, the oldest first; each subscriber has its share, however much waits."""
    found = [oldest for plugin in _waited_for() if (oldest := _oldest(plugin, now, most))]
    share = max(most // max(len(found), 1), 1)
    return [number for _due_at, number in sorted(row for oldest in found for row in oldest[:share])]


def _waited_for() -> Iterator[str]:
    """Yield the subscribers that something waits for.

    Each is one step in the index; DISTINCT would read the whole backlog.
    """
    last: str | None = ""
    while last is not None:
        query = Delivery.select(fn.MIN(Delivery.plugin)).where(
            (Delivery.state == PENDING) & (Delivery.plugin > last)
        )
        last = query.scalar()
        if last is not None:
            yield last


def _oldest(plugin: str, now: datetime, most: int) -> list[tuple[datetime, int]]:
    query = Delivery.select(Delivery.due_at, Delivery.id).where(
        (Delivery.state == PENDING) & (Delivery.plugin == plugin) & (Delivery.due_at <= now)
    )
    oldest = rows(query.order_by(Delivery.due_at, Delivery.id).limit(most))
    return [(due_at, delivery_id) for due_at, delivery_id in oldest]
