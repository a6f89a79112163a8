"""Where to fail: the variable ``CRASHER_AT`` names places, separated by commas."""

import os


class Crash(RuntimeError):
    """Raised on purpose."""


def is_told(place: str) -> bool:
    """Tell whether ``CRASHER_AT`` names ``place``."""
    return place in os.environ.get("CRASHER_AT", "").split(",")


def crash_at(place: str) -> None:
    """Raise ``Crash`` if ``CRASHER_AT`` names ``place``."""
    if is_told(place):
        raise Crash(f"crashed on purpose at {place}")
