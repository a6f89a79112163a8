"""Tasks: asked for in a transaction, done once that is committed, at least once, never lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from peewee import IntegrityError

from niwari.db import is_postgresql, transaction
from niwari.host.models import Failure
from niwari.jobs.later import later
from niwari.jobs.models import QueueTask, TaskRow, WorkerSign
from niwari.jobs.tasks import ATTEMPTS
from niwari.jobs.working import do_asked
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, SUKAGAWA, World
from tests.core.jobs.elsewhere import WAITS, elsewhere
from tests.core.jobs.trying import PLUGIN

STAFF, NEIGHBOUR = "staff@koriyama", "staff@sukagawa"


@pytest.fixture
def world(open_world: Callable[..., World], workshop: Workshop) -> World:
    """Three towns with the plugin tea on, whose jobs have run."""
    world = open_world([workshop.make("tea", PLUGIN)])
    world.work()
    return world


@pytest.fixture
def tea(world: World) -> ModuleType:
    found = world.host.plugins["tea"].module
    assert found is not None
    found.TOLD.clear()
    return found


def ask(world: World, *, login: str = STAFF, **given: Any) -> bool:
    ctx = world.ctx_for(login)
    with transaction(ctx):
        return later(ctx, "tea.wash", **given)


def rows() -> list[tuple[str, int]]:
    return [(row.state, row.attempts) for row in TaskRow.select().order_by(TaskRow.id)]


def washed(tea: ModuleType) -> list[str]:
    return [what for what, _code in tea.TOLD if what.startswith("wash")]


def test_it_is_done_with_its_values_in_the_municipality_of_whoever_asked(
    world: World, tea: ModuleType
) -> None:
    assert ask(world, cups=3)
    assert ask(world, login=NEIGHBOUR, cups=4)
    assert world.work() == 2
    assert tea.TOLD == [("wash 3", KORIYAMA), ("wash 4", SUKAGAWA)]
    assert rows() == [("done", 1), ("done", 1)]
    assert world.work() == 0


def test_what_was_rolled_back_was_never_asked_for(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    with pytest.raises(LookupError), transaction(ctx):
        later(ctx, "tea.wash")
        raise LookupError
    assert rows() == []


def test_the_workers_are_woken_after_the_commit_and_not_before(world: World) -> None:
    QueueTask.delete().execute()
    ctx = world.ctx_for(STAFF)
    with transaction(ctx):
        later(ctx, "tea.wash")
        assert QueueTask.select().count() == 0
    assert QueueTask.select().count() == 1


def test_the_same_work_is_asked_for_once_while_it_waits(world: World, tea: ModuleType) -> None:
    assert [ask(world, key="cups", cups=n) for n in (1, 2, 3)] == [True, False, False]
    assert ask(world, key="plates", cups=7)
    assert ask(world, login=NEIGHBOUR, key="cups", cups=9)
    world.work()
    assert sorted(washed(tea)) == ["wash 1", "wash 7", "wash 9"]
    assert ask(world, key="cups", cups=4)
    world.work()
    assert "wash 4" in washed(tea)


def test_what_is_asked_for_while_it_is_being_done_is_done_after_it(
    world: World, tea: ModuleType
) -> None:
    original = tea._do

    def ask_meanwhile(ctx: Any, what: str) -> None:
        original(ctx, what)
        if len(tea.TOLD) == 1:
            assert ask(world, key="cups", cups=2)
            assert not ask(world, key="cups", cups=3)

    tea._do = ask_meanwhile
    ask(world, key="cups", cups=1)
    world.work()
    assert washed(tea) == ["wash 1", "wash 2"]


def test_what_waits_is_not_begun_before_whoever_asked_for_it_again_is_done(
    world: World, tea: ModuleType
) -> None:
    ask(world, key="cups", cups=1)
    ctx = world.ctx_for(STAFF)
    with transaction(ctx):
        assert not later(ctx, "tea.wash", key="cups")
        assert elsewhere(lambda: do_asked(world.clock)) == WAITS
    assert washed(tea) == []
    world.work()
    assert washed(tea) == ["wash 1"]


def test_those_who_ask_for_what_waits_do_not_wait_for_each_other(world: World) -> None:
    for key in ("cups", "plates"):
        ask(world, key=key)
    ctx = world.ctx_for(STAFF)

    def ask_both() -> list[bool]:
        with transaction(ctx):
            return [later(ctx, "tea.wash", key=key) for key in ("plates", "cups")]

    with transaction(ctx):
        assert not later(ctx, "tea.wash", key="cups")
        # SQLite has one writer.
        assert elsewhere(ask_both) == ([False, False] if is_postgresql() else WAITS)
        assert not later(ctx, "tea.wash", key="plates")


def test_what_cannot_be_kept_for_another_reason_is_an_error(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    nowhere = replace(ctx, municipality=replace(ctx.municipality, id=999_999))
    with pytest.raises(IntegrityError), transaction(ctx):
        later(nowhere, "tea.wash", key="cups")


def test_two_of_one_key_are_never_at_it_together(world: World, tea: ModuleType) -> None:
    ask(world, key="cups", cups=1)
    TaskRow.update(state="running", open_key=None, worker="elsewhere:1:aa").execute()
    WorkerSign.create(worker="elsewhere:1:aa", seen_at=world.clock())
    ask(world, key="cups", cups=2)
    world.work()
    assert washed(tea) == []


def test_it_is_not_done_before_its_time(world: World, tea: ModuleType) -> None:
    ask(world, after=world.clock() + timedelta(hours=2))
    world.work()
    assert washed(tea) == []
    world.clock.advance(hours=2)
    world.work()
    assert washed(tea) == ["wash"]


def test_one_that_fails_is_tried_again_later_and_later_and_then_is_dead(
    world: World, tea: ModuleType
) -> None:
    tea.FAIL.add("wash")
    ask(world)
    ask(world, cups=1)
    waited: list[float] = []
    while TaskRow.get_by_id(1).state == "waiting":
        world.work()
        row = TaskRow.get_by_id(1)
        waited.append((row.due_at - world.clock()).total_seconds() / 60)
        world.clock.set(max(row.due_at, world.clock()) + timedelta(minutes=1))
        if len(waited) > 4 * ATTEMPTS:
            break
    first = TaskRow.get_by_id(1)
    assert (first.state, first.attempts) == ("dead", ATTEMPTS)
    assert waited[:3] == [1.0, 2.0, 4.0]
    assert max(waited) <= 360
    assert first.what.startswith("RuntimeError niwari_tea/plugin.py:")
    assert "secret" not in first.what
    assert TaskRow.get_by_id(2).state == "done"
    assert {row.surface for row in Failure.select()} == {"task tea.wash"}


def test_where_the_plugin_is_off_it_is_dropped_and_elsewhere_done(
    world: World, tea: ModuleType
) -> None:
    ask(world, cups=1)
    ask(world, login=NEIGHBOUR, cups=2)
    world.switch(KORIYAMA, "tea", on=False)
    world.work()
    assert tea.TOLD == [("wash 2", SUKAGAWA)]
    assert rows() == [("dropped", 0), ("done", 1)]


def test_what_a_killed_worker_was_at_is_done_by_the_next(world: World, tea: ModuleType) -> None:
    ask(world, key="cups", cups=1)
    TaskRow.update(state="running", open_key=None, worker="elsewhere:1:aa").execute()
    world.work()
    assert rows() == [("waiting", 1)]
    world.clock.advance(minutes=1)
    world.work()
    assert washed(tea) == ["wash 1"]
    assert rows() == [("done", 2)]


def test_one_that_failed_keeps_its_values_beside_what_was_asked_for_meanwhile(
    world: World, tea: ModuleType
) -> None:
    original = tea._do

    def ask_and_fail(ctx: Any, what: str) -> None:
        original(ctx, what)
        if len(tea.TOLD) == 1:
            ask(world, key="cups", cups=2)
            raise RuntimeError

    tea._do = ask_and_fail
    ask(world, key="cups", cups=1)
    world.work()
    assert washed(tea) == ["wash 1", "wash 2"]
    world.clock.advance(minutes=1)
    world.work()
    assert washed(tea) == ["wash 1", "wash 2", "wash 1"]
    assert rows() == [("done", 2), ("done", 1)]


@pytest.mark.parametrize("value", [1.5, ["a"], object()])
def test_values_that_cannot_be_kept_are_refused(world: World, value: Any) -> None:
    with pytest.raises(ValueError, match="cups must be a str, int or bool"):
        ask(world, cups=value)


def test_too_much_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="longer than 10000 characters"):
        ask(world, cups="x" * 10_000)
    with pytest.raises(ValueError, match="its key has more than 120 characters"):
        ask(world, key="x" * 121)


def test_a_task_that_nobody_declares_is_refused(world: World) -> None:
    ctx = world.ctx_for(STAFF)
    with transaction(ctx), pytest.raises(LookupError, match="no plugin declares it"):
        later(ctx, "tea.unknown")


def test_outside_a_transaction_it_is_refused(world: World) -> None:
    with pytest.raises(RuntimeError, match="inside the transaction"):
        later(world.ctx_for(STAFF), "tea.wash")


def test_one_that_blocks_holds_one_thread_of_a_process_and_is_not_begun_by_another(
    world: World, tea: ModuleType
) -> None:
    original = tea._do
    seen: list[int] = []

    def look_meanwhile(ctx: Any, what: str) -> None:
        original(ctx, what)
        if not seen:
            seen.append(elsewhere(lambda: do_asked(world.clock)))

    tea._do = look_meanwhile
    ask(world, cups=1)
    ask(world, login=NEIGHBOUR, cups=2)
    world.work()
    assert seen == [0]
    assert washed(tea) == ["wash 1", "wash 2"]
