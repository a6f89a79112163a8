"""Jobs that are due once a month: what says that a run was done outlives the time until the next."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from types import ModuleType

import pytest

from niwari.admin.job_acts import run_now
from niwari.host.discovery import Found
from niwari.jobs.models import JobRun
from niwari.jobs.service import KEPT_FOR, SELDOM_KEPT_FOR
from niwari.schedule import make_worker_queue
from niwari.specs.contributions import Monthly
from niwari.testing.workshop import Workshop
from niwari.testing.world import World
from tests.core.jobs.trying import PLUGIN

ONE_DAY = timedelta(days=1)


@pytest.fixture
def found(workshop: Workshop) -> Found:
    """The plugin tea, which brews on the first of the month."""
    return workshop.make("tea", PLUGIN.replace("Daily(", "Monthly(1, "))


@pytest.fixture
def world(open_world: Callable[..., World], found: Found) -> World:
    """Three towns with the plugin on, at 9:00 on 10 November."""
    return open_world([found])


@pytest.fixture
def tea(world: World) -> ModuleType:
    found = world.host.plugins["tea"].module
    assert found is not None
    return found


def purge(world: World) -> None:
    """Do what the worker does every hour."""
    jobs = {job.name: job for job in make_worker_queue(world.settings, world.clock).jobs}
    jobs["jobs.purge"].run(world.clock())


def kept(job: str) -> list[timedelta]:
    """How old the kept runs of a job are, measured from the newest."""
    due = [row.due_at for row in JobRun.select().where(JobRun.job == job).order_by(JobRun.due_at)]
    return sorted({due[-1] - one for one in due})


def test_it_runs_once_a_month_though_old_runs_are_removed(world: World, tea: ModuleType) -> None:
    world.clock.advance(days=22)  # 2 December
    for _day in range(60):  # until 31 January
        world.work()
        purge(world)
        world.clock.advance(days=1)
    brewed = Counter(code for what, code in tea.TOLD if what == "brew")
    assert set(brewed.values()) == {2}


def test_it_is_not_run_again_because_somebody_ran_it_by_hand(world: World, tea: ModuleType) -> None:
    world.clock.advance(days=22)
    world.work()
    world.clock.advance(days=20)
    it = world.ctx_for("it@koriyama")
    assert run_now(it, world.app.extensions["niwari"].dispatcher, "tea.brew")
    for _twice in range(2):
        world.work()
        purge(world)
    assert len([what for what, _code in tea.TOLD if what == "brew"]) == 3 + 1


def test_it_is_not_run_again_because_its_package_was_away(
    world: World, open_world: Callable[..., World], found: Found
) -> None:
    world.clock.advance(days=22)
    world.work()
    world.clock.advance(days=20)
    purge(open_world([]))
    back = open_world([found])
    assert back.work() == 3  # those that are due every five minutes
    assert len(kept("tea.brew")) == 1


def test_what_is_due_more_often_goes_after_fourteen_days(world: World) -> None:
    for _day in range(40):
        world.work()
        purge(world)
        world.clock.advance(days=1)
    assert max(kept("tea.pour")) <= KEPT_FOR
    assert max(kept("tea.brew")) <= SELDOM_KEPT_FOR


@pytest.mark.parametrize("day", [1, 28, 29, 30, 31])
def test_a_month_is_shorter_than_what_is_seldom_is_kept(world: World, day: int) -> None:
    schedule, now = Monthly(day, "07:30"), world.clock()
    for _day in range(800):
        now += ONE_DAY
        assert now - schedule.latest(now) < SELDOM_KEPT_FOR - timedelta(hours=1)
