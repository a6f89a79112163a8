"""One processor for a test process and its PostgreSQL server, which take turns: a tenth less to do for both.

On two, each is woken on a processor that holds nothing of what it needs. Whatever starts a thread or a
process has all processors again until the next test, and so has the server: what races still does so.
"""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Set
from contextlib import suppress
from functools import cache, wraps
from pathlib import Path
from typing import Any

from niwari.channels.sending import THREAD


class Turns:
    """Keeps the calling thread and the process ``server``, with its children, on ``processor``."""

    def __init__(self, server: int, processor: int) -> None:
        """Begin with ``gather``; all processors are those that this process may use now."""
        self._server = server
        self._one = frozenset({processor})
        self._all = frozenset(os.sched_getaffinity(0))
        self._at: Set[int] = self._all

    def gather(self) -> None:
        """Let both be on the one processor."""
        self._go_to(self._one)

    def spread(self) -> None:
        """Let both be on all processors."""
        self._go_to(self._all)

    def _go_to(self, processors: Set[int]) -> None:
        if self._at == processors:
            return
        self._at = processors
        for process in (0, self._server, *_children(self._server)):
            with suppress(ProcessLookupError):  # it has just ended
                os.sched_setaffinity(process, processors)


_turns: list[Turns] = []


def take_turns_with(server: int) -> None:
    """Take turns with the server whose process is ``server``, where each process of the run has a processor.

    Else, and where the system has none of it, nothing is done.
    """
    number = os.environ.get("PYTEST_XDIST_WORKER", "")[2:]
    run = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0"))
    if not number or not hasattr(os, "sched_setaffinity") or not _list_of(server).exists():
        return
    processors = sorted(os.sched_getaffinity(0))
    if len(processors) != run:
        return
    _watch_for_starts()
    _turns[:] = [Turns(server, processors[int(number) % run])]
    gather()


def gather() -> None:
    """Take turns from here on, until something is started."""
    for turns in _turns:
        turns.gather()


def end_turns() -> None:
    """Let this process have all processors: its server ends."""
    _spread()
    _turns.clear()


def _spread() -> None:
    for turns in _turns:
        turns.spread()


@cache
def _watch_for_starts() -> None:
    """Let whatever this process starts from now on have all processors."""
    os.register_at_fork(before=_spread)
    _spread_before(subprocess.Popen, "__init__")
    _spread_before(threading.Thread, "start")


def _spread_before(kind: type, name: str) -> None:
    does: Callable[..., Any] = getattr(kind, name)

    @wraps(does)
    def spread_and_do(self: Any, *arguments: Any, **named: Any) -> Any:
        # The sender sends what the test has told somebody, and is waited for.
        if getattr(self, "name", "") != THREAD:
            _spread()
        return does(self, *arguments, **named)

    setattr(kind, name, spread_and_do)


def _list_of(process: int) -> Path:
    return Path(f"/proc/{process}/task/{process}/children")


def _children(process: int) -> Iterator[int]:
    with suppress(OSError):
        yield from map(int, _list_of(process).read_text(encoding="ascii").split())
