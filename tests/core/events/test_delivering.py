"""Delivering: at least once, exactly once for what a handler writes, and nothing is lost on the way."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest

from niwari.db import connection, database
from niwari.events.delivering import ATTEMPTS
from niwari.events.models import Delivery, Event
from niwari.events.service import deliver_due
from niwari.host.discovery import Found
from niwari.host.models import Cost, Failure, Quarantine
from niwari.testing.world import KORIYAMA, SUKAGAWA, World

STAFF, NEXT_DOOR = "staff@koriyama", "staff@sukagawa"

Crash = Callable[..., None]


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher, which hears itself and leaves a shard for each event."""
    return crashers


def fall(world: World, times: int = 1, login: str = STAFF) -> None:
    """Let something fall so often, each time an event of its own."""
    from niwari_crasher import service  # type: ignore[import-not-found]  # on the path in tests

    for _ in range(times):
        service.fall(world.ctx_for(login))


def deliver(world: World) -> int:
    return deliver_due(world.clock())


def shards() -> int:
    ((count,),) = database.execute_sql("SELECT COUNT(*) FROM crasher_shard").fetchall()
    return int(count)


def states() -> list[tuple[str, int]]:
    return [(d.state, d.attempts) for d in Delivery.select().order_by(Delivery.id)]


# -- once -----------------------------------------------------------------------------------------


def test_an_event_is_delivered_once(world: World) -> None:
    fall(world)
    assert [deliver(world), deliver(world)] == [1, 0]
    assert (shards(), states()) == (1, [("done", 1)])
    assert Delivery.get().ended_at == world.clock()


def test_the_handler_acts_as_the_plugin_in_the_town_of_the_event(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Any] = []
    handlers = world.host._handlers["crasher.Broke"]
    monkeypatch.setitem(handlers, "crasher", lambda ctx, event: seen.append((ctx, event)))
    fall(world, login=NEXT_DOOR)
    world.clock.advance(minutes=1)
    deliver(world)
    ((ctx, event),) = seen
    assert (ctx.municipality.code, ctx.appointment, ctx.actor) == (SUKAGAWA, None, "crasher")
    assert (ctx.now, event.times) == (world.clock(), 1)


def test_what_a_failing_handler_wrote_is_undone_and_it_is_called_again(
    world: World, crash: Crash
) -> None:
    crash("handler")
    fall(world)
    assert deliver(world) == 0
    assert (shards(), states()) == (0, [("pending", 1)])
    row = Delivery.get()
    assert row.what.startswith("Crash niwari_crasher/")
    assert row.due_at == world.clock() + timedelta(minutes=1)
    crash()
    assert deliver(world) == 0
    world.clock.advance(minutes=1)
    assert deliver(world) == 1
    assert (shards(), states()) == (1, [("done", 2)])


