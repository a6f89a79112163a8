"""Times of one day: half-open intervals in whole minutes of Tokyo wall time.

The text form is that of the cells of patterns.csv: `08:30-12:00 13:00-17:15`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from niwari.ledger.worktime.errors import CellError, CellProblem, WorkTimeError

DAY_MINUTES = 24 * 60

# What Japanese keyboards and spreadsheets put where a hyphen is meant, after NFKC.
_RANGE_MARK = re.compile(r"\s*[-‐‑–—―−~〜ー]\s*")
_TIMES = re.compile(r"([0-9]{1,2}):([0-5][0-9])-([0-9]{1,2}):([0-5][0-9])")


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Minutes of one day from `start` to before `end`, 0 to 1440. Raises `WorkTimeError`."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY_MINUTES:
            raise WorkTimeError(
                f"interval {self.start} to {self.end}: give minutes with 0 <= start < end <= 1440"
            )

    @property
    def minutes(self) -> int:
        """The length in minutes, at least 1."""
        return self.end - self.start

    def __str__(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


Hours = tuple[Interval, ...]
"""The times of one day, in order and without overlap. Empty: no work on that day."""


def parse_hours(cell: str) -> Hours:
    """Read one cell, e.g. `08:30-12:00 13:00-17:15`. An empty cell is a day without work.

    Full-width digits and signs are accepted (NFKC), 24:00 is accepted as an end, and the
    intervals may stand in any order. Raises `CellError` with the cell, the part and the problem.
    """
    parts = _RANGE_MARK.sub("-", unicodedata.normalize("NFKC", cell)).split()
    found = sorted((_parse_interval(cell, part), part) for part in parts)
    for (before, _), (after, part) in pairwise(found):
        if after.start < before.end:
            raise CellError(cell, part, CellProblem.OVERLAP)
    return tuple(interval for interval, _ in found)


def format_hours(hours: Hours) -> str:
    """Write the times of a day so that `parse_hours` reads them back."""
    return " ".join(str(interval) for interval in hours)


def check_hours(hours: Hours) -> None:
    """Raise `WorkTimeError` unless the intervals are in order and do not overlap."""
    for before, after in pairwise(hours):
        if after.start < before.end:
            raise WorkTimeError(
                f"hours {format_hours(hours)}: put intervals in order, without overlap"
            )


def minutes_of(hours: Iterable[Interval]) -> int:
    """Return the sum of the lengths in minutes."""
    return sum(interval.minutes for interval in hours)


def overlap(one: Interval, other: Interval) -> Interval | None:
    """Return the time that both intervals cover, or None."""
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Interval(start, end) if start < end else None


def cut(hours: Iterable[Interval], away: Interval) -> tuple[Hours, Hours]:
    """Split `hours` by one interval into (what is left, what was taken away), both in order."""
    left: list[Interval] = []
    taken: list[Interval] = []
    for interval in hours:
        common = overlap(interval, away)
        if common is None:
            left.append(interval)
            continue
        taken.append(common)
        if interval.start < common.start:
            left.append(Interval(interval.start, common.start))
        if common.end < interval.end:
            left.append(Interval(common.end, interval.end))
    return tuple(left), tuple(taken)


def _parse_interval(cell: str, part: str) -> Interval:
    match = _TIMES.fullmatch(part)
    if match is None:
        raise CellError(cell, part, CellProblem.FORMAT)
    start_hour, start_minute, end_hour, end_minute = (int(group) for group in match.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if max(start, end) > DAY_MINUTES:
        raise CellError(cell, part, CellProblem.OVER_24_HOURS)
    if start >= end:
        raise CellError(cell, part, CellProblem.END_BEFORE_START)
    return Interval(start, end)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
