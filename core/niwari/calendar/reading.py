"""What stands in the acting person's calendar between two days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from niwari.calendar.events import CalendarEvent, own_plans
from niwari.calendar.rows import event_of
from niwari.context import Context
from niwari.dates.recurrence import Occurrence
from niwari.search.dates import MOST as PORTION
from niwari.search.dates import Dated, entries_between

MOST = 2000
"""How many dates of shared rows one page goes through, seen or not."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be shown: of all plugins where there are none, of all towns where there is none.

    ``town_id`` with its name, ``town``, is a municipality of the region.
    """

    plugins: frozenset[str] = frozenset()
    town: str = ""
    own_only: bool = False
    town_id: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The events in the order of time.

    ``cut_on`` is the day from which on some shared rows are not among them, because there were more
    than was gone through; else ``None``.
    """

    events: Sequence[CalendarEvent]
    cut_on: date | None = None


def calendar_between(
    ctx: Context, first: date, last: date, wanted: Wanted, *, most: int = MOST
) -> Found:
    """Return what takes place from ``first`` to ``last``, Tokyo days, that the acting person sees.

    Own plans are among them unless a filter leaves them out. ``most`` dates of shared rows are gone
    through, in portions.
    """
    is_filtered = bool(wanted.plugins or wanted.town)
    own = [] if is_filtered else own_plans(ctx, first, last)
    shared, cut_on = ([], None) if wanted.own_only else _shared(ctx, first, last, wanted, most)
    return Found(sorted([*own, *shared], key=lambda event: event.order), cut_on)


def _shared(
    ctx: Context, first: date, last: date, wanted: Wanted, most: int
) -> tuple[list[CalendarEvent], date | None]:
    found: list[CalendarEvent] = []
    after = None
    for begun in range(0, most, PORTION):
        page = entries_between(
            ctx,
            first,
            last,
            plugins=wanted.plugins,
            municipality_id=wanted.town_id,
            after=after,
            limit=min(PORTION, most - begun),
        )
        found += [event_of(one.row, _at(one)) for one in page.dates if _is_wanted(one, wanted)]
        after = page.following
        if after is None:
            return found, None
    return found, max(first, after[0]) if after is not None else None


def _is_wanted(one: Dated, wanted: Wanted) -> bool:
    # A row whose place is hidden names no town: no filter tells it, also where the index is behind.
    return not wanted.town or one.row.municipality == wanted.town


def _at(one: Dated) -> Occurrence:
    return Occurrence(one.day, one.last_day, one.starts_at, one.ends_at)