def test_a_worker_that_is_killed_between_writing_and_marking_leaves_nothing_half_done(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    handlers = world.host._handlers["crasher.Broke"]
    whole = handlers["crasher"]

    def killed(ctx: Any, event: Any) -> None:
        whole(ctx, event)
        raise KeyboardInterrupt

    fall(world)
    monkeypatch.setitem(handlers, "crasher", killed)
    with pytest.raises(KeyboardInterrupt):
        deliver(world)
    assert (shards(), states()) == (0, [("pending", 0)])
    monkeypatch.setitem(handlers, "crasher", whole)
    assert deliver(world) == 1
    assert (shards(), states()) == (1, [("done", 1)])


def test_two_workers_at_once_deliver_each_event_once(world: World) -> None:
    fall(world, 6)
    now, together, ended = world.clock(), threading.Barrier(2), []

    def work() -> None:
        with connection():
            together.wait()
            ended.append(deliver_due(now))

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    deliver(world)
    assert shards() == 6
    assert states() == [("done", 1)] * 6


def test_a_failing_delivery_keeps_no_other_waiting(world: World, crash: Crash) -> None:
    fall(world)
    crash("handler")
    deliver(world)
    crash()
    fall(world)
    assert deliver(world) == 1
    assert states() == [("pending", 1), ("done", 1)]


# -- giving up ------------------------------------------------------------------------------------


def test_waits_double_up_to_six_hours_and_after_twelve_attempts_it_is_dead(
    world: World, crash: Crash
) -> None:
    crash("handler")
    fall(world)
    waits = []
    for _ in range(ATTEMPTS - 1):
        deliver(world)
        waits.append((Delivery.get().due_at - world.clock()) // timedelta(minutes=1))
        # Municipal IT ends the quarantine that comes of it, so that each is an attempt.
        Quarantine.delete().execute()
        _let_the_revision_grow(world)
        world.clock.advance(minutes=waits[-1])
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert deliver(world) == 0
    assert states() == [("dead", 12)]
    crash()
    world.clock.advance(days=1)
    assert deliver(world) == 0
    assert shards() == 0


def _let_the_revision_grow(world: World) -> None:
    world.switch(KORIYAMA, "neighbour", on=False)
    world.switch(KORIYAMA, "neighbour", on=True)


# -- off, gone, not ready -------------------------------------------------------------------------


def test_a_subscriber_that_was_switched_off_meanwhile_is_passed_over_in_that_town_alone(
    world: World,
) -> None:
    fall(world)
    fall(world, login=NEXT_DOOR)
    world.switch(KORIYAMA, "crasher", on=False)
    assert deliver(world) == 2
    assert [state for state, _ in states()] == ["dropped", "done"]
    world.switch(KORIYAMA, "crasher", on=True)
    assert deliver(world) == 0


def test_a_subscriber_whose_package_is_gone_is_passed_over(
    world: World, open_world: Callable[..., World], trial_plugins: Mapping[str, Found]
) -> None:
    fall(world)
    assert deliver(open_world([trial_plugins["neighbour"]])) == 1
    assert [state for state, _ in states()] == ["dropped"]


def test_a_subscriber_that_stopped_after_a_bad_update_gets_its_events_once_it_is_mended(
    world: World,
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    crash: Crash,
) -> None:
    fall(world)
    crash("declare")
    both = [trial_plugins["crasher"], trial_plugins["neighbour"]]
    assert deliver(open_world(both)) == 0
    assert states() == [("pending", 0)]
    crash()
    world.clock.advance(minutes=5)
    assert deliver(open_world(both)) == 1
    assert (shards(), states()) == (1, [("done", 1)])


def test_safe_mode_keeps_events_for_later(world: World, trial_plugins: Mapping[str, Found]) -> None:
    from niwari.app import load_host
    from niwari.host.dispatch import Dispatcher
    from niwari.host.running import bind

    fall(world)
    safe = Dispatcher(load_host([trial_plugins["crasher"]], safe_mode=True), world.clock)
    whole = world.app.extensions["niwari"].dispatcher
    bind(safe)
    try:
        assert deliver(world) == 0
    finally:
        bind(whole)
    world.clock.advance(minutes=5)
    assert deliver(world) == 1


def test_an_event_without_a_subscriber_is_kept_and_delivered_to_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(world.host._handlers, "crasher.Broke", {})
    fall(world)
    assert (Event.select().count(), Delivery.select().count()) == (1, 0)
    assert deliver(world) == 0


def test_what_an_older_version_told_is_read_by_the_newer(world: World) -> None:
    fall(world)
    Event.update(data='{"times": 2, "colour": "red"}').execute()
    assert deliver(world) == 1


def test_what_a_newer_version_cannot_read_fails_as_the_subscribers_and_waits(world: World) -> None:
    fall(world)
    Event.update(data="{}").execute()
    assert deliver(world) == 0
    assert states() == [("pending", 1)]
    assert [row.surface for row in Failure.select()] == ["handler crasher.Broke"]


# -- quarantine -----------------------------------------------------------------------------------


def test_a_handler_in_quarantine_waits_and_loses_nothing(world: World, crash: Crash) -> None:
    crash("handler")
    fall(world, 7)
    deliver(world)
    assert [(row.plugin, row.surface) for row in Quarantine.select()] == [
        ("crasher", "handler crasher.Broke")
    ]
    assert sorted(states()) == [("pending", 0)] * 2 + [("pending", 1)] * 5
    crash()
    for _ in range(4):
        world.clock.advance(minutes=1)
        assert deliver(world) == 0
    world.clock.advance(minutes=1)
    deliver(world)
    world.clock.advance(minutes=1)
    deliver(world)
    assert shards() == 7
    assert {state for state, _ in states()} == {"done"}


def test_a_handler_that_is_dark_here_hears_the_next_town(world: World, crash: Crash) -> None:
    crash("handler")
    fall(world, 5)
    deliver(world)
    crash()
    fall(world)
    fall(world, login=NEXT_DOOR)
    assert deliver(world) == 1
    assert shards() == 1
    assert world.client_for(STAFF).get("/crasher/").status_code == 200


def test_a_trial_of_a_handler_that_fails_doubles_its_wait(world: World, crash: Crash) -> None:
    crash("handler")
    fall(world, 5)
    deliver(world)
    world.clock.advance(minutes=5)
    deliver(world)
    assert Quarantine.get().delay_minutes == 10
    assert Failure.select().count() == 6


# -- figures ------------------------------------------------------------------------------------


def test_the_worker_writes_what_handlers_cost(world: World) -> None:
    fall(world)
    deliver(world)
    world.clock.advance(minutes=1)
    deliver(world)
    row = Cost.get(Cost.surface == "handler crasher.Broke")
    assert (row.plugin, row.calls, row.failed) == ("crasher", 1, 0)
