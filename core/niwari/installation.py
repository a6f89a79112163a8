"""Where an installation lies, and which clock it goes by."""

import os
from datetime import datetime
from pathlib import Path

from niwari.clock import Clock, shifted_clock, system_clock
from niwari.config import Settings

DEFAULT_HOME = "var/demo"


def home() -> Path:
    """Return the installation's folder: ``NIWARI_HOME``, else ``var/demo`` below the present one."""
    return Path(os.environ.get("NIWARI_HOME") or DEFAULT_HOME).expanduser().resolve()


def installation_clock(settings: Settings) -> Clock:
    """Return the machine's clock, or one that stood at ``clock_start`` when it was first asked for.

    A demo goes on from there, over restarts too: the moment of its making lies in the file
    ``clock-origin`` of its home.
    """
    if settings.clock_start is None:
        return system_clock
    origin = settings.home / "clock-origin"
    if not origin.exists():
        settings.home.mkdir(parents=True, exist_ok=True)
        origin.write_text(system_clock().isoformat(), encoding="ascii")
    began = datetime.fromisoformat(origin.read_text(encoding="ascii").strip())
    return shifted_clock(settings.clock_start - began)
