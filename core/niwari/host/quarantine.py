"""Quarantine: a part of a plugin that keeps failing in a municipality goes dark there, alone.

The unit is (plugin, surface, municipality); a surface is one card, handler or route. Failures are
rows, so all processes share them. After a while one request tries the part again: success ends the
quarantine, failure doubles the wait.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from peewee import fn

from niwari.clock import tokyo_day
from niwari.db import is_postgresql, rows
from niwari.db.transaction import immediate, locked
from niwari.host.enablement import bump_revision
from niwari.host.models import Cost, Enablement, Failure, Quarantine
from niwari.host.town_state import ON

BUDGET = 5
"""Failures within ``WINDOW`` that send a part into quarantine."""
WINDOW = timedelta(minutes=10)
PEOPLE = 3
"""What people meet must have failed for that many, unless the plugin is new in the municipality."""
MOST = 20
"""Failures of one part that are kept of each person within ``WINDOW``: more say nothing new."""
NEW_FOR = timedelta(hours=24)
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=5), timedelta(hours=6)
TRIAL = timedelta(minutes=1)
"""How long one request may be at a trial before another may begin one."""
KEPT_FOR = timedelta(days=90)
"""How long failures and costs are kept."""

ROUTE, COMMAND = "route ", "command "
"""How the surfaces of pages and of commands begin."""
LONGEST_SURFACE = 120
"""Characters of a surface's name; the rest of a longer one is cut off wherever it is used."""
NEVER_DARK = frozenset(
    {
        *("can_enable", "enabled", "can_disable", "disabled", "upgraded"),
        *("export_data", "erase_data"),
    }
)
"""Hooks that somebody calls by hand and waits for: they fail in sight and are always called.

So are commands.
"""


class Dark(Exception):
    """The part is in quarantine and was not called."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A failure as it happened; ``municipality_id`` is ``None`` for anonymous visitors."""

    plugin: str
    surface: str
    municipality_id: int | None
    person_id: int | None
    at: datetime
    trace: str
    what: str


def record_failure(failed: Failed) -> bool:
    """Keep a failure, and send the part into quarantine where the budget is used up.

    In a transaction of its own, after that of the failing call was rolled back. Returns whether
    the part is dark from now on.
    """
    if _known_well(failed):
        return False
    with immediate():
        Failure.insert(
            plugin=failed.plugin,
            surface=failed.surface,
            municipality_id=failed.municipality_id,
            at=failed.at,
            person_id=failed.person_id,
            trace=failed.trace,
            what=failed.what[:200],
        ).execute()
        if failed.municipality_id is None or _is_never_dark(failed.surface):
            return False
        row = _row(failed.municipality_id, failed.plugin, failed.surface)
        if row is not None and row.closed_at is None:
            if row.retry_at > failed.at:
                return True  # somebody else's failure has just sent it there
            delay = min(timedelta(minutes=row.delay_minutes * 2), LONGEST_DELAY)
        elif _is_used_up(failed, row):
            delay = FIRST_DELAY
        else:
            return False
        _close_off(failed, delay, row)
    return True


def _is_never_dark(surface: str) -> bool:
    return surface in NEVER_DARK or surface.startswith(COMMAND)


def _known_well(failed: Failed) -> bool:
    """Tell whether enough is known of a part that is not dark: one person must not fill the table.

    Each person by themself, so that whoever meets it often hides nobody else's failures.
    """
    row = _row(failed.municipality_id or 0, failed.plugin, failed.surface)
    if row is not None and row.closed_at is None:
        return False
    whom = Failure.person_id
    same = whom.is_null() if failed.person_id is None else whom == failed.person_id
    return bool(_recent(failed, _since(failed, row)).where(same).count() >= MOST)


def _since(failed: Failed, row: Quarantine | None) -> datetime:
    """Return from when on failures count: those before the part was lit again do not."""
    since = failed.at - WINDOW
    return since if row is None or row.closed_at is None else max(since, row.closed_at)


def _recent(failed: Failed, since: datetime) -> Any:
    town = failed.municipality_id
    here = Failure.municipality_id.is_null() if town is None else Failure.municipality_id == town
    return Failure.select().where(
        here
        & (Failure.plugin == failed.plugin)
        & (Failure.surface == failed.surface)
        & (Failure.at > since)
    )


def _is_used_up(failed: Failed, row: Quarantine | None) -> bool:
    met = fn.COUNT(Failure.person_id)
    ((count, personal, people),) = rows(
        _recent(failed, _since(failed, row)).select(
            fn.COUNT(Failure.id), met, fn.COUNT(fn.DISTINCT(Failure.person_id))
        )
    )
    if count < BUDGET:
        return False
    # What met nobody in person, as a handler in the worker, counts by itself.
    return count - personal >= BUDGET or people >= PEOPLE or _is_new(failed)


