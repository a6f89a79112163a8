"""Tasks of one key when two workers take them in the same instant."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from niwari.db import connection, database, is_postgresql, transaction
from niwari.host.discovery import Found
from niwari.jobs import tasks
from niwari.jobs.later import later
from niwari.jobs.models import TaskRow
from niwari.testing.workshop import Workshop
from niwari.testing.world import World
from tests.core.jobs.trying import PLUGIN


@pytest.fixture
def found(workshop: Workshop) -> Found:
    """The plugin tea."""
    return workshop.make("tea", PLUGIN)


@pytest.fixture
def world(open_world: Callable[..., World], found: Found) -> World:
    """Three towns with the plugin tea on, whose jobs have run."""
    world = open_world([found])
    world.work()
    return world


def ask(world: World, *, key: str = "", cups: int = 0) -> None:
    ctx = world.ctx_for("staff@koriyama")
    with transaction(ctx):
        assert later(ctx, "tea.wash", key=key, cups=cups)


def states() -> list[str]:
    return [row.state for row in TaskRow.select().order_by(TaskRow.id)]


def washed(world: World) -> list[str]:
    module = world.host.plugins["tea"].module
    return [what for what, _code in module.TOLD if what.startswith("wash")]  # type: ignore[union-attr]


def somebody_waits() -> bool:
    found = database.execute_sql("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)")
    return bool(found.fetchone()[0])


def test_of_two_of_one_key_that_are_taken_in_the_same_instant_one_is(world: World) -> None:
    ask(world, key="cups", cups=1)
    TaskRow.update(open_key=None).execute()  # as one that failed while the same was asked for anew
    ask(world, key="cups", cups=2)
    first, second = TaskRow.select().order_by(TaskRow.id)
    now = world.clock()

    def take() -> bool:
        with connection():
            return tasks._taken(second, now)

    with ThreadPoolExecutor(1) as pool:
        with database.atomic():
            assert tasks._taken(first, now)
            other = pool.submit(take)
            while is_postgresql() and not somebody_waits():
                assert not other.done()
        assert not other.result(60)
    assert states() == ["running", "waiting"]
    assert TaskRow.get_by_id(second.id).due_at > now


def test_the_key_of_one_that_ended_or_waits_again_is_free(world: World) -> None:
    module = world.host.plugins["tea"].module
    module.FAIL.add("wash 1")  # type: ignore[union-attr]
    ask(world, key="cups", cups=1)
    ask(world, key="plates", cups=2)
    world.work()
    ask(world, key="plates", cups=3)
    world.clock.advance(minutes=1)
    world.work()
    assert washed(world) == ["wash 1", "wash 2", "wash 3", "wash 1"]
    assert states() == ["waiting", "done", "done"]
    assert {row.open_key for row in TaskRow.select().where(TaskRow.state == "done")} == {None}
