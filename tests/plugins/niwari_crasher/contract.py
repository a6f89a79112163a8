"""What the crasher does for others."""

from typing import Protocol


class Crashes(Protocol):
    """Version 1."""

    def pieces(self) -> int:
        """Return how many shards there are."""
        ...
