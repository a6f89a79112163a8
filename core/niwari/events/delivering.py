"""Delivering one event to one subscriber.

The handler runs in a transaction that also marks its delivery done: at least once, and exactly once
for what it writes to the database. What is decided about quarantine is written outside of it, so
that nobody waits for a handler because of that.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import is_postgresql
from niwari.db.transaction import immediate
from niwari.events.models import DEAD, DONE, DROPPED, PENDING, Delivery, Event
from niwari.host.dispatch import Dispatcher, contained
from niwari.host.faults import describe, is_plugins_fault
from niwari.host.loaded import Plugin
from niwari.host.municipality import find_municipality
from niwari.host.quarantine import Dark
from niwari.host.registry import Host
from niwari.host.town_state import TownState, state_of

FIRST_DELAY, LONGEST_DELAY, ATTEMPTS = timedelta(minutes=1), timedelta(hours=6), 12
WAITING = timedelta(minutes=5)
"""How long a delivery waits whose subscriber is paused, in quarantine or not ready."""
PORTION = 1_000
"""How many deliveries are put off at once."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A subscriber that can be called now; ``handle`` lets it hear the event."""

    ctx: Context
    event: Event
    plugin: str
    core: bool
    is_dark: bool
    handle: Callable[[], object]

    @property
    def surface(self) -> str:
        """What of the plugin is called, as quarantine names it."""
        return _surface(self.event)


def _surface(event: Event) -> str:
    return f"handler {event.name}"


def deliver(dispatcher: Dispatcher, delivery_id: int, now: datetime) -> bool:
    """Deliver what is still due at ``now``; returns whether it was ended.

    Whoever listed it may have been overtaken: then it is somebody else's, or put off.
    """
    tried = _attempt(dispatcher, delivery_id, now)
    if isinstance(tried, bool):
        return tried
    try:
        trial = dispatcher.enter(tried.ctx, tried.plugin, tried.surface)
    except Dark:
        _wait_while_dark(tried, now)
        return False
    return _attempt(dispatcher, delivery_id, now, entered=True, trial=trial) is True


def _attempt(
    dispatcher: Dispatcher,
    delivery_id: int,
    now: datetime,
    *,
    entered: bool = False,
    trial: bool = False,
) -> bool | _Call:
    """Deliver; or return the call if its part is in quarantine and was not entered yet."""
    call, error, micros = None, None, 0
    try:
        with immediate():
            # Whoever may try a part does so, also if others who may not have just put this off.
            delivery = _claimed(delivery_id, now + WAITING if trial else now)
            if delivery is None:
                return False
            found = _found(dispatcher, delivery, now)
            if not isinstance(found, _Call) or (found.is_dark and not entered):
                return found
            call = found
            _value, error, micros = contained(call.handle)
            _note(dispatcher, delivery, now, error)
    except Exception as refused:
        if call is None or not is_plugins_fault(refused):
            raise  # the database is away; the next run tries again
        error = refused
        _put_off_refused(dispatcher, delivery_id, now, refused)
    dispatcher.settle(
        call.ctx, call.plugin, call.surface, error, micros, core=call.core, trial=trial
    )
    return error is None


def _claimed(delivery_id: int, due_by: datetime) -> Delivery | None:
    query: Any = Delivery.select().where(
        (Delivery.id == delivery_id) & (Delivery.state == PENDING) & (Delivery.due_at <= due_by)
    )
    if is_postgresql():
        query = query.for_update("FOR UPDATE SKIP LOCKED")
    found: Delivery | None = query.first()
    return found


def _found(dispatcher: Dispatcher, delivery: Delivery, now: datetime) -> _Call | bool:
    """Return whom to call. Where nobody is, put off or end the delivery; then whether it ended."""
    event, name = Event.get_by_id(delivery.event_id), delivery.plugin
    ctx = _context(event, name, now)
    town = state_of(ctx.municipality.id, ctx.municipality.revision)
    plugin = dispatcher.host.plugins.get(name)
    handle = None
    if plugin is not None:
        if _must_wait(dispatcher.host, plugin, event.name, town):
            _put_off(event, name, now)
            return False
        if plugin.core or name in town.on:
            handle = _handle(dispatcher.host, ctx, event, name)
    if plugin is None or handle is None:
        _end(delivery, DROPPED, now, attempts=delivery.attempts + 1)
        return True
    is_dark = (name, _surface(event)) in town.dark
    return _Call(ctx, event, name, plugin.core, is_dark, handle)


