"""Work that waits for a plugin whose package is gone for a moment, or which is not ready."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from niwari.db import transaction
from niwari.host.discovery import Found
from niwari.jobs.later import later
from niwari.jobs.models import JobRun, TaskRow
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, World
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


def ask(world: World) -> None:
    ctx = world.ctx_for("staff@koriyama")
    with transaction(ctx):
        later(ctx, "tea.wash", cups=3)


def begun(world: World, job: str, state: str) -> int:
    """Let a run of an earlier day be in a state; returns its id."""
    earlier = world.clock() - timedelta(days=2)
    town = world.ctx_for("staff@koriyama").municipality.id
    run = JobRun.create(
        job=job, municipality_id=town, due_at=earlier, started_at=earlier, state=state, worker="x"
    )
    return int(run.id)


def states() -> list[str]:
    return [row.state for row in TaskRow.select().order_by(TaskRow.id)]


def test_a_task_of_a_plugin_whose_package_is_gone_is_done_once_it_is_back(
    world: World, open_world: Callable[..., World], found: Found
) -> None:
    ask(world)
    away = open_world([])
    assert away.work() == 0
    assert states() == ["waiting"]
    world.clock.advance(minutes=5)
    back = open_world([found])
    back.work()
    module = back.host.plugins["tea"].module
    assert module is not None
    assert states() == ["done"]
    assert ("wash 3", KORIYAMA) in module.TOLD


def test_a_task_is_dropped_where_the_plugin_was_switched_off_before_its_package_went(
    world: World, open_world: Callable[..., World]
) -> None:
    ask(world)
    world.switch(KORIYAMA, "tea", on=False)
    open_world([]).work()
    assert states() == ["dropped"]


def test_runs_that_wait_or_were_cut_off_are_done_once_the_package_is_back(
    world: World, open_world: Callable[..., World], found: Found
) -> None:
    runs = [begun(world, "tea.brew", "running"), begun(world, "tea.pour", "waiting")]
    open_world([]).work()
    assert [JobRun.get_by_id(run).state for run in runs] == ["running", "waiting"]
    open_world([found]).work()
    assert [JobRun.get_by_id(run).state for run in runs] == ["done", "done"]


def test_runs_are_shown_as_cut_off_where_the_plugin_was_switched_off_before_its_package_went(
    world: World, open_world: Callable[..., World]
) -> None:
    runs = [begun(world, "tea.brew", "running"), begun(world, "tea.pour", "waiting")]
    world.switch(KORIYAMA, "tea", on=False)
    open_world([]).work()
    assert [JobRun.get_by_id(run).state for run in runs] == ["cut", "cut"]


def test_a_run_of_a_job_that_its_plugin_declares_no_more_is_shown_as_cut_off(world: World) -> None:
    run = begun(world, "tea.gone", "waiting")
    world.work()
    assert JobRun.get_by_id(run).state == "cut"
