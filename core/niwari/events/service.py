"""Publishing and delivering events.

``publish`` writes in the caller's transaction: what was rolled back never happened. The worker runs
each handler in a transaction that also marks its delivery done: at least once, and exactly once for
what the handler writes to the database.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from typing import Any

from blinker import Namespace

from niwari.clock import tokyo_day
from niwari.context import Context, MunicipalityRef
from niwari.db import database, is_postgresql, rows
from niwari.db.transaction import immediate
from niwari.events.models import DEAD, DONE, DROPPED, PENDING, Delivery, Event
from niwari.host.dispatch import Dispatcher, Outcome
from niwari.host.enablement import active, active_plugins
from niwari.host.faults import describe, is_plugins_fault
from niwari.host.quarantine import Dark
from niwari.host.running import running
from niwari.specs.contributions import event_text

log = logging.getLogger(__name__)

FIRST_DELAY, LONGEST_DELAY, ATTEMPTS = timedelta(minutes=1), timedelta(hours=6), 12
WAITING = timedelta(minutes=5)
"""How long a delivery waits whose subscriber is in quarantine or not ready."""
KEPT_FOR = timedelta(days=30)

_bells = Namespace()


def bell(name: str) -> Any:
    """Return the blinker signal that rings in this process after an event was committed.

    For receivers of the host alone: a ring may be lost or come for nothing, so it only says "look".
    """
    return _bells.signal(name)


committed = _bells.signal("niwari.committed")
"""Rings after any event was committed."""


_receivers: list[Callable[[str], None]] = []


def ring_the_worker_with(wake: Callable[[], object]) -> None:
    """Let ``wake`` be called after each event that this process commits, in place of an earlier one."""
    for receiver in _receivers:
        committed.disconnect(receiver)

    def receive(_name: str) -> None:
        wake()

    _receivers[:] = [receive]
    committed.connect(receive)


def publish(ctx: Context, event: Any) -> None:
    """Say that ``event`` happened, in the caller's transaction; ``event`` is of a declared type.

    Raises ``RuntimeError`` outside a transaction and ``LookupError`` for a type that no loaded
    plugin declares.
    """
    if not database.in_transaction():
        raise RuntimeError(f"publish({event!r}): call it inside the transaction of what happened")
    dispatcher = running()
    name = _name_of(dispatcher, event)
    row = Event.insert(
        name=name,
        municipality_id=ctx.municipality.id,
        at=ctx.now,
        data=event_text(event),
        request_id=ctx.request_id,
    ).execute()
    # Also one that is on but not ready, as after an update: its deliveries wait for it.
    on = active_plugins(ctx.municipality)
    deliveries = [
        {"event": row, "plugin": plugin, "due_at": ctx.now}
        for plugin in dispatcher.host.subscribers(name)
        if plugin in on or dispatcher.host.plugins[plugin].core
    ]
    if deliveries:
        Delivery.insert_many(deliveries).execute()
    database.after_commit(lambda: _ring(name))


def _name_of(dispatcher: Dispatcher, event: Any) -> str:
    name = dispatcher.host.event_name(type(event)) if is_dataclass(event) else None
    if name is None:
        raise LookupError(
            f"event {type(event).__name__}: no plugin declares it; return it from the hook 'events'"
        )
    return name


def _ring(name: str) -> None:
    for signal in (bell(name), committed):
        # One by one: a receiver's failure must not keep the others from hearing.
        for receiver in signal.receivers_for(name):
            try:
                receiver(name)
            except Exception:
                log.exception("a receiver of %s failed", name)


def deliver_due(now: datetime, *, most: int = 500) -> int:
    """Deliver what is due, the oldest first, ``most`` at a time; returns how many were ended.

    Any number of workers may do so at once.
    """
    ended = 0
    dispatcher = running()
    for delivery_id in _due(now, most):
        ended += _deliver(dispatcher, delivery_id, now)
        dispatcher.failing.write_waiting()
    dispatcher.write_costs()
    return ended


def _due(now: datetime, most: int) -> list[int]:
    """Return what is due, the oldest first; each subscriber has its share, however much waits."""
    due = (Delivery.state == PENDING) & (Delivery.due_at <= now)
    waiting = [plugin for (plugin,) in rows(Delivery.select(Delivery.plugin).where(due).distinct())]
    found: list[tuple[datetime, int]] = []
    for plugin in waiting:
        query = Delivery.select(Delivery.due_at, Delivery.id).where(
            due & (Delivery.plugin == plugin)
        )
        oldest = query.order_by(Delivery.due_at, Delivery.id).limit(max(most // len(waiting), 1))
        found += [(due_at, delivery_id) for due_at, delivery_id in rows(oldest)]
    return [delivery_id for _due_at, delivery_id in sorted(found)]


class _NotDone(Exception):
    """Rolls the handler's transaction back."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.plugin)
        self.outcome = outcome


class _NotReady(Exception):
    """The subscriber, or who declares the event, has stopped or waits for its migrations."""


