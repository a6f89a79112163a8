"""A job that is due once a week or a month fails as often in a row as any other before it is told."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType

import pytest

from niwari.admin.models import Trouble
from niwari.admin.troubles import TIMES
from niwari.host.discovery import Found
from niwari.jobs.models import JobRun
from niwari.jobs.service import SELDOM_KEPT_FOR
from niwari.schedule import make_worker_queue
from niwari.testing.told import told
from niwari.testing.workshop import Workshop
from niwari.testing.world import World
from tests.core.jobs.trying import PLUGIN

HERE, IT = "072036", "it@koriyama"
STEPS = {"Weekly('mon', ": timedelta(days=4), "Monthly(1, ": timedelta(days=20)}
"""How far the clock goes at once: it is due once in a step with two looks more."""


@pytest.fixture(params=STEPS, ids=["weekly", "monthly"])
def rhythm(request: pytest.FixtureRequest) -> str:
    """How the declaration of the job begins."""
    found: str = request.param
    return found


@pytest.fixture
def step(rhythm: str) -> timedelta:
    return STEPS[rhythm]


@pytest.fixture
def found(workshop: Workshop, rhythm: str) -> Found:
    """The plugin tea, which brews once a week or a month."""
    return workshop.make("tea", PLUGIN.replace("Daily(", rhythm))


@pytest.fixture
def world(open_world: Callable[..., World], found: Found) -> World:
    """Three towns with the plugin on, at 9:00 on 10 November."""
    return open_world([found])


def tea(world: World) -> ModuleType:
    found = world.host.plugins["tea"].module
    assert found is not None
    return found


def look(world: World) -> None:
    """Do what the worker does every hour: work, tell, remove what is old, and tell again."""
    jobs = {job.name: job for job in make_worker_queue(world.settings, world.clock).jobs}
    world.work()
    for name in ("admin.tell", "jobs.purge", "admin.tell"):
        jobs[name].run(world.clock())


def brew(world: World, step: timedelta, times: int) -> None:
    """Let the time pass until it was brewed so often, and then two looks more."""
    done = tea(world).TOLD
    until = done.count(("brew", HERE)) + times
    while done.count(("brew", HERE)) < until:
        world.clock.advance(days=step.days)
        look(world)
    for _look in range(2):
        world.clock.advance(days=1, hours=1)
        look(world)


def heard() -> int:
    """How often the IT of Koriyama was told of a job."""
    return [(one.login, one.code) for one in told()].count((IT, "admin.job_failed"))


def kept() -> int:
    """How many runs of the job are kept, of the three towns together."""
    return JobRun.select().where(JobRun.job == "tea.brew").count()


def test_it_is_told_at_the_third_failure_and_then_no_more(world: World, step: timedelta) -> None:
    tea(world).FAIL.add("brew")
    brew(world, step, TIMES - 1)
    assert heard() == 0
    brew(world, step, 1)
    assert heard() == 1
    brew(world, step, TIMES + 1)
    assert heard() == 1


def test_it_is_told_again_after_a_success_and_three_failures(world: World, step: timedelta) -> None:
    tea(world).FAIL.add("brew")
    brew(world, step, TIMES)
    tea(world).FAIL.clear()
    brew(world, step, 1)
    assert Trouble.select().count() == 0
    tea(world).FAIL.add("brew")
    brew(world, step, TIMES - 1)
    assert heard() == 1
    brew(world, step, 1)
    assert heard() == 2


def test_no_more_is_kept_than_that_takes(world: World, step: timedelta) -> None:
    tea(world).FAIL.add("brew")
    brew(world, step, TIMES + 3)
    world.clock.advance(days=SELDOM_KEPT_FOR.days + 1)
    look(world)
    assert kept() == 3 * TIMES


def test_it_is_not_told_again_because_its_package_was_away(
    world: World, open_world: Callable[..., World], found: Found, step: timedelta
) -> None:
    tea(world).FAIL.add("brew")
    brew(world, step, TIMES)
    away = open_world([])
    for _look in range(3):
        away.clock.advance(days=2)
        look(away)
    assert kept() > 0
    assert Trouble.select().count() > 0
    back = open_world([found])
    tea(back).FAIL.add("brew")
    brew(back, step, 1)
    assert heard() == 1


def test_of_a_package_that_is_gone_nothing_is_kept(
    world: World, open_world: Callable[..., World], step: timedelta
) -> None:
    tea(world).FAIL.add("brew")
    brew(world, step, TIMES)
    away = open_world([])
    for _look in range(2):
        away.clock.advance(days=SELDOM_KEPT_FOR.days + 1)
        look(away)
    assert kept() == 0
    assert Trouble.select().count() == 0
