"""However much waits or has ended, a look and a purge read the part of an index that they need."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from niwari.db import database, is_postgresql, transaction
from niwari.events.models import Delivery
from niwari.events.purging import KEPT_FOR, purge_old
from niwari.events.service import deliver_due
from niwari.testing.world import World

STAFF = "staff@koriyama"


@pytest.fixture
def world(crashers: World) -> World:
    """A world with an event, for which 2,000 subscribers of the future wait, and as many ended."""
    from niwari_crasher import service  # type: ignore[import-not-found]  # on the path in tests

    ctx = crashers.ctx_for(STAFF)
    service.fall(ctx)
    waiting = Delivery.get()
    later = ctx.now + timedelta(days=90)
    common = {"event": waiting.event_id, "due_at": later}
    with transaction(ctx):
        for plugin in ("crasher", "neighbour"):
            Delivery.insert_many([{**common, "plugin": plugin}] * 1_000).execute()
            ended = {**common, "plugin": plugin, "state": "done", "ended_at": later}
            Delivery.insert_many([ended] * 1_000).execute()
    database.execute_sql("ANALYZE")
    return crashers


@contextmanager
def explained(verb: str) -> Iterator[list[str]]:
    """Gather how the engine carried out the statements of the block that concern deliveries."""
    plans: list[str] = []
    seen: list[tuple[str, Any]] = []

    def notice(event: Any) -> None:
        if event.sql.startswith(verb) and '"events_delivery"' in event.sql:
            seen.append((event.sql, event.params))

    database.query_hooks.append(notice)
    try:
        yield plans
    finally:
        database.query_hooks.remove(notice)
    explain = "EXPLAIN" if is_postgresql() else "EXPLAIN QUERY PLAN"
    for sql, params in seen:
        found = database.execute_sql(f"{explain} {sql}", params).fetchall()
        plans.append("\n".join(str(row[-1]) for row in found))


def test_what_is_due_is_found_by_subscriber_and_time(world: World) -> None:
    with explained("SELECT") as plans:
        assert deliver_due(world.clock() - timedelta(days=1)) == 0
    # Which subscriber is next, three times, and what is due to each of the two.
    assert len(plans) == 5
    for plan in plans:
        assert "events_delivery_state_plugin_due_at_id" in plan


def test_no_look_at_what_is_due_reads_all_that_waits(
    world: World, queries: Callable[[], Any]
) -> None:
    with queries() as log:
        deliver_due(world.clock() - timedelta(days=1))
    assert [sql for sql in log.statements if "DISTINCT" in sql] == []


def test_what_has_ended_is_found_by_the_time_of_its_end(world: World) -> None:
    with explained("DELETE") as plans:
        assert purge_old(world.clock() + KEPT_FOR + timedelta(seconds=1)) == 0
    ended, without_delivery = plans
    assert "events_delivery_state_ended_at" in ended
    # Event by event, or in one pass over both tables; never a list of all deliveries in memory.
    expected = "Anti Join" if is_postgresql() else "events_delivery_event_id"
    assert expected in without_delivery