def _must_wait(host: Host, plugin: Plugin, event_name: str, town: TownState) -> bool:
    """Tell whether a subscriber will hear of it later.

    It is paused; or it is on, but it or who declares the event has stopped or waits for its
    migrations.
    """
    if not plugin.core and plugin.name not in town.on:
        return plugin.name in town.paused
    sides = (plugin.name, event_name.partition(".")[0])
    return any(side in host.plugins and not host.is_ready(side) for side in sides)


def _handle(host: Host, ctx: Context, event: Event, name: str) -> Callable[[], object] | None:
    """Return what lets a subscriber hear the event; ``None`` where it is no longer interested."""
    handler, kind = host.handler(name, event.name), host.event_type(event.name)
    if handler is None or kind is None:
        return None
    known = {item.name for item in fields(kind)}

    def handle() -> object:
        values = json.loads(event.data)
        return handler(ctx, kind(**{k: v for k, v in values.items() if k in known}))

    return handle


def _context(event: Event, plugin: str, now: datetime) -> Context:
    town = find_municipality(event.municipality_id, tokyo_day(now))
    if town is None:
        raise LookupError(f"event {event.id}: municipality {event.municipality_id} is not there")
    return Context(town, None, now, request_id=event.request_id, actor=plugin)


def _note(
    dispatcher: Dispatcher, delivery: Delivery, now: datetime, error: BaseException | None
) -> None:
    """Write what came of a call, while nobody else can take the delivery."""
    attempts = delivery.attempts + 1
    if error is None:
        _end(delivery, DONE, now, attempts=attempts)
        return
    what = describe(error, dispatcher.host.plugins[delivery.plugin].package)[:200]
    if attempts >= ATTEMPTS:
        _end(delivery, DEAD, now, attempts=attempts, what=what)
        return
    delay = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    Delivery.update(attempts=attempts, what=what, due_at=now + delay).where(
        Delivery.id == delivery.id
    ).execute()


def _end(delivery: Delivery, state: str, now: datetime, **more: Any) -> None:
    Delivery.update(state=state, ended_at=now, **more).where(Delivery.id == delivery.id).execute()


def _put_off_refused(
    dispatcher: Dispatcher, delivery_id: int, now: datetime, error: Exception
) -> None:
    """Put off a delivery that the database refused when it was committed; the others go on."""
    with immediate():
        delivery = _claimed(delivery_id, now)
        if delivery is not None:
            _note(dispatcher, delivery, now, error)


def _wait_while_dark(call: _Call, now: datetime) -> None:
    """Let what is in quarantine wait; what was lit meanwhile stays due, for the next look."""
    with immediate():
        town = _context(call.event, call.plugin, now).municipality
        if (call.plugin, call.surface) in state_of(town.id, town.revision).dark:
            _put_off(call.event, call.plugin, now)


def _put_off(event: Event, plugin: str, now: datetime) -> None:
    """Let whatever is due to the same handler in the same municipality wait; that is no attempt.

    All of it at once: one by one, a backlog that cannot be delivered there would keep the events of
    other municipalities waiting behind it.
    """
    alike: Any = (
        Delivery.select(Delivery.id)
        .join(Event)
        .where(
            (Delivery.state == PENDING)
            & (Delivery.plugin == plugin)
            & (Delivery.due_at <= now)
            & (Event.name == event.name)
            & (Event.municipality_id == event.municipality_id)
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(PORTION)
    )
    if is_postgresql():
        alike = alike.for_update("FOR UPDATE SKIP LOCKED", of=Delivery)
    Delivery.update(due_at=now + WAITING).where(Delivery.id.in_(alike)).execute()
