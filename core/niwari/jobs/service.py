"""The queue and its schedule.

huey removes a task before it runs it, so a task is only a wake-up; what must not be lost is a row.
A scheduled run is claimed by inserting (job, municipality, due) under a unique key: any number of
workers run it once.
"""

import logging
import signal
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from huey import crontab
from huey.api import Huey
from huey.consumer import Consumer
from huey.contrib.sql_huey import SqlStorage
from huey.serializer import SignedSerializer
from peewee import IntegrityError, fn

from niwari.clock import Clock
from niwari.config import Settings, read_key
from niwari.db import connection, database
from niwari.host.faults import describe
from niwari.jobs.models import (
    DONE,
    FAILED,
    RUNNING,
    WAITING,
    JobRun,
    QueueCounter,
    QueueSchedule,
    QueueTask,
    QueueValue,
)
from niwari.jobs.scheduled import Declared, work_of
from niwari.jobs.shifts import go_on_working, stop_working
from niwari.jobs.signs import Heartbeat, at_work, leave_sign, this_worker

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=14)
"""How long runs are kept, those that failed too: time enough to look why."""
SELDOM_KEPT_FOR = timedelta(days=32)
"""How long those are kept of jobs that are due less often: longer than from one month's to the next."""
LATEST_KEPT = 3
"""How many of the latest runs of a job that were done or failed stay in each municipality, however old."""


@dataclass(frozen=True, slots=True)
class ScheduledJob:
    """A job of the installation that runs every ``every_minutes`` (a divisor of 60).

    ``run`` gets the instant at which it was due and is called on an open connection; what it
    returns is logged.
    """

    name: str
    every_minutes: int
    run: Callable[[datetime], object]

    def __post_init__(self) -> None:
        if self.every_minutes < 1 or 60 % self.every_minutes:
            raise ValueError(f"job {self.name}: every_minutes must divide 60")


class Queue(Huey):  # type: ignore[misc]
    """The queue of a process. ``wake()`` tells the workers that there is something to do.

    ``go_on()`` tells them that a turn was too short for all of it. ``jobs`` is its schedule.

    What there is to do is found by looking, not by the message: a lost one costs one look.
    """

    wake: Callable[[], object]
    go_on: Callable[[], object]
    jobs: tuple[ScheduledJob, ...]


class _Storage(SqlStorage):  # type: ignore[misc]
    """huey's storage on the tables that the core's migrations made.

    On the engine that is open, as its models are: where another one follows it in the same process, a
    connection of the former one would be opened and never closed.
    """

    @property
    def database(self) -> Any:
        """The engine that is open now."""
        return database.obj

    @database.setter
    def database(self, engine: Any) -> None:
        """Take none: huey hands over the one that was open when the queue was made."""

    def create_models(self) -> tuple[Any, ...]:
        return QueueValue, QueueSchedule, QueueTask, QueueCounter


class _Worker(Consumer):  # type: ignore[misc]
    """A worker of threads, which leaves signs and ends with what it is at."""

    def __init__(self, queue: Queue, clock: Clock, threads: int) -> None:
        super().__init__(queue, workers=threads, worker_type="thread", periodic=True)
        # huey drops what it is at on SIGTERM, which is how a machine that goes down says so.
        self._signal_actions = dict.fromkeys((signal.SIGINT, signal.SIGTERM), (False, True))
        self._heartbeat = Heartbeat(clock)

    def start(self) -> None:
        go_on_working()
        self._heartbeat.start()
        super().start()

    def stop(self, graceful: bool = False) -> None:
        stop_working()
        super().stop(graceful=graceful)
        self._heartbeat.end()
        if graceful:  # all of it has ended
            go_on_working()


class _QuietWorker(_Worker):
    """A worker inside a process that handles its own signals."""

    def _set_signal_handlers(self) -> None:
        return None


def make_queue(
    settings: Settings,
    clock: Clock,
    jobs: Sequence[ScheduledJob],
    on_wake: Callable[[datetime], object] | None = None,
    on_go_on: Callable[[datetime], object] | None = None,
) -> Queue:
    """Return the queue of this process with its schedule; ``open_database`` was called before.

    ``on_wake`` gets the present instant whenever a process calls ``wake`` on the queue, ``on_go_on``
    where it calls ``go_on``.

    Tasks are signed with a key of the installation, because unsigned pickles in a table would let
    whoever can write there run code.
    """
    queue = Queue(
        "niwari",
        storage_class=_Storage,
        database=database.obj,
        create_tables=False,
        results=False,
        serializer=SignedSerializer(secret=read_key(settings, "queue")),
    )
    queue.jobs = tuple(jobs)
    queue.wake = queue.task(name="wake")(_woken(on_wake, clock))
    queue.go_on = queue.task(name="go_on")(_woken(on_go_on, clock))
    for job in jobs:
        queue.periodic_task(crontab(minute=f"*/{job.every_minutes}"), name=job.name)(
            _task(job, clock)
        )
    queue.periodic_task(crontab(minute="*"), name="jobs.sign")(lambda: leave_sign(clock()))
    return queue


