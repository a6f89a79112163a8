"""A stopwatch with layers: each moment is counted once, for the innermost layer.

It counts the processor time of the thread, so that whatever else the machine does stays out.
"""

from collections import defaultdict
from collections.abc import Callable
from time import thread_time
from typing import Any


class Stopwatch:
    """Collects seconds by layer for one request at a time, in one thread."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.seconds: dict[str, float] = defaultdict(float)
        # Of each layer that is open: its name, when it began, and what inner layers took.
        self._open: list[tuple[str, float, list[float]]] = []

    def enter(self, layer: str) -> None:
        """Begin ``layer``; the one that is open until now pauses."""
        self._open.append((layer, thread_time(), [0.0]))

    def leave(self) -> None:
        """End the layer begun last."""
        layer, begun, inner = self._open.pop()
        passed = thread_time() - begun
        self.seconds[layer] += passed - inner[0]
        if self._open:
            self._open[-1][2][0] += passed

    def reset(self) -> None:
        """Forget everything."""
        self.seconds.clear()
        self._open.clear()

    def timed(self, layer: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``function`` so that its time counts for ``layer``."""

        def call(*args: Any, **kwargs: Any) -> Any:
            self.enter(layer)
            try:
                return function(*args, **kwargs)
            finally:
                self.leave()

        return call