def _is_new(failed: Failed) -> bool:
    row = Enablement.get_or_none(
        (Enablement.municipality_id == failed.municipality_id)
        & (Enablement.plugin == failed.plugin)
        & (Enablement.state == ON)
    )
    return row is not None and row.since > failed.at - NEW_FOR


def _close_off(failed: Failed, delay: timedelta, row: Quarantine | None) -> None:
    values: dict[str, Any] = {
        "since": row.since if row is not None and row.closed_at is None else failed.at,
        "delay_minutes": int(delay.total_seconds() // 60),
        "retry_at": failed.at + delay,
        "trying_until": None,
        "closed_at": None,
        "trace": failed.trace,
    }
    Quarantine.insert(
        municipality_id=failed.municipality_id,
        plugin=failed.plugin,
        surface=failed.surface,
        **values,
    ).on_conflict(
        conflict_target=[Quarantine.municipality_id, Quarantine.plugin, Quarantine.surface],
        update=values,
    ).execute()
    bump_revision(failed.municipality_id or 0)


def begin_trial(municipality_id: int, plugin: str, surface: str, now: datetime) -> bool:
    """Let this process try a dark part; returns whether it may. Of many that ask, one may.

    Nobody waits: whoever asks while somebody else is about to try it, or to light it, may not.
    """
    with immediate():
        query: Any = Quarantine.select(Quarantine.id).where(
            _is(municipality_id, plugin, surface)
            & Quarantine.closed_at.is_null()
            & (Quarantine.retry_at <= now)
            & (Quarantine.trying_until.is_null() | (Quarantine.trying_until <= now))
        )
        free = rows(query.for_update("FOR NO KEY UPDATE SKIP LOCKED") if is_postgresql() else query)
        for (number,) in free:
            Quarantine.update(trying_until=now + TRIAL).where(Quarantine.id == number).execute()
    return bool(free)


def end_quarantine(municipality_id: int, plugin: str, surface: str, now: datetime) -> bool:
    """Let a part be lit again: its trial succeeded, or municipal IT says so.

    Returns whether it was dark.
    """
    with immediate():
        ended: int = (
            Quarantine.update(closed_at=now, trying_until=None)
            .where(_is(municipality_id, plugin, surface) & Quarantine.closed_at.is_null())
            .execute()
        )
        if ended:
            bump_revision(municipality_id)
    return ended == 1


def end_quarantines(municipality_id: int, plugin: str, now: datetime) -> int:
    """Let all parts of a plugin be lit again in a municipality; returns how many were dark."""
    dark = _dark_here(municipality_id, plugin).select(Quarantine.id).order_by(Quarantine.id)
    with immediate():
        # All of them before the municipality's own row, as whoever ends a single one takes them: in
        # the other order the two would wait for each other.
        ids = [number for (number,) in rows(locked(dark))]
        if ids:
            Quarantine.update(closed_at=now, trying_until=None).where(
                Quarantine.id.in_(ids)
            ).execute()
            bump_revision(municipality_id)
    return len(ids)


def dark_parts(municipality_id: int, plugin: str) -> list[str]:
    """Return the surfaces of a plugin that are in quarantine in a municipality, as it is now."""
    found = _dark_here(municipality_id, plugin).select(Quarantine.surface)
    return [surface for (surface,) in rows(found.order_by(Quarantine.surface))]


def _dark_here(municipality_id: int, plugin: str) -> Any:
    return Quarantine.select().where(
        (Quarantine.municipality_id == municipality_id)
        & (Quarantine.plugin == plugin)
        & Quarantine.closed_at.is_null()
    )


def purge_old(now: datetime) -> int:
    """Remove failures and costs that are older than ``KEPT_FOR``; returns how many failures.

    Quarantines go once they have ended so long ago that no failure is held against them any more.
    """
    before = now - KEPT_FOR
    with immediate():
        removed: int = Failure.delete().where(Failure.at < before).execute()
        Cost.delete().where(Cost.day < tokyo_day(before)).execute()
        Quarantine.delete().where(Quarantine.closed_at < now - LONGEST_DELAY - WINDOW).execute()
    return removed


def _is(municipality_id: int, plugin: str, surface: str) -> Any:
    return (
        (Quarantine.municipality_id == municipality_id)
        & (Quarantine.plugin == plugin)
        & (Quarantine.surface == surface)
    )


def _row(municipality_id: int, plugin: str, surface: str) -> Quarantine | None:
    found: Quarantine | None = Quarantine.get_or_none(_is(municipality_id, plugin, surface))
    return found
