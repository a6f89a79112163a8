"""What is over goes after thirty days, in portions; what waits stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from niwari.db import transaction
from niwari.events import purging
from niwari.events.models import Delivery, Event
from niwari.events.purging import KEPT_FOR, purge_old
from niwari.testing.world import World


@pytest.fixture
def world(crashers: World) -> World:
    """A world with the crasher, which hears itself."""
    return crashers


def fall(world: World, times: int) -> None:
    from niwari_crasher import service  # type: ignore[import-not-found]  # on the path in tests

    ctx = world.ctx_for("staff@koriyama")
    with transaction(ctx):
        for _ in range(times):
            service.fall(ctx)


def test_what_has_ended_goes_after_thirty_days_and_what_waits_stays(world: World) -> None:
    fall(world, 4)
    ids = [d.id for d in Delivery.select().order_by(Delivery.id)]
    for number, state in zip(ids, ("done", "dropped", "dead", "pending"), strict=True):
        ended = None if state == "pending" else world.clock()
        Delivery.update(state=state, ended_at=ended).where(Delivery.id == number).execute()
    assert purge_old(world.clock() + KEPT_FOR) == 0
    assert purge_old(world.clock() + KEPT_FOR + timedelta(seconds=1)) == 3
    assert [d.state for d in Delivery.select()] == ["pending"]
    assert Event.select().count() == 1


def test_it_goes_in_portions_between_which_others_can_write(
    world: World, queries: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "PORTION", 2)
    fall(world, 5)
    assert world.deliver() == 5
    with queries() as log:
        assert purge_old(world.clock() + KEPT_FOR + timedelta(seconds=1)) == 5
    deletes = [sql for sql in log.statements if sql.startswith("DELETE")]
    assert len(deletes) == 6  # 2, 2 and 1 deliveries, then as many events
    assert Delivery.select().count() == Event.select().count() == 0
