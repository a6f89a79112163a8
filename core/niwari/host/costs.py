"""What plugins cost: calls and microseconds, added up in the process and written now and then."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from threading import Lock

from peewee import EXCLUDED, fn

from niwari.clock import tokyo_day
from niwari.db import is_postgresql
from niwari.db.transaction import immediate
from niwari.host.models import Cost

EVERY = timedelta(minutes=1)


class Costs:
    """Adds up what calls cost; ``write_if_due`` moves the sums into the database."""

    def __init__(self) -> None:
        """Begin at nothing."""
        self._cells: dict[tuple[str, str], list[int]] = {}
        self._lock = Lock()
        self._due: datetime | None = None

    def add(self, plugin: str, surface: str, micros: int, *, failed: bool) -> None:
        """Count one call."""
        with self._lock:
            cell = self._cells.get((plugin, surface)) or self._new(plugin, surface)
            cell[0] += 1
            cell[1] += micros
            cell[2] = max(cell[2], micros)
            cell[3] += failed

    def add_answered(self, surface: str, spent: Sequence[tuple[str, int]]) -> None:
        """Count one call of each (plugin, microseconds); none of them failed."""
        with self._lock:
            cells = self._cells
            for plugin, micros in spent:
                cell = cells.get((plugin, surface)) or self._new(plugin, surface)
                cell[0] += 1
                cell[1] += micros
                if micros > cell[2]:
                    cell[2] = micros

    def _new(self, plugin: str, surface: str) -> list[int]:
        cell = self._cells[plugin, surface] = [0, 0, 0, 0]
        return cell

    def write_if_due(self, now: datetime) -> int:
        """Write the sums at most once in ``EVERY``; returns how many were written."""
        with self._lock:
            if self._due is None:
                self._due = now + EVERY
            if now < self._due or not self._cells:
                return 0
            self._due = now + EVERY
        return self.write(now)

    def write(self, now: datetime) -> int:
        """Write the sums; returns how many. What cannot be written waits for the next time."""
        with self._lock:
            cells, self._cells = self._cells, {}
        if not cells:
            return 0
        try:
            _write(cells, tokyo_day(now))
        except BaseException:
            self._put_back(cells)
            raise
        return len(cells)

    def _put_back(self, cells: Mapping[tuple[str, str], list[int]]) -> None:
        with self._lock:
            for key, (calls, micros, slowest, failed) in cells.items():
                cell = self._cells.get(key) or self._new(*key)
                cell[0] += calls
                cell[1] += micros
                cell[2] = max(cell[2], slowest)
                cell[3] += failed


def _write(cells: Mapping[tuple[str, str], list[int]], day: date) -> None:
    lines = [
        {
            "plugin": plugin,
            "surface": surface,
            "day": day,
            "calls": calls,
            "micros": micros,
            "slowest": slowest,
            "failed": failed,
        }
        # Sorted, so that two processes that write at once lock the rows in the same order.
        for (plugin, surface), (calls, micros, slowest, failed) in sorted(cells.items())
    ]
    greater = fn.GREATEST if is_postgresql() else fn.MAX
    with immediate():
        Cost.insert_many(lines).on_conflict(
            conflict_target=[Cost.plugin, Cost.surface, Cost.day],
            update={
                Cost.calls: Cost.calls + EXCLUDED.calls,
                Cost.micros: Cost.micros + EXCLUDED.micros,
                Cost.slowest: greater(Cost.slowest, EXCLUDED.slowest),
                Cost.failed: Cost.failed + EXCLUDED.failed,
            },
        ).execute()
