"""Shifts: how long one turn of work may take before others get theirs."""

import logging
import time
from collections.abc import Callable
from threading import Event

from niwari.db.committed import once_after_commit

log = logging.getLogger(__name__)

_stopping = Event()
_bells: dict[str, Callable[[], object]] = {}


class Shift:
    """A bounded time for work; nothing new is begun once it is over or the process is to stop."""

    def __init__(self, seconds: float) -> None:
        """Begin now."""
        self._ends_at = time.monotonic() + seconds

    def is_over(self) -> bool:
        """Tell whether nothing new may be begun."""
        return _stopping.is_set() or time.monotonic() >= self._ends_at


def stop_working() -> None:
    """Let this process begin nothing new; what it is at goes on to its end."""
    _stopping.set()


def go_on_working() -> None:
    """Let this process begin work again, after an earlier worker in it has stopped."""
    _stopping.clear()


def is_stopping() -> bool:
    """Tell whether this process begins nothing new any more."""
    return _stopping.is_set()


def wake_with(wake: Callable[[], object], go_on: Callable[[], object]) -> None:
    """Let ``wake`` tell the workers that something was asked for, and ``go_on`` that a turn was short.

    They take the place of earlier ones.
    """
    _bells.update(wake=wake, go_on=go_on)


def wake_after_commit() -> None:
    """Wake the workers once the caller's transaction is committed."""
    once_after_commit("jobs.wake", lambda: _ring("wake"))


def go_on() -> None:
    """Let the workers take another turn: there is more to do than the last one had time for."""
    _ring("go_on")


def _ring(name: str) -> None:
    """Ring, where there is a bell. A ring that is lost costs a minute: workers look by themselves."""
    try:
        if name in _bells:
            _bells[name]()
    except Exception:
        log.exception("the workers could not be woken")
