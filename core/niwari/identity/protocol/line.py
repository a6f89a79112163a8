"""The line to a provider: whether it answers, and how many threads of this process may wait for it.

Whoever asks a provider holds a thread meanwhile. A provider that is silent, or slow, may hold some
of them for a moment and never all: the people of other towns need the rest.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Condition, Lock
from typing import Any

from requests import ConnectionError as Unreachable
from requests import Timeout

# Of the eight threads that a process has from the start, six at the most have to do with one
# provider: four ask it, and two wait for one of them, as at half past eight.
_MOST_ASKING = 4
_MOST_WAITING = 2
_WAIT_SECONDS = 1.0
# And with all of them together, so that one is left for whoever wants none of them.
_MOST_HELD = 7
# One that is silent is left alone from the first time on, one that answers amiss from the third.
_TOO_OFTEN = 3
_FIRST_REST_SECONDS = 5.0
_LONGEST_REST_SECONDS = 60.0
# Whoever sends tokens of unknown keys does not make us ask the provider for its keys each time.
_NEW_KEYS_SECONDS = 30
# Every municipality of Japan could have a provider of its own.
_MOST_LINES = 2048


class NotAnswering(Unreachable):
    """The provider was not asked: it did not answer a moment ago, or too many ask it already."""


class Line:
    """What this process knows of one provider's answering; all threads share it."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        places: BoundedSemaphore | None = None,
    ) -> None:
        """Know nothing yet; ``clock`` gives seconds.

        ``places`` are the threads that may have to do with providers, shared by their lines.
        """
        self._clock = clock
        self._places = places or BoundedSemaphore(_MOST_HELD)
        self._changed = Condition()
        self._asking = 0
        self._waiting = 0
        self._failures = 0
        self._rests_until = -math.inf
        self._keys_asked_at = -math.inf

    @property
    def is_failing(self) -> bool:
        """Whether the provider did not answer lately; one thread at a time then tries."""
        with self._changed:
            return self._failures >= _TOO_OFTEN

    @contextmanager
    def call(self, *, anyway: bool = False) -> Iterator[None]:
        """Ask the provider within the block, as one of those who do at the same time.

        Raises ``NotAnswering``: at once where the provider is left alone, unless it is to be asked
        ``anyway``, and where other providers hold too many threads; after a second where too many
        ask it.
        """
        with self._place():
            with self._changed:
                self._enter(anyway)
            try:
                yield
            except (Unreachable, Timeout):
                self.failed(is_silent=True)
                raise
            finally:
                with self._changed:
                    self._asking -= 1
                    self._changed.notify_all()

    def failed(self, *, is_silent: bool = False) -> None:
        """Note that the provider did not answer, or not as it should."""
        with self._changed:
            if self._clock() < self._rests_until:
                return  # of those who asked at the same time, one is enough
            self._failures = max(self._failures + 1, _TOO_OFTEN if is_silent else 0)
            if self._failures >= _TOO_OFTEN:
                # Doubled each time, but never so often that the number grows without end.
                doubled = _FIRST_REST_SECONDS * 2.0 ** min(self._failures - _TOO_OFTEN, 10)
                self._rests_until = self._clock() + min(doubled, _LONGEST_REST_SECONDS)
            self._changed.notify_all()

    def answered(self) -> None:
        """Note that the provider answered as it should."""
        with self._changed:
            self._failures = 0
            self._rests_until = -math.inf

    def may_ask_for_new_keys(self) -> bool:
        """Tell whether a stranger's word is reason enough to ask for the keys, and note it."""
        with self._changed:
            if self._clock() - self._keys_asked_at < _NEW_KEYS_SECONDS:
                return False
            self._keys_asked_at = self._clock()
            return True

    @contextmanager
    def _place(self) -> Iterator[None]:
        # Without waiting: that would hold the thread which is to be spared.
        if not self._places.acquire(blocking=False):
            raise NotAnswering("other providers hold too many threads")
        try:
            yield
        finally:
            self._places.release()

    def _enter(self, anyway: bool) -> None:
        if self._clock() < self._rests_until and not anyway:
            raise NotAnswering("it did not answer a moment ago")
        if self._asking >= self._room:
            self._wait()
        self._asking += 1

    def _wait(self) -> None:
        if self._failures >= _TOO_OFTEN or self._waiting >= _MOST_WAITING:
            raise NotAnswering("others wait for its answer")
        self._waiting += 1
        try:
            self._changed.wait_for(
                lambda: self._asking < self._room or self._failures >= _TOO_OFTEN, _WAIT_SECONDS
            )
        finally:
            self._waiting -= 1
        if self._failures >= _TOO_OFTEN or self._asking >= self._room:
            raise NotAnswering("others wait for its answer")

    @property
    def _room(self) -> int:
        return 1 if self._failures >= _TOO_OFTEN else _MOST_ASKING


class Lines:
    """The lines of one application by issuer, the least used dropped first.

    Together they hold all threads of the process but one.
    """

    def __init__(self) -> None:
        """Know none yet."""
        self._places = BoundedSemaphore(_MOST_HELD)
        self._kept: OrderedDict[str, Line] = OrderedDict()
        self._lock = Lock()

    def of(self, issuer: str) -> Line:
        """Return the line to a provider, the same for all of its revisions."""
        with self._lock:
            found = self._kept.setdefault(issuer, Line(places=self._places))
            self._kept.move_to_end(issuer)
            while len(self._kept) > _MOST_LINES:
                self._kept.popitem(last=False)
            return found


def over(line: Line, session_class: type[Any], *, anyway: bool = False) -> type[Any]:
    """Return ``session_class``, a session of requests, whose every request goes over ``line``."""

    class OverLine(session_class):  # type: ignore[misc]
        def send(self, request: Any, **named: Any) -> Any:
            with line.call(anyway=anyway):
                return super().send(request, **named)

    return OverLine
