"""Publishing: an event and its deliveries stand and fall with what happened."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from niwari.db import transaction
from niwari.db.counting import counted_queries
from niwari.directory.enabling import switch
from niwari.events.models import Delivery, Event
from niwari.events.service import (
    bell,
    committed,
    deliver_due,
    publish,
    publish_each,
    ring_the_worker_with,
)
from niwari.host.discovery import Found
from niwari.host.registry import Host
from niwari.host.town_state import PAUSED
from niwari.jobs.service import start_embedded_worker
from niwari.schedule import make_worker_queue
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, World

STAFF = "staff@koriyama"
PATIENCE = 30

Rung = list[tuple[str, ...]]

HEARER = """
heard = []

@hookimpl
def subscriptions():
    return [Subscription("crasher.Broke", lambda ctx, event: heard.append(event.times))]
"""


@pytest.fixture
def world(
    workshop: Workshop,
    open_world: Callable[..., World],
    trial_plugins: Mapping[str, Found],
    crash: Callable[..., None],
) -> World:
    """A world with the crasher, which hears itself, and the hearer, which hears it too."""
    from niwari.testing.workshop import MANIFEST

    crash()
    manifest = MANIFEST.format(name="hearer") + 'uses = ["crasher"]\n'
    hearer = workshop.make("hearer", HEARER, manifest=manifest)
    return open_world([trial_plugins["crasher"], hearer])


def fall(world: World, times: int = 1, login: str = STAFF) -> None:
    from niwari_crasher import service  # type: ignore[import-not-found]  # on the path in tests

    service.fall(world.ctx_for(login), times)


def test_one_event_and_a_delivery_for_each_subscriber_are_written(world: World) -> None:
    fall(world, 3)
    ctx = world.ctx_for(STAFF)
    (event,) = Event.select()
    assert (event.name, event.municipality_id, event.at, json.loads(event.data)) == (
        "crasher.Broke",
        ctx.municipality.id,
        world.clock(),
        {"times": 3},
    )
    waiting = [(d.event_id, d.plugin, d.state, d.due_at) for d in Delivery.select()]
    assert sorted(waiting) == [
        (event.id, "crasher", "pending", world.clock()),
        (event.id, "hearer", "pending", world.clock()),
    ]


def test_many_events_are_written_in_sets_each_with_its_deliveries(world: World) -> None:
    from niwari_crasher.events import Broke  # type: ignore[import-not-found]  # on the path in tests

    def queries(count: int) -> int:
        ctx = world.ctx_for(STAFF)
        with transaction(ctx), counted_queries() as log:
            publish_each(ctx, (Broke(times) for times in range(count)))
        return len(log)

    assert queries(0) == 0
    assert queries(1) == queries(200)
    events = list(Event.select().order_by(Event.id))
    assert [json.loads(event.data)["times"] for event in events] == [0, *range(200)]
    waiting = sorted((d.event_id, d.plugin) for d in Delivery.select())
    assert waiting == [(one.id, name) for one in events for name in ("crasher", "hearer")]


def test_what_was_undone_never_happened(world: World, crash: Callable[..., None]) -> None:
    crash("fall")
    with pytest.raises(RuntimeError, match="on purpose"):
        fall(world)
    assert Event.select().count() == Delivery.select().count() == 0


def test_a_subscriber_that_is_off_in_the_town_gets_no_delivery(world: World) -> None:
    world.switch(KORIYAMA, "hearer", on=False)
    fall(world)
    fall(world, login="staff@sukagawa")
    plugins = [d.plugin for d in Delivery.select().order_by(Delivery.id)]
    assert plugins == ["crasher", "crasher", "hearer"]


def test_a_subscriber_that_is_paused_in_the_town_gets_its_delivery(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    switch(ctx, ctx.municipality.id, "hearer", PAUSED)
    fall(world)
    assert sorted(d.plugin for d in Delivery.select()) == ["crasher", "hearer"]


def test_publishing_outside_a_transaction_is_refused(world: World) -> None:
    from niwari_crasher.events import Broke  # type: ignore[import-not-found]  # see above

    with pytest.raises(RuntimeError, match="inside the transaction"):
        publish(world.ctx_for(STAFF), Broke(1))


def test_what_no_plugin_declares_is_refused_and_undoes_its_transaction(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    for thing in (object(), 3, KeyError("x")):
        with pytest.raises(LookupError, match="no plugin declares it"), transaction(ctx):
            publish(ctx, thing)
    assert Event.select().count() == 0


@pytest.mark.parametrize(("length", "is_kept"), [(76, True), (77, False)])
def test_a_name_that_cannot_be_kept_stops_its_plugin_at_the_start(
    workshop: Workshop, length: int, is_kept: bool
) -> None:
    name = "E" * length
    text = f"""
    from dataclasses import dataclass

    @dataclass(frozen=True)
    class {name}:
        "Something happened."

    @hookimpl
    def events():
        return [{name}]
    """
    plugin = Host({}, [workshop.make("odd", text)]).plugins["odd"]
    assert (plugin.error == "") is is_kept
    assert is_kept or plugin.error.endswith("choose a shorter name")


# -- the bell -------------------------------------------------------------------------------------


@pytest.fixture
def rung() -> Iterator[Rung]:
    """What was rung in this process."""
    rings: Rung = []

    def hear(names: tuple[str, ...]) -> None:
        rings.append(names)

    with committed.connected_to(hear):
        yield rings


def test_the_bell_rings_once_it_is_committed_and_not_before(world: World, rung: Rung) -> None:
    ctx = world.ctx_for(STAFF)
    with transaction(ctx):
        fall(world)
        assert rung == []
    assert rung == [("crasher.Broke",)]


def test_a_transaction_rings_once_however_many_events_it_published(
    world: World, rung: Rung
) -> None:
    heard: list[str] = []

    def hear(name: str) -> None:
        heard.append(name)

    with bell("crasher.Broke").connected_to(hear), transaction(world.ctx_for(STAFF)):
        for _ in range(5):
            fall(world)
    assert (rung, heard) == ([("crasher.Broke",)], ["crasher.Broke"])
    assert Event.select().count() == 5
    fall(world)
    assert len(rung) == 2


def test_a_transaction_leaves_one_task_for_the_worker(world: World) -> None:
    queue = make_worker_queue(world.settings, world.clock)
    with transaction(world.ctx_for(STAFF)):
        for _ in range(5):
            fall(world)
    assert len(queue) == 1


def test_what_was_undone_rings_no_bell(
    world: World, rung: Rung, crash: Callable[..., None]
) -> None:
    crash("fall")
    with pytest.raises(RuntimeError, match="on purpose"):
        fall(world)
    assert rung == []


def test_after_what_was_undone_the_next_rings_as_ever(
    world: World, rung: Rung, crash: Callable[..., None]
) -> None:
    crash("fall")
    with pytest.raises(RuntimeError, match="on purpose"):
        fall(world)
    crash()
    fall(world)
    assert rung == [("crasher.Broke",)]


def test_a_receiver_that_fails_keeps_no_other_from_hearing_and_harms_no_publisher(
    world: World, rung: Rung
) -> None:
    heard: Rung = []

    def fail(names: tuple[str, ...]) -> None:
        raise LookupError(names)

    def hear_too(names: tuple[str, ...]) -> None:
        heard.append(names)

    with committed.connected_to(fail), committed.connected_to(hear_too):
        fall(world)
    assert rung == heard == [("crasher.Broke",)]
    assert Event.select().count() == 1


def test_the_bell_wakes_the_worker_which_delivers_without_waiting_for_the_minute(
    world: World,
) -> None:
    from niwari_crasher.models import Shard  # type: ignore[import-not-found]  # see above

    delivered = threading.Event()

    def watch(delivery: Any) -> None:
        delivered.set()

    queue = make_worker_queue(world.settings, world.clock)
    queue.post_execute(name="watch")(lambda task, value, error: watch(task))
    fall(world)
    assert len(queue) == 1
    consumer = start_embedded_worker(queue, world.clock)
    try:
        assert delivered.wait(PATIENCE)
    finally:
        consumer.stop(graceful=True)
    assert {d.state for d in Delivery.select()} == {"done"}
    assert Shard.select().count() == 1


def test_a_bell_that_nobody_hears_costs_one_look(world: World) -> None:
    ring_the_worker_with(lambda: None)
    fall(world)
    assert deliver_due(world.clock()) == 2