def _woken(on_wake: Callable[[datetime], object] | None, clock: Clock) -> Callable[[], None]:
    def task() -> None:
        if on_wake is not None:
            with connection():
                on_wake(clock())

    return task


def _task(job: ScheduledJob, clock: Clock) -> Callable[[], None]:
    def task() -> None:
        run_once(job, clock)

    return task


def run_once(job: ScheduledJob, clock: Clock) -> bool:
    """Run ``job`` for its present due time unless somebody already has; returns whether it ran.

    A failure is kept in the run's row and raised again for the log.
    """
    now = clock()
    due = due_of(job, now)
    with connection(), at_work(work_of(job.name, 0, due)):
        try:
            run = JobRun.create(job=job.name, due_at=due, started_at=now, worker=this_worker())
        except IntegrityError:
            return False
        try:
            result = job.run(due)
        except Exception as error:
            # Its message is in the log: there it may say what somebody wrote, here it may not.
            JobRun.update(state=FAILED, error=describe(error, "niwari")).where(
                JobRun.id == run.id
            ).execute()
            raise
        JobRun.update(state=DONE, finished_at=clock()).where(JobRun.id == run.id).execute()
    log.info("job %s due %s: %s", job.name, due.isoformat(), result)
    return True


def due_of(job: ScheduledJob, now: datetime) -> datetime:
    """Return when ``job`` was due last."""
    due = now.replace(second=0, microsecond=0)
    return due - timedelta(minutes=due.minute % job.every_minutes)


def purge_old(now: datetime, known: Iterable[Declared]) -> int:
    """Remove runs that have ended and were due more than ``KEPT_FOR`` ago; returns how many.

    A run of a plugin's job stays for ``SELDOM_KEPT_FOR``, unless the job is ``known`` to have been due
    since it: where the row of the present due time is gone, the job is run for that time again. Of a
    ``known`` job the ``LATEST_KEPT`` stay: they tell whether it fails again and again.
    """
    kept_since = now - KEPT_FOR
    latest = {one.job.name: one.job.schedule.latest(now) for one in known}
    often = [name for name, due_at in latest.items() if due_at >= kept_since]
    is_old: Any = (JobRun.due_at < kept_since) & (
        (JobRun.municipality_id == 0)  # the installation's own are due at least every hour
        | JobRun.job.in_(often)
        | (JobRun.due_at < now - SELDOM_KEPT_FOR)
    )
    has_ended = JobRun.state.not_in((WAITING, RUNNING))
    removed: int = JobRun.delete().where(is_old & has_ended & ~_is_kept(list(latest))).execute()
    return removed


def _is_kept(names: Sequence[str]) -> Any:
    """Tell of a run whether it is among the ``LATEST_KEPT``: by a few steps in the index for each."""
    later: Any = JobRun.alias()
    too_many = (
        later.select(later.id)
        .where(
            (later.job == JobRun.job)
            & (later.municipality_id == JobRun.municipality_id)
            & (later.due_at > JobRun.due_at)
            & later.state.in_((DONE, FAILED))
        )
        .limit(1)
        .offset(LATEST_KEPT - 1)
    )
    return (
        (JobRun.municipality_id > 0)
        & JobRun.job.in_(names)
        & JobRun.state.in_((DONE, FAILED))
        & ~fn.EXISTS(too_many)
    )


def start_embedded_worker(queue: Queue, clock: Clock) -> Consumer:
    """Start the worker's threads inside this process; call ``stop(graceful=True)`` at its end.

    Only where one process serves the web: periodic tasks fire in every consumer.
    """
    leave_sign(clock())
    consumer = _QuietWorker(queue, clock, threads=1)
    consumer.start()
    return consumer


def run_worker(queue: Queue, clock: Clock, threads: int) -> None:
    """Work until the process is told to stop (``niwari worker``).

    On SIGTERM and SIGINT nothing new is begun, and what it is at goes on to its end.
    """
    leave_sign(clock())
    _Worker(queue, clock, threads).run()
