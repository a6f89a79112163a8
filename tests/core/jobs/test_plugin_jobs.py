"""Jobs of plugins: once for each municipality that has the plugin on, whatever befalls the others."""

from collections.abc import Callable
from datetime import timedelta
from threading import Event, Thread
from types import ModuleType

import pytest

from niwari.clock import FrozenClock
from niwari.db import connection, database, transaction
from niwari.host.models import Failure, Quarantine
from niwari.jobs.models import JobRun, WorkerSign
from niwari.jobs.scheduled import work_of
from niwari.jobs.signs import GONE_AFTER, at_work, is_cut_off, leave_sign, this_worker
from niwari.jobs.working import MOST_ATTEMPTS, work_off
from niwari.testing.workshop import Workshop
from niwari.testing.world import KORIYAMA, MIHARU, SUKAGAWA, World
from tests.core.jobs.trying import PLUGIN

THREE = {KORIYAMA, SUKAGAWA, MIHARU}


@pytest.fixture
def world(open_world: Callable[..., World], workshop: Workshop) -> World:
    """Three towns with the plugin tea on since 9:00, at 7:30 on the next day."""
    world = open_world([workshop.make("tea", PLUGIN)])
    world.clock.advance(hours=22, minutes=30)
    return world


@pytest.fixture
def tea(world: World) -> ModuleType:
    found = world.host.plugins["tea"].module
    assert found is not None
    return found


def towns(tea: ModuleType, what: str) -> list[str]:
    return sorted(code for told, code in tea.TOLD if told == what)


def states(job: str) -> list[str]:
    return [row.state for row in JobRun.select().where(JobRun.job == job).order_by(JobRun.id)]


def test_it_runs_once_in_each_municipality_as_a_named_actor(world: World, tea: ModuleType) -> None:
    seen: list[tuple[str, object, str]] = []
    original = tea._do

    def look(ctx: object, what: str) -> None:
        seen.append((ctx.actor, ctx.appointment, what))  # type: ignore[attr-defined]
        original(ctx, what)

    tea._do = look
    assert world.work() == 6
    assert world.work() == 0
    assert towns(tea, "brew") == sorted(THREE) == towns(tea, "pour")
    assert {(actor, post) for actor, post, what in seen if what == "brew"} == {("tea.brew", None)}
    assert states("tea.brew") == ["done"] * 3


def test_it_runs_outside_of_any_transaction(world: World, tea: ModuleType) -> None:
    seen: list[bool] = []
    tea._do = lambda ctx, what: seen.append(database.in_transaction())
    world.work()
    assert set(seen) == {False}


def test_it_does_not_run_where_the_plugin_is_off(world: World, tea: ModuleType) -> None:
    world.switch(SUKAGAWA, "tea", on=False)
    world.work()
    assert towns(tea, "brew") == sorted(THREE - {SUKAGAWA})


def test_switched_on_later_it_waits_for_its_next_time(world: World, tea: ModuleType) -> None:
    world.switch(SUKAGAWA, "tea", on=False)
    world.work()
    world.clock.advance(minutes=30)
    world.switch(SUKAGAWA, "tea", on=True)
    world.work()
    assert SUKAGAWA not in towns(tea, "brew")
    world.clock.advance(days=1)
    world.work()
    assert SUKAGAWA in towns(tea, "brew")


def test_times_that_passed_without_a_worker_are_made_up_for_once(
    world: World, tea: ModuleType
) -> None:
    world.clock.advance(days=3, hours=5)
    world.work()
    assert towns(tea, "brew") == towns(tea, "pour") == sorted(THREE)


def test_a_municipality_that_has_ended_has_no_jobs(world: World, tea: ModuleType) -> None:
    database.execute_sql(
        f"UPDATE directory_municipality SET ends_on = '2026-11-10' WHERE code = '{MIHARU}'"
    )
    world.work()
    assert towns(tea, "brew") == sorted(THREE - {MIHARU})


