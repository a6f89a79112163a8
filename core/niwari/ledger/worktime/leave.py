"""Leave: when a person is away, and which kinds a municipality takes off the base."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from niwari.clock import tokyo_wall_time
from niwari.ledger.worktime.errors import WorkTimeError
from niwari.ledger.worktime.intervals import DAY_MINUTES, Hours, Interval, cut

LONG_LEAVE_KINDS = frozenset(
    {"sick", "maternity", "childcare", "partial", "care", "study", "leave_of_absence"}
)
"""What runs for weeks or months: 病気休暇, 産前産後休暇, 育児休業, 部分休業, 介護休暇, 修学, 休職.

Other kinds are short: `annual`, `special` (summer, wedding, bereavement: days), `grandchild`.
"""

_KIND = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Leave:
    """One absence from `start` to before `end`, aware moments of any zone, whole minutes.

    `kind` is a lower-case ASCII code, such as annual or childcare; towns add their own.
    Raises `WorkTimeError`.
    """

    kind: str
    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if _KIND.fullmatch(self.kind) is None:
            raise WorkTimeError(f"leave kind {self.kind!r}: write a code such as annual")
        check_span(self.start, self.end, f"leave {self.kind}")


@dataclass(frozen=True, slots=True)
class LeavePolicy:
    """What a municipality takes off the base (ledger term "base"): all leave, or long kinds only.

    It concerns the base alone. No time inside any registered leave ever counts (L19, L23).
    """

    subtract: Literal["all", "long"] = "all"
    long_kinds: frozenset[str] = LONG_LEAVE_KINDS

    def subtracts(self, leave: Leave) -> bool:
        """Whether this leave lowers the base."""
        return self.subtract == "all" or leave.kind in self.long_kinds


@dataclass(frozen=True, slots=True)
class Absence:
    """A piece of one day that leave of `kind` covers."""

    interval: Interval
    kind: str


def check_span(start: datetime, end: datetime, of_what: str) -> None:
    """Raise `WorkTimeError` unless both are aware, on whole minutes, and start is before end."""
    for moment in (start, end):
        if moment.utcoffset() is None:
            raise WorkTimeError(f"{of_what}: {moment} has no time zone; give an aware moment")
        if moment.second or moment.microsecond:
            raise WorkTimeError(f"{of_what}: {moment} is not on a whole minute; round it first")
        try:
            tokyo_wall_time(moment)
        except OverflowError as error:
            raise WorkTimeError(f"{of_what}: {moment} is outside the calendar in Tokyo") from error
    if end <= start:
        raise WorkTimeError(f"{of_what}: ends at {end}, not after its start {start}")


def split_by_day(
    start: datetime, end: datetime, first: date = date.min, last: date = date.max
) -> Iterable[tuple[date, Interval]]:
    """Split a span at each midnight of Tokyo; yield only the days from `first` to `last`."""
    start_day, start_minute = _wall(start)
    end_day, end_minute = _wall(end)
    day, stop = max(start_day, first), min(end_day, last)
    while day <= stop:
        begins = start_minute if day == start_day else 0
        ends = end_minute if day == end_day else DAY_MINUTES
        if begins < ends:
            yield day, Interval(begins, ends)
        day += timedelta(days=1)


def absences_by_day(
    leaves: Iterable[Leave], first: date, last: date, wanted: Callable[[Leave], bool]
) -> dict[date, list[Absence]]:
    """Return the wanted leave of the days from `first` to `last`, earlier leave first.

    The pieces of a day may overlap; `take_absences` gives each minute to the first that covers it.
    """
    found: dict[date, list[Absence]] = {}
    for leave in sorted(filter(wanted, leaves), key=lambda one: (one.start, one.end, one.kind)):
        for day, interval in split_by_day(leave.start, leave.end, first, last):
            found.setdefault(day, []).append(Absence(interval, leave.kind))
    return found


def take_absences(hours: Hours, absences: Iterable[Absence]) -> tuple[Hours, tuple[Absence, ...]]:
    """Split scheduled hours into (what is left, the absences inside them), no minute twice."""
    taken: list[Absence] = []
    for absence in absences:
        hours, away = cut(hours, absence.interval)
        taken += (Absence(interval, absence.kind) for interval in away)
    return hours, tuple(taken)


def _wall(moment: datetime) -> tuple[date, int]:
    local = tokyo_wall_time(moment)
    return local.date(), local.hour * 60 + local.minute
