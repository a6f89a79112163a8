"""What HR sees of its municipality's planned transfers without opening one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from niwari.context import Context
from niwari.db.kept import kept
from niwari.directory.models import Appointment, Person
from niwari.directory.transfers.models import OPEN, RELEASED, STUCK, WITHDRAWN, SealedTransfer
from niwari.directory.transfers.sealing import name_of
from niwari.directory.transfers.towns import open_count, require_planning
from niwari.keyring import SealError

PAGE = 50
_CLOSED = (RELEASED, WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Planned:
    """A file of transfers. ``name`` is empty once it was erased, or where its seal does not open.

    ``counts`` are the added, changed and ended posts of one that was released.
    """

    id: int
    name: str
    state: str
    release_at: datetime
    kept_by: str
    kept_at: datetime
    closed_at: datetime | None
    counts: tuple[int, int, int] | None


def open_transfers(ctx: Context) -> list[Planned]:
    """Return the own municipality's sealed files in the order of their release; one query.

    Raises ``NotFound`` where it does not plan ahead.
    """
    require_planning(ctx)
    found = _of(ctx).where(SealedTransfer.state.in_(OPEN))
    return [_shown(row) for row in found.order_by(SealedTransfer.release_at, SealedTransfer.id)]


def closed_transfers(ctx: Context, before: int) -> tuple[Sequence[Planned], int | None]:
    """Return up to ``PAGE`` files that were released or withdrawn, the newest first; two queries.

    Those with an id below ``before``; also where the next page begins, ``None`` after the last.
    """
    found: list[Planned] = []
    for state in _CLOSED:  # each along its index
        query = _of(ctx).where((SealedTransfer.state == state) & (SealedTransfer.id < before))
        newest = query.order_by(SealedTransfer.id.desc()).limit(PAGE + 1)
        found += [_shown(row) for row in newest]
    found.sort(key=lambda one: -one.id)
    shown = found[:PAGE]
    return shown, shown[-1].id if len(found) > PAGE else None


@kept(4096)
def stuck_in(municipality_id: int, revision: int) -> int:
    """Return how many files could not be released, by one query, then by none."""
    return open_count(municipality_id, (STUCK,))


def _of(ctx: Context) -> Any:
    return (
        SealedTransfer.select(
            SealedTransfer.id,
            SealedTransfer.municipality,
            SealedTransfer.name,
            SealedTransfer.state,
            SealedTransfer.release_at,
            SealedTransfer.kept_at,
            SealedTransfer.closed_at,
            SealedTransfer.added,
            SealedTransfer.changed,
            SealedTransfer.ended,
            Person.name.alias("kept_by_name"),
        )
        .join(Appointment)
        .join(Person)
        .where(SealedTransfer.municipality == ctx.municipality.id)
        .objects()
    )


def _shown(row: Any) -> Planned:
    name = ""
    if row.state in OPEN:
        try:
            name = name_of(row)
        except SealError:
            name = ""
    counts = (row.added, row.changed, row.ended) if row.state == RELEASED else None
    return Planned(
        row.id,
        name,
        row.state,
        row.release_at,
        row.kept_by_name,
        row.kept_at,
        row.closed_at,
        counts,
    )
