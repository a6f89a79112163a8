"""What an issue names: chosen from the index, of what is shared with the whole region alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from peewee import Value, fn

from niwari.clock import TOKYO
from niwari.db import rows
from niwari.digest.models import COMING, NEW
from niwari.digest.periods import Period
from niwari.directory.audience import REGION
from niwari.directory.held import HeldPost
from niwari.host.models import Enablement
from niwari.search.models import Entry, EntryDate, FirstShared

MOST_NEW, MOST_COMING = 10, 20
"""How much of one feature an issue names as new, and how much of all as coming."""


@dataclass(frozen=True, slots=True)
class Item:
    """A row that an issue names; ``section`` is ``new`` or ``coming``."""

    section: str
    kind: str
    row_id: int

    @property
    def plugin(self) -> str:
        """The feature whose row it is."""
        return self.kind.partition(".")[0]


def contents(region_id: int, period: Period) -> Sequence[Item]:
    """Return what an issue about ``period`` names, in its order, by two queries.

    What the index first met as shared with the whole region in its days, by feature, the newest
    first; then what takes place, by day. Rows that their town withdrew and posts that are held back
    are not among them.
    """
    return [*_new(region_id, period), *_coming(region_id, period)]


def shared_in(region_id: int) -> Any:
    """Return the condition that an ``Entry`` is shared with the whole region."""
    return (Entry.region_id == region_id) & (Entry.audience == REGION)


def _new(region_id: int, period: Period) -> list[Item]:
    newest = [FirstShared.at.desc(), FirstShared.id.desc()]
    place = fn.ROW_NUMBER().over(partition_by=[Entry.plugin], order_by=newest)
    this = (FirstShared.kind == Entry.kind) & (FirstShared.row_id == Entry.row_id)
    ranked: Any = (
        FirstShared.select(Entry.plugin, Entry.kind, Entry.row_id, place.alias("place"))
        .join(Entry, on=this)
        .where(
            (FirstShared.at >= _beginning(period.first))
            & (FirstShared.at < _beginning(period.next_day))
            & _can_be_named(region_id)
        )
        .alias("ranked")
    )
    query = (
        ranked.select_from(ranked.c.kind, ranked.c.row_id)
        .where(ranked.c.place <= MOST_NEW)
        .order_by(ranked.c.plugin, ranked.c.place)
    )
    return [Item(NEW, kind, row_id) for kind, row_id in rows(query)]


def _coming(region_id: int, period: Period) -> list[Item]:
    query = (
        EntryDate.select(Entry.kind, Entry.row_id)
        .join(Entry)
        .where(
            (EntryDate.region_id == region_id)
            & (EntryDate.last_day >= period.next_day)
            & (EntryDate.day <= period.until)
            & _can_be_named(region_id)
        )
        .group_by(Entry.id, Entry.kind, Entry.row_id)
        .order_by(fn.MIN(EntryDate.day), fn.MIN(EntryDate.starts_at), Entry.id)
        .limit(MOST_COMING)
    )
    return [Item(COMING, kind, row_id) for kind, row_id in rows(query)]


def _can_be_named(region_id: int) -> Any:
    held = HeldPost.select(Value(1)).where(
        (HeldPost.kind == Entry.kind) & (HeldPost.row_id == Entry.row_id)
    )
    withdrawn = Enablement.select(Value(1)).where(
        (Enablement.municipality_id == Entry.municipality)
        & (Enablement.plugin == Entry.plugin)
        & Enablement.withdrawn_at.is_null(False)
    )
    return shared_in(region_id) & ~fn.EXISTS(held) & ~fn.EXISTS(withdrawn)


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), TOKYO)
