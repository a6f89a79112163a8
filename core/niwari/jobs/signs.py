"""Signs of life: which worker runs what, and whether it is still there.

A run or a task that is ``running`` names its worker. As long as that process leaves signs, and says
of itself that it is at it, it is; else it was cut off.
"""

import logging
import os
import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from secrets import token_hex
from threading import Event, Lock, Thread

from peewee import PeeweeException, fn

from niwari.clock import Clock
from niwari.db import connection, rows
from niwari.jobs.models import WorkerSign

log = logging.getLogger(__name__)

GONE_AFTER = timedelta(minutes=3)
"""How long a worker may leave no sign before what it was at counts as cut off."""
KEPT_FOR = timedelta(days=1)
"""How long the signs of workers that are gone are kept; whatever they were at was seen to by then."""
_SECONDS = 20.0

_numbers: dict[int, str] = {}
_at_work: Counter[str] = Counter()
_busy_with: set[str] = set()
_lock = Lock()


def this_worker() -> str:
    """Return the name of this process, which no other and no later one has."""
    process = os.getpid()  # asked each time: a process that was forked is another one
    with _lock:
        number = _numbers.setdefault(process, token_hex(4))
    return f"{socket.gethostname()[:60]}:{process}:{number}"


def leave_sign(now: datetime) -> None:
    """Write that this process works."""
    with connection():
        WorkerSign.insert(worker=this_worker(), seen_at=now).on_conflict(
            conflict_target=[WorkerSign.worker], update={"seen_at": now}
        ).execute()


def last_worker_sign() -> datetime | None:
    """Return when a worker was last alive, or ``None``."""
    seen: datetime | None = WorkerSign.select(fn.MAX(WorkerSign.seen_at)).scalar()
    return seen


def workers_alive(now: datetime) -> frozenset[str]:
    """Return the names of the workers that left a sign lately."""
    seen = WorkerSign.select(WorkerSign.worker).where(WorkerSign.seen_at > now - GONE_AFTER)
    return frozenset(name for (name,) in rows(seen))


def purge_signs(now: datetime) -> None:
    """Remove the signs of workers that are long gone; the last one stays."""
    last = last_worker_sign()
    if last is not None:
        WorkerSign.delete().where(
            (WorkerSign.seen_at < now - KEPT_FOR) & (WorkerSign.seen_at < last)
        ).execute()


@contextmanager
def at_work(what: str) -> Iterator[None]:
    """Say for the block that this process is at ``what``; before the row says so."""
    with _lock:
        _at_work[what] += 1
    try:
        yield
    finally:
        with _lock:
            _at_work[what] -= 1
            if not _at_work[what]:
                del _at_work[what]


@contextmanager
def alone_at(name: str) -> Iterator[bool]:
    """Be the one thread of this process at the job or task ``name``; false where another one is.

    One that blocks in every municipality costs each process one thread, and leaves the others to the
    rest.
    """
    with _lock:
        is_mine = name not in _busy_with
        if is_mine:
            _busy_with.add(name)
    try:
        yield is_mine
    finally:
        if is_mine:
            with _lock:
                _busy_with.discard(name)


def is_busy_with(name: str) -> bool:
    """Tell whether a thread of this process is at the job or task ``name``."""
    with _lock:
        return name in _busy_with


def is_cut_off(what: str, worker: str, alive: frozenset[str]) -> bool:
    """Tell whether nobody is any more at ``what``, of which ``worker`` said that it is."""
    if worker == this_worker():
        with _lock:
            return what not in _at_work
    return worker not in alive


class Heartbeat(Thread):
    """Leaves signs of this process until it is told to stop, however long its jobs take."""

    def __init__(self, clock: Clock) -> None:
        """Leave signs at the times that ``clock`` says."""
        super().__init__(name="Heartbeat", daemon=True)
        self._clock = clock
        self._ended = Event()

    def run(self) -> None:
        """Leave a sign every 20 seconds."""
        while not self._ended.wait(_SECONDS):
            try:
                leave_sign(self._clock())
            except PeeweeException:
                # The database is away or busy; the next one may come through.
                log.exception("no sign of life could be left")

    def end(self) -> None:
        """Stop, and wait until it has."""
        self._ended.set()
        if self.is_alive():
            self.join()