def test_one_that_fails_holds_up_nobody_and_says_where_not_what(
    world: World, tea: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    tea.FAIL.add(("brew", KORIYAMA))
    assert world.work() == 6
    failed = JobRun.get(JobRun.state == "failed")
    assert failed.error.startswith("RuntimeError niwari_tea/plugin.py:")
    assert "secret" not in failed.error
    assert [(row.surface, row.municipality_id) for row in Failure.select()] == [
        ("job tea.brew", failed.municipality_id)
    ]
    assert sorted(states("tea.brew")) == ["done", "done", "failed"]
    assert "secret word" in caplog.text


def test_one_that_keeps_failing_goes_dark_there_alone_and_is_tried_again(
    world: World, tea: ModuleType
) -> None:
    tea.FAIL.add(("pour", KORIYAMA))
    for _ in range(5):
        world.work()
        world.clock.advance(minutes=1, seconds=30)
        JobRun.delete().where(JobRun.job == "tea.pour").execute()
    assert Quarantine.get().surface == "job tea.pour"
    tea.TOLD.clear()
    world.work()
    assert towns(tea, "pour") == sorted(THREE - {KORIYAMA})
    tea.FAIL.clear()
    world.clock.advance(minutes=5)
    world.work()
    assert KORIYAMA in towns(tea, "pour")
    assert Quarantine.get().closed_at is not None


def test_what_a_job_wrote_in_a_transaction_that_failed_is_undone(
    world: World, tea: ModuleType
) -> None:
    def spoil(ctx: object, what: str) -> None:
        with transaction(ctx):  # type: ignore[arg-type]
            WorkerSign.create(worker=f"x{ctx.municipality.id}{what}", seen_at=ctx.now)  # type: ignore[attr-defined]
            raise SystemExit(3)

    tea._do = spoil
    assert world.work() == 6
    assert WorkerSign.select().where(WorkerSign.worker.startswith("x")).count() == 0
    assert set(states("tea.brew")) == {"failed"}


# -- cut off --------------------------------------------------------------------------------------


def cut(world: World, job: str, *, worker: str = "elsewhere:1:aa", attempts: int = 1) -> int:
    """Let a run be begun by another worker, which is gone or not."""
    town = world.ctx_for("staff@koriyama").municipality.id
    run = JobRun.create(
        job=job,
        municipality_id=town,
        due_at=world.clock() - timedelta(days=2),
        started_at=world.clock(),
        worker=worker,
        attempts=attempts,
    )
    return int(run.id)


def test_a_run_whose_worker_is_gone_is_done_again(world: World, tea: ModuleType) -> None:
    run = cut(world, "tea.brew")
    world.work()
    assert towns(tea, "brew").count(KORIYAMA) == 2
    row = JobRun.get_by_id(run)
    assert (row.state, row.attempts, row.worker) == ("done", 2, this_worker())


def test_one_that_may_not_be_done_again_is_shown_as_cut_off(world: World, tea: ModuleType) -> None:
    run = cut(world, "tea.pour")
    world.work()
    assert JobRun.get_by_id(run).state == "cut"
    assert towns(tea, "pour").count(KORIYAMA) == 1


def test_one_that_kills_each_worker_is_not_begun_for_ever(world: World, tea: ModuleType) -> None:
    run = cut(world, "tea.brew", attempts=MOST_ATTEMPTS)
    world.work()
    assert JobRun.get_by_id(run).state == "cut"


def test_a_run_whose_worker_lives_is_left_alone_and_not_overtaken(
    world: World, tea: ModuleType
) -> None:
    WorkerSign.create(worker="elsewhere:1:aa", seen_at=world.clock())
    run = cut(world, "tea.brew")
    world.work()
    assert JobRun.get_by_id(run).state == "running"
    assert KORIYAMA not in towns(tea, "brew")
    world.clock.advance(seconds=GONE_AFTER.total_seconds() + 1)
    world.work()
    assert JobRun.get_by_id(run).state == "done"
    assert towns(tea, "brew").count(KORIYAMA) == 2


def test_this_worker_knows_what_it_is_not_at(world: World, tea: ModuleType) -> None:
    leave_sign(world.clock())
    run = cut(world, "tea.brew", worker=this_worker())
    world.work()
    assert JobRun.get_by_id(run).state == "done"


def test_a_run_that_waits_ends_where_the_plugin_was_switched_off(
    world: World, tea: ModuleType
) -> None:
    run = cut(world, "tea.brew")
    world.switch(KORIYAMA, "tea", on=False)
    world.work()
    assert JobRun.get_by_id(run).state == "cut"
    assert KORIYAMA not in towns(tea, "brew")


def test_a_run_counts_as_its_own_work_though_another_one_of_the_job_is_looked_at(
    world: World,
) -> None:
    due, alive = world.clock(), frozenset[str]()
    mine, next_one = (work_of("tea.brew", 1, due + timedelta(days=day)) for day in (0, 1))
    with at_work(mine):
        with at_work(mine), at_work(next_one):
            assert not is_cut_off(next_one, this_worker(), alive)
        assert not is_cut_off(mine, this_worker(), alive)
        assert is_cut_off(next_one, this_worker(), alive)
    assert is_cut_off(mine, this_worker(), alive)


# -- bounds ---------------------------------------------------------------------------------------


def test_a_turn_that_is_over_begins_nothing_and_the_next_one_goes_on(
    world: World, tea: ModuleType, clock: FrozenClock
) -> None:
    assert work_off(clock, seconds=0) == 0
    assert tea.TOLD == []
    assert work_off(clock) == 6


def test_one_that_blocks_holds_one_thread_of_a_process_and_the_rest_goes_on(
    world: World, tea: ModuleType, clock: FrozenClock
) -> None:
    begun, go_on = Event(), Event()
    original = tea._do

    def block(ctx: object, what: str) -> None:
        original(ctx, what)
        if what == "brew":
            begun.set()
            go_on.wait(60)

    def work() -> None:
        with connection():
            world.work()

    tea._do = block
    blocked = Thread(target=work)
    blocked.start()
    try:
        assert begun.wait(60)
        world.work()
        assert len(towns(tea, "brew")) == 1
        assert towns(tea, "pour") == sorted(THREE)
    finally:
        go_on.set()
        blocked.join()
    world.work()
    assert towns(tea, "brew") == sorted(THREE)
