"""What the plugin does for others."""

from typing import Protocol


class Notes(Protocol):
    """Counting notes, and failing on request."""

    def count(self) -> int:
        """Return how many notes the acting person may read."""

    def fail(self) -> None:
        """Raise, to try who is charged for it."""
