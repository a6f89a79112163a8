"""A pause: nothing is heard while it lasts, nothing is lost, and other towns do not wait for it."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from niwari.directory.enabling import switch
from niwari.events.models import Delivery
from niwari.events.service import deliver_due
from niwari.host.town_state import OFF, ON, PAUSED
from niwari.testing.world import World

STAFF, NEXT_DOOR = "staff@koriyama", "staff@sukagawa"


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher, which hears itself and leaves a shard for each event."""
    return crashers


def fall(world: World, times: int = 1, login: str = STAFF) -> None:
    from niwari_crasher import service  # type: ignore[import-not-found]  # on the path in tests

    for _ in range(times):
        service.fall(world.ctx_for(login))


def bring(world: World, state: str) -> None:
    """Bring the crasher into a state in 郡山市."""
    ctx = replace(world.ctx_for(STAFF), appointment=None, actor="test")
    switch(ctx, ctx.municipality.id, "crasher", state)


def states() -> list[tuple[str, int]]:
    return [(d.state, d.attempts) for d in Delivery.select().order_by(Delivery.id)]


def test_what_waits_when_the_pause_begins_is_delivered_after_it(world: World) -> None:
    fall(world)
    bring(world, PAUSED)
    assert world.deliver() == 0
    assert states() == [("pending", 0)]
    bring(world, ON)
    world.clock.advance(minutes=5)
    assert world.deliver() == 1
    assert states() == [("done", 1)]


def test_what_happens_during_the_pause_is_delivered_after_it(world: World) -> None:
    bring(world, PAUSED)
    fall(world)
    for _ in range(15):
        assert world.deliver() == 0
        world.clock.advance(minutes=5)
    bring(world, ON)
    assert world.deliver() == 1
    assert states() == [("done", 1)]


def test_a_pause_that_ends_in_off_drops_what_waited(world: World) -> None:
    bring(world, PAUSED)
    fall(world)
    bring(world, OFF)
    assert world.deliver() == 1
    assert states() == [("dropped", 1)]


@pytest.mark.parametrize("why", ["paused", "dark"])
def test_what_cannot_be_delivered_in_one_town_keeps_no_other_town_waiting(
    world: World, crash: Callable[..., None], why: str
) -> None:
    if why == "dark":
        crash("handler")
        fall(world, 5)
        world.deliver()
        crash()
    else:
        bring(world, PAUSED)
    fall(world, 12)
    fall(world, login=NEXT_DOOR)
    assert deliver_due(world.clock(), most=4) == 0
    assert deliver_due(world.clock(), most=4) == 1
    assert states()[-1] == ("done", 1)
