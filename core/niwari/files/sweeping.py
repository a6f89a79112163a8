"""What goes by itself: drafts of a day ago, what was removed, files of rows that are gone, and bytes
that no row names.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from peewee import SQL, fn

from niwari.clock import TOKYO, tokyo_day
from niwari.db import rows
from niwari.db.transaction import immediate
from niwari.files.kinds import THUMB_WIDTHS
from niwari.files.models import DRAFT, KEPT, REMOVED, Attachment
from niwari.files.service import remove_where
from niwari.files.storage import Stored, storage
from niwari.host.running import running

PORTION: Final = 200
"""How many files go in one transaction, so that nobody who writes waits long."""

KEPT_DAYS: Final = 1
"""Whole days for which a draft is kept after the day on which it was sent."""

NIGHT: Final = 3
"""The hour in Tokyo at which all rows and all bytes are compared."""


def sweep(now: datetime) -> str:
    """Remove drafts that are older than a day, and the bytes of all that was removed.

    Bytes go before their row: a process that dies between tries again at the next sweep. Returns
    what it did, for the log.
    """
    old = tokyo_day(now) - timedelta(days=KEPT_DAYS)
    with immediate():
        drafts = remove_where((Attachment.state == DRAFT) & (Attachment.added_on < old))
    removed = 0
    while portion := _removed():
        for _id, name in portion:
            _delete(name)
        with immediate():
            Attachment.delete().where(
                Attachment.id.in_([id_ for id_, _name in portion]) & (Attachment.state == REMOVED)
            ).execute()
        removed += len(portion)
    return f"{drafts} old drafts, {removed} files removed"


def sweep_at_night(now: datetime) -> str:
    """Do what ``sweep_orphans`` does in the hour of the night; else nothing. For an hourly job."""
    if now.astimezone(TOKYO).hour != NIGHT:
        return "not at this hour"
    return sweep_orphans(now)


def sweep_orphans(now: datetime) -> str:
    """Remove files whose row is gone, and bytes that no row names and that are older than a day.

    Rows of a plugin that is not installed or not ready are left alone. Returns what it did.
    """
    of_gone_rows = sum(_remove_of_gone(kind, model) for kind, model in _kinds())
    done = sweep(now)
    bytes_gone = _sweep_bytes(tokyo_day(now) - timedelta(days=KEPT_DAYS))
    return f"{of_gone_rows} files of rows that are gone, {bytes_gone} without a row; {done}"


def _kinds() -> Iterator[tuple[str, Any]]:
    host = running().host
    for plugin in host.loaded():
        if plugin.core or host.is_ready(plugin.name):
            for resource in plugin.contributions.resources:
                yield resource.kind, resource.model


def _remove_of_gone(kind: str, model: Any) -> int:
    there = model.select(SQL("1")).where(model.id == Attachment.row_id)
    gone = (Attachment.kind == kind) & (Attachment.state == KEPT) & ~fn.EXISTS(there)
    found = [id_ for (id_,) in rows(Attachment.select(Attachment.id).where(gone))]
    removed = 0
    while found:
        portion, found = found[:PORTION], found[PORTION:]
        with immediate():
            # Rows never come back under the id of one that is gone.
            removed += remove_where(Attachment.id.in_(portion) & (Attachment.state == KEPT))
    return removed


def _removed() -> list[tuple[Any, ...]]:
    query = Attachment.select(Attachment.id, Attachment.file).where(Attachment.state == REMOVED)
    return rows(query.order_by(Attachment.added_on, Attachment.id).limit(PORTION))


def _delete(name: str) -> None:
    for width in THUMB_WIDTHS:
        storage().delete(f"{name}.{width}")
    storage().delete(name)


def _sweep_bytes(before: Any) -> int:
    old = (one for one in storage().stored() if one.day < before)
    gone = 0
    while portion := list(islice(old, PORTION)):
        gone += _delete_unnamed(portion)
    return gone


def _delete_unnamed(portion: list[Stored]) -> int:
    files = {one.name.partition(".")[0] for one in portion}
    query = Attachment.select(Attachment.file).where(Attachment.file.in_(list(files)))
    named = {name for (name,) in rows(query)}
    unnamed = [one.name for one in portion if one.name.partition(".")[0] not in named]
    for name in unnamed:
        storage().delete(name)
    return len(unnamed)
