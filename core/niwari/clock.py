"""Where "now" comes from.

Services never ask for the time: it reaches them in ``Context.now``. Only the outer layers (web,
cli, jobs) hold a clock, so tests and the demo can set it without patching anything.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
ONE_DAY = timedelta(days=1)

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the machine's time as an aware UTC instant."""
    return datetime.now(UTC)


class FrozenClock:
    """A clock for tests that stands still until it is told to move."""

    def __init__(self, start: datetime) -> None:
        """Stop at ``start``, an aware instant."""
        self.set(start)

    def __call__(self) -> datetime:
        """Return the instant at which the clock stands."""
        return self._now

    def set(self, instant: datetime) -> None:
        """Move to ``instant``; a naive one raises ``ValueError``."""
        if instant.tzinfo is None:
            raise ValueError("a clock needs an aware instant, with a time zone")
        self._now = instant.astimezone(UTC)

    def advance(self, **delta: float) -> None:
        """Move on by the arguments of ``timedelta``, as in ``advance(hours=2)``."""
        self._now += timedelta(**delta)


def tokyo_day(instant: datetime) -> date:
    """Return the calendar day in Tokyo on which an aware instant falls."""
    return instant.astimezone(TOKYO).date()


def tokyo_wall_time(instant: datetime) -> datetime:
    """Return an aware instant as wall time in Tokyo, still aware."""
    return instant.astimezone(TOKYO)
