"""Where to fail: the variable ``CRASHER_AT`` names places, separated by commas."""

import os


class Crash(RuntimeError):
    """Raised on purpose."""


def crash_at(place: str) -> None:
    """Raise ``Crash`` if ``CRASHER_AT`` names ``place``."""
    if place in os.environ.get("CRASHER_AT", "").split(","):
        raise Crash(f"crashed on purpose at {place}")