def _deliver(dispatcher: Dispatcher, delivery_id: int, now: datetime) -> bool:
    try:
        with immediate():
            delivery = _claimed(delivery_id)
            if delivery is None:
                return False
            outcome = _handle(dispatcher, delivery, now)
            if outcome is not None and outcome.error is not None:
                raise _NotDone(outcome)
            state = DROPPED if outcome is None else DONE
            _end(delivery_id, state, now, attempts=delivery.attempts + 1)
    except _NotDone as failed:
        _postpone(dispatcher, delivery_id, now, failed.outcome)
        return False
    except Exception as error:
        if not is_plugins_fault(error):
            raise  # the database is away; the next run tries again
        _refused_at_its_end(dispatcher, delivery_id, now, error)
        return False
    return True


def _refused_at_its_end(
    dispatcher: Dispatcher, delivery_id: int, now: datetime, error: Exception
) -> None:
    """Put off a delivery that the database refused when it was committed; the others go on."""
    delivery = Delivery.get_by_id(delivery_id)
    event = Event.get_by_id(delivery.event_id)
    ctx = _context(event, delivery.plugin, now)
    dispatcher.settle(ctx, delivery.plugin, f"handler {event.name}", error, 0)
    _postpone(dispatcher, delivery_id, now, Outcome(delivery.plugin, None, error, 0))


def _claimed(delivery_id: int) -> Delivery | None:
    query: Any = Delivery.select().where((Delivery.id == delivery_id) & (Delivery.state == PENDING))
    if is_postgresql():
        query = query.for_update("FOR UPDATE SKIP LOCKED")
    found: Delivery | None = query.first()
    return found


def _handle(dispatcher: Dispatcher, delivery: Delivery, now: datetime) -> Outcome | None:
    """Call the subscriber; ``None`` where it is off, gone or no longer interested.

    One that is on but has stopped or waits for its migrations gets the event once it is ready.
    """
    event = Event.get_by_id(delivery.event_id)
    host = dispatcher.host
    ctx = _context(event, delivery.plugin, now)
    plugin = host.plugins.get(delivery.plugin)
    if plugin is None or not (plugin.core or active(ctx.municipality, plugin.name)):
        return None
    sender = host.plugins.get(event.name.partition(".")[0])
    if any(side is not None and not host.is_ready(side.name) for side in (plugin, sender)):
        return Outcome(plugin.name, None, _NotReady(plugin.name), 0)
    handler = host.handler(delivery.plugin, event.name)
    kind = host.event_type(event.name)
    if handler is None or kind is None:
        return None
    values = json.loads(event.data)
    known = {item.name for item in fields(kind)}
    return dispatcher.guarded(
        ctx,
        delivery.plugin,
        f"handler {event.name}",
        lambda: handler(ctx, kind(**{k: v for k, v in values.items() if k in known})),
    )


def _context(event: Event, plugin: str, now: datetime) -> Context:
    town = _municipality(event.municipality_id, tokyo_day(now))
    return Context(town, None, now, request_id=event.request_id, actor=plugin)


def _municipality(municipality_id: int, day: date) -> MunicipalityRef:
    mark = "%s" if is_postgresql() else "?"
    found = database.execute_sql(
        "SELECT m.id, m.code, m.name, m.revision, r.region_id "  # noqa: S608 - constants
        "FROM directory_municipality m LEFT JOIN directory_region_membership r "
        f"ON r.municipality_id = m.id AND r.starts_on <= {mark} "
        f"AND (r.ends_on IS NULL OR r.ends_on >= {mark}) WHERE m.id = {mark}",
        (day, day, municipality_id),
    ).fetchone()
    return MunicipalityRef(*found)


def _end(delivery_id: int, state: str, now: datetime, **more: Any) -> None:
    Delivery.update(state=state, ended_at=now, **more).where(Delivery.id == delivery_id).execute()


def _postpone(dispatcher: Dispatcher, delivery_id: int, now: datetime, outcome: Outcome) -> None:
    with immediate():
        delivery = _claimed(delivery_id)
        if delivery is None:
            return
        if isinstance(outcome.error, Dark | _NotReady):
            # Waiting for a quarantine to end, or for an update, is no attempt.
            Delivery.update(due_at=now + WAITING).where(Delivery.id == delivery_id).execute()
            return
        attempts = delivery.attempts + 1
        package = dispatcher.host.plugins[outcome.plugin].package
        what = describe(outcome.error, package)[:200] if outcome.error else ""
        if attempts >= ATTEMPTS:
            _end(delivery_id, DEAD, now, attempts=attempts, what=what)
            return
        delay = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
        Delivery.update(attempts=attempts, what=what, due_at=now + delay).where(
            Delivery.id == delivery_id
        ).execute()


def purge_old(now: datetime) -> int:
    """Remove events that ended more than ``KEPT_FOR`` ago; returns how many."""
    before = now - KEPT_FOR
    with immediate():
        Delivery.delete().where(
            Delivery.state.in_((DONE, DROPPED, DEAD)) & (Delivery.ended_at < before)
        ).execute()
        left = Delivery.select(Delivery.event)
        removed: int = Event.delete().where((Event.at < before) & Event.id.not_in(left)).execute()
    return removed
