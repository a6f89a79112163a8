"""Where an installation lies, and which clock it goes by."""

import os
from datetime import datetime, timedelta
from pathlib import Path

from niwari.clock import Clock, system_clock
from niwari.config import Settings

DEFAULT_HOME = "var/demo"


def home() -> Path:
    """Return the installation's folder: ``NIWARI_HOME``, else ``var/demo`` below the present one."""
    return Path(os.environ.get("NIWARI_HOME") or DEFAULT_HOME).expanduser().resolve()


class DemoClock:
    """The clock of a demo or test installation: it began at a moment of its own and goes on from there.

    How far it is from the machine's clock lies in the file ``clock`` of the home, so that restarts
    and commands go by the same time. It is only ever moved forward: what happened stays in the
    past.
    """

    def __init__(self, settings: Settings, start: datetime) -> None:
        """Go by the file of the installation, or make it so that it is ``start`` now."""
        self._path = settings.home / "clock"
        if self._path.exists():
            self._offset = timedelta(seconds=float(self._path.read_text(encoding="ascii")))
        else:
            self._keep(start - system_clock())

    def __call__(self) -> datetime:
        """Return the present instant of the installation."""
        return system_clock() + self._offset

    def move_to(self, instant: datetime) -> timedelta:
        """Go on from ``instant``, an aware moment ahead; return how far that was.

        Raises ``ValueError`` for a moment that has passed.
        """
        distance = instant - self()
        if distance < timedelta(0):
            raise ValueError(f"the clock of an installation cannot go back to {instant}")
        self._keep(self._offset + distance)
        return distance

    def _keep(self, offset: timedelta) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(str(offset.total_seconds()), encoding="ascii")
        self._offset = offset


def installation_clock(settings: Settings) -> Clock:
    """Return the machine's clock, or where ``clock_start`` is set the ``DemoClock`` of the home."""
    if settings.clock_start is None:
        return system_clock
    return DemoClock(settings, settings.clock_start)
