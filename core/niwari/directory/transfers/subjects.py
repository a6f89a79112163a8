"""Sealed files in handing out and erasing: who kept them, and that a municipality's are withdrawn.

Whom a sealed file names is not looked at: that would be another place at which it is opened.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked
from niwari.directory.people import municipality_ref
from niwari.directory.transfers.keeping import close
from niwari.directory.transfers.models import OPEN, WITHDRAWN, SealedTransfer
from niwari.host.enablement import hold
from niwari.specs.contributions import Record


def kept_files(posts: Any) -> Iterator[Record]:
    """Yield which files the ``posts``, a query for ids, kept, and what became of them; no release."""
    query = SealedTransfer.select(SealedTransfer.id, SealedTransfer.state)
    for row in (
        query.where(SealedTransfer.kept_by.in_(posts)).order_by(SealedTransfer.id).iterator()
    ):
        yield Record("directory.sealed_transfer", row.id, {"state": row.state})


def withdraw_all(ctx: Context, municipality_id: int) -> int:
    """Erase a municipality's sealed files, in the caller's transaction; returns how many there were."""
    town = replace(ctx, municipality=municipality_ref(municipality_id, ctx.today))
    hold(town.municipality.id)
    query = SealedTransfer.select().where(
        (SealedTransfer.municipality == municipality_id) & SealedTransfer.state.in_(OPEN)
    )
    found = list(locked(query.order_by(SealedTransfer.id)))
    for row in found:
        close(row, WITHDRAWN, ctx.now)
        audit.record(town, "directory.transfers_withdraw", "sealed_transfer", row.id)
    return len(found)
