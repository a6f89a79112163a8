"""The queue and its schedule.

huey removes a task before it runs it, so a task is only a wake-up; what must not be lost is a row.
A scheduled run is claimed by inserting (job, municipality, due) under a unique key: any number of
workers run it once.
"""

import logging
import socket
from collections.abc import Callable, Sequence
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
from niwari.jobs.models import (
    JobRun,
    QueueCounter,
    QueueSchedule,
    QueueTask,
    QueueValue,
    WorkerSign,
)

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=14)
"""How long runs are kept, those that failed too: time enough to look why."""


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

    What there is to do is found by looking, not by the message: a lost one costs one look.
    """

    wake: Callable[[], object]


class _Storage(SqlStorage):  # type: ignore[misc]
    """huey's storage on the tables that the core's migrations made."""

    def create_models(self) -> tuple[Any, ...]:
        return QueueValue, QueueSchedule, QueueTask, QueueCounter


class _QuietConsumer(Consumer):  # type: ignore[misc]
    """A consumer inside a process that handles its own signals."""

    def _set_signal_handlers(self) -> None:
        return None


def make_queue(
    settings: Settings,
    clock: Clock,
    jobs: Sequence[ScheduledJob],
    on_wake: Callable[[datetime], object] | None = None,
) -> Queue:
    """Return the queue of this process with its schedule; ``open_database`` was called before.

    ``on_wake`` gets the present instant whenever a process calls ``wake`` on the queue.

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
    queue.wake = queue.task(name="wake")(_woken(on_wake, clock))
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
    due = now.replace(second=0, microsecond=0)
    due -= timedelta(minutes=due.minute % job.every_minutes)
    with connection():
        try:
            run = JobRun.create(job=job.name, due_at=due, started_at=now)
        except IntegrityError:
            return False
        try:
            result = job.run(due)
        except Exception as error:
            JobRun.update(error=f"{type(error).__name__}: {error}").where(
                JobRun.id == run.id
            ).execute()
            raise
        JobRun.update(finished_at=clock()).where(JobRun.id == run.id).execute()
    log.info("job %s due %s: %s", job.name, due.isoformat(), result)
    return True


def purge_old(now: datetime) -> int:
    """Remove runs that were due more than ``KEPT_FOR`` ago; returns how many."""
    removed: int = JobRun.delete().where(JobRun.due_at < now - KEPT_FOR).execute()
    return removed


def leave_sign(now: datetime) -> None:
    """Write that this machine's worker is alive."""
    with connection():
        WorkerSign.insert(worker=socket.gethostname()[:100], seen_at=now).on_conflict(
            conflict_target=[WorkerSign.worker], update={"seen_at": now}
        ).execute()


def last_worker_sign() -> datetime | None:
    """Return when a worker was last alive, or ``None``."""
    seen: datetime | None = WorkerSign.select(fn.MAX(WorkerSign.seen_at)).scalar()
    return seen


def start_embedded_worker(queue: Huey, clock: Clock) -> Consumer:
    """Start the worker's threads inside this process; call ``stop(graceful=True)`` at its end.

    Only where one process serves the web: periodic tasks fire in every consumer.
    """
    leave_sign(clock())
    consumer = _QuietConsumer(queue, workers=1, worker_type="thread", periodic=True)
    consumer.start()
    return consumer


def run_worker(queue: Huey, clock: Clock, threads: int) -> None:
    """Work until the process is told to stop (``niwari worker``)."""
    leave_sign(clock())
    Consumer(queue, workers=threads, worker_type="thread", periodic=True).run()
