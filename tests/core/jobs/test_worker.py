"""The queue and its worker: signed tasks, enqueued with their transaction, really run, stopped."""

import pickle
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from huey.consumer import Consumer

from niwari.clock import FrozenClock
from niwari.config import Settings
from niwari.context import Context, MunicipalityRef
from niwari.db import connection, database, open_database, transaction
from niwari.jobs.models import QueueTask, WorkerSign
from niwari.jobs.service import ScheduledJob, make_queue, start_embedded_worker
from niwari.jobs.signs import last_worker_sign, leave_sign
from niwari.schedule import make_worker_queue

PATIENCE = 30


@pytest.fixture
def ctx(clock: FrozenClock) -> Context:
    return Context(MunicipalityRef(1, "072036", "郡山市", 1), None, clock(), actor="test")


@contextmanager
def working(queue: Any, clock: FrozenClock) -> Iterator[Consumer]:
    """A worker inside this process, stopped at the end."""
    consumer = start_embedded_worker(queue, clock)
    try:
        yield consumer
    finally:
        consumer.stop(graceful=True)


def nothing(due: datetime) -> None:
    """Do nothing."""


# -- the schedule ---------------------------------------------------------------------------------


def due_at(queue: Any, minute: int) -> set[str]:
    return {task.name for task in queue.read_periodic(datetime(2026, 11, 10, 9, minute))}  # noqa: DTZ001


def test_each_job_is_due_at_its_own_minutes(settings: Settings, clock: FrozenClock) -> None:
    jobs = [ScheduledJob("test.tens", 10, nothing), ScheduledJob("test.quarters", 15, nothing)]
    queue = make_queue(settings, clock, jobs)
    assert due_at(queue, 0) == {"test.tens", "test.quarters", "jobs.sign"}
    assert due_at(queue, 10) == {"test.tens", "jobs.sign"}
    assert due_at(queue, 45) == {"test.quarters", "jobs.sign"}
    assert due_at(queue, 7) == {"jobs.sign"}


def test_a_job_of_each_hour_is_due_at_the_hour(settings: Settings, clock: FrozenClock) -> None:
    queue = make_queue(settings, clock, [ScheduledJob("test.hourly", 60, nothing)])
    assert due_at(queue, 0) == {"test.hourly", "jobs.sign"}
    assert due_at(queue, 30) == {"jobs.sign"}


def test_what_piles_up_is_removed_each_hour(settings: Settings, clock: FrozenClock) -> None:
    purges = {"events.purge", "host.purge_failures", "jobs.purge"}
    queue = make_worker_queue(settings, clock)
    assert purges <= due_at(queue, 0)
    assert not purges & due_at(queue, 30)


def test_a_ring_goes_to_the_engine_that_is_open_now(settings: Settings, clock: FrozenClock) -> None:
    queue, former = make_queue(settings, clock, []), database.obj
    open_database(settings.database_url)
    with connection():
        queue.wake()
        assert QueueTask.select().count() == 1
    assert former.is_closed()


def test_a_due_task_runs_its_job(settings: Settings, clock: FrozenClock) -> None:
    told: list[datetime] = []
    queue = make_queue(settings, clock, [ScheduledJob("test.tens", 10, told.append)])
    for task in queue.read_periodic(datetime(2026, 11, 10, 9, 0)):  # noqa: DTZ001
        queue.execute(task)
    assert told == [clock()]
    assert last_worker_sign() == clock()


# -- signs of life --------------------------------------------------------------------------------


def test_a_worker_leaves_one_sign_that_is_renewed(settings: Settings, clock: FrozenClock) -> None:
    assert last_worker_sign() is None
    leave_sign(clock())
    clock.advance(minutes=1)
    leave_sign(clock())
    assert last_worker_sign() == clock()
    assert WorkerSign.select().count() == 1


class Forged:
    """What runs code where somebody unpickles it."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.trace,)


# -- the queue ------------------------------------------------------------------------------------


def test_a_task_of_a_transaction_that_is_undone_never_was(
    settings: Settings, clock: FrozenClock, ctx: Context
) -> None:
    queue = make_queue(settings, clock, ())
    ring = queue.task(name="test.ring")(lambda: None)
    with pytest.raises(LookupError), transaction(ctx):
        ring()
        assert len(queue) == 1
        raise LookupError
    assert len(queue) == 0
    with transaction(ctx):
        ring()
    assert len(queue) == 1


def test_a_task_is_signed_so_that_the_table_alone_cannot_make_one(
    settings: Settings, clock: FrozenClock
) -> None:
    queue = make_queue(settings, clock, ())
    trace = settings.home / "code-has-run"
    QueueTask.create(queue="niwari", data=pickle.dumps(Forged(trace)))
    with pytest.raises(ValueError, match=r"(?i)signature|separator"):
        queue.dequeue()
    assert not trace.exists()
    pickle.loads(pickle.dumps(Forged(trace)))  # noqa: S301 - what must not happen
    assert trace.exists()


def test_a_task_of_another_installation_is_not_taken(
    settings: Settings, clock: FrozenClock
) -> None:
    queue = make_queue(settings, clock, ())
    other = Settings(
        home=settings.home / "other", environment="test", database_url=settings.database_url
    )
    foreign = make_queue(other, clock, ())
    foreign.task(name="test.ring")(lambda: None)()
    with pytest.raises(ValueError, match=r"(?i)signature"):
        queue.dequeue()


# -- the embedded worker --------------------------------------------------------------------------


def test_the_embedded_worker_runs_a_task_and_stops(settings: Settings, clock: FrozenClock) -> None:
    queue = make_queue(settings, clock, ())
    rung = Event()
    ring = queue.task(name="test.ring")(rung.set)
    before = set(threading.enumerate())
    with working(queue, clock):
        ring()
        assert rung.wait(timeout=PATIENCE)
        assert set(threading.enumerate()) > before
        assert last_worker_sign() == clock()
    assert not [thread for thread in set(threading.enumerate()) - before if thread.is_alive()]


def test_a_task_works_on_the_database(settings: Settings, clock: FrozenClock) -> None:
    queue = make_queue(settings, clock, ())
    done = Event()
    seen: list[Any] = []

    def look() -> None:
        try:
            with connection():
                seen.append(database.execute_sql("SELECT 42").fetchone()[0])
        finally:
            done.set()

    task = queue.task(name="test.look")(look)
    with working(queue, clock):
        task()
        assert done.wait(timeout=PATIENCE)
    assert seen == [42]


def test_a_failing_and_a_forged_task_do_not_stop_the_worker(
    settings: Settings, clock: FrozenClock
) -> None:
    queue = make_queue(settings, clock, ())
    rung = Event()

    def fail() -> None:
        raise LookupError

    failing = queue.task(name="test.fail")(fail)
    ring = queue.task(name="test.ring")(rung.set)
    QueueTask.create(queue="niwari", data=pickle.dumps("anything"))
    failing()
    ring()
    with working(queue, clock):
        assert rung.wait(timeout=PATIENCE)


def test_starting_and_stopping_twice_is_fine(settings: Settings, clock: FrozenClock) -> None:
    queue = make_queue(settings, clock, ())
    for _ in range(2):
        rung = Event()
        ring = queue.task(name=f"test.ring{id(rung)}")(rung.set)
        with working(queue, clock):
            ring()
            assert rung.wait(timeout=PATIENCE)
