"""What happens when: the dated rows that the acting person sees, for calendars."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from peewee import JOIN, SQL, Select

from niwari.context import Context
from niwari.dates.recurrence import Occurrence
from niwari.db import database, rows
from niwari.directory.audience import visible
from niwari.search.models import Entry, EntryDate
from niwari.search.readable import Kind, Shown, kinds_for, shown
from niwari.specs.contributions.dates import LONGEST

MOST = 500
"""How many dates are gone through at once."""


_COLUMNS = (
    *(EntryDate.id, EntryDate.day, EntryDate.last_day, EntryDate.starts_at, EntryDate.ends_at),
    *(Entry.kind, Entry.row_id, Entry.shown_at),
)


@dataclass(frozen=True, slots=True)
class Dated:
    """One time at which a row takes place; ``id`` is that of the date."""

    id: int
    day: date
    last_day: date
    starts_at: datetime | None
    ends_at: datetime | None
    row: Shown


@dataclass(frozen=True, slots=True)
class Dates:
    """A page of dates, in order; ``following`` is where the next one begins, if there is one.

    It is short, or empty, where the index had dates of rows that the person does not see.
    """

    dates: Sequence[Dated]
    following: tuple[date, int] | None


def entries_between(
    ctx: Context,
    first: date,
    last: date,
    *,
    plugins: Collection[str] = (),
    municipality_id: int | None = None,
    after: tuple[date, int] | None = None,
    limit: int = MOST,
) -> Dates:
    """Return what takes place from the Tokyo day ``first`` to ``last``, both included, in order.

    By day, then in the order of indexing; ``plugins`` narrows it to some features' and
    ``municipality_id`` to one municipality's, but for rows whose place is hidden. What began before
    ``first`` and still lasts is among it. ``after`` is the ``following`` of an earlier page; ``limit``
    dates are gone through, seen or not. One query, one for each kind of row, and one for the towns.
    Only what is indexed is found: a change takes up to a minute.
    """
    kinds, limit = _dated_kinds(ctx, plugins), min(limit, MOST)
    if not kinds:
        return Dates([], None)
    query = _query(ctx, kinds, (first, last), municipality_id, after, limit + 1)
    some = _read(query)
    page, following = some[:limit], None
    if len(some) > limit:
        following = (page[-1][1], page[-1][0])
    seen = shown(ctx, kinds, {(kind, row_id, at) for *_, kind, row_id, at in page})
    found = [
        Dated(date_id, day, last_day, starts_at, ends_at, seen[kind, row_id])
        for date_id, day, last_day, starts_at, ends_at, kind, row_id, _at in page
        if (kind, row_id) in seen
    ]
    return Dates(found, following)


def _dated_kinds(ctx: Context, plugins: Collection[str]) -> dict[str, Kind]:
    return {
        code: kind
        for code, kind in kinds_for(ctx).items()
        if kind.resource.dated is not None and (not plugins or kind.plugin in plugins)
    }


def _query(
    ctx: Context,
    kinds: Mapping[str, Kind],
    days: tuple[date, date],
    municipality_id: int | None,
    after: tuple[date, int] | None,
    limit: int,
) -> Any:
    """Return the query of the dates: each scope is read along an index of its own, and no further."""
    first, last = days
    wanted = EntryDate.day.between(first - LONGEST, last) & (EntryDate.last_day >= first)
    if after is not None:
        day, date_id = after
        wanted &= (EntryDate.day >= day) & ((EntryDate.day > day) | (EntryDate.id > date_id))
    wanted &= visible(ctx, Entry) & Entry.kind.in_(list(kinds))
    if municipality_id is not None:
        wanted &= ~Entry.hides_place
    scopes = list(_scopes(ctx, municipality_id))
    branches = [_branch(scope & wanted, limit) for scope in scopes]
    query = branches[0] if len(branches) == 1 else branches[0].union_all(branches[1])
    return query.order_by(SQL("2"), SQL("1")).limit(limit)


def _scopes(ctx: Context, municipality_id: int | None) -> Iterator[Any]:
    own, region = ctx.municipality.id, ctx.municipality.region_id
    if municipality_id is not None:
        yield EntryDate.municipality == municipality_id
        return
    yield EntryDate.municipality == own
    if region is not None:
        yield (EntryDate.region_id == region) & (EntryDate.municipality != own)


def _branch(condition: Any, limit: int) -> Any:
    # A cross join: SQLite reads the dates first and their entries after, whatever it guesses.
    query = (
        EntryDate.select(*_COLUMNS)
        .join(Entry, JOIN.CROSS)
        .where((EntryDate.entry == Entry.id) & condition)
        .order_by(EntryDate.day, EntryDate.id)
        .limit(limit)
        .alias("found")
    )
    columns = [getattr(query.c, one.column_name) for one in _COLUMNS]
    return Select([query], columns).bind(database)


def _read(query: Any) -> list[tuple[Any, ...]]:
    """Return the rows of a query of ``_COLUMNS``; a union gives them as the driver does."""
    return [
        tuple(one.python_value(value) for one, value in zip(_COLUMNS, row, strict=True))
        for row in rows(query)
    ]


def dates_of(ctx: Context, kind: str, row_id: int, *, since: date) -> Sequence[Occurrence]:
    """Return when a row takes place from the Tokyo day ``since`` on, in order; 500 times at most.

    Nothing where the person does not see it. From the index, as ``entries_between``.
    """
    kinds = kinds_for(ctx, kind.partition(".")[0])
    if not shown(ctx, kinds, [(kind, row_id, ctx.now)]):
        return ()
    query = (
        EntryDate.select(EntryDate.day, EntryDate.last_day, EntryDate.starts_at, EntryDate.ends_at)
        .join(Entry)
        .where((Entry.kind == kind) & (Entry.row_id == row_id) & (EntryDate.last_day >= since))
        .order_by(EntryDate.day, EntryDate.starts_at)
        .limit(MOST)
    )
    return [Occurrence(*row) for row in rows(query)]
