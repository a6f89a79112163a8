"""Removing notices that are old, with whatever was to be delivered of them."""

from datetime import datetime, timedelta
from typing import Any

from niwari.db import rows
from niwari.db.transaction import immediate
from niwari.host.running import running
from niwari.notices.about import row_kind
from niwari.notices.bookmarks import held, move, reached
from niwari.notices.models import DEAD, DROPPED, SENT, Delivery, Hidden, Notice, Received

READ_KEPT_FOR = timedelta(days=90)
KEPT_FOR = timedelta(days=365)
DELIVERIES_KEPT_FOR = timedelta(days=30)
PORTION = 1_000
"""How many rows go in one transaction, so that nobody who writes waits long."""
WALKED = 50_000
"""How many old notices are looked through in one run for those that nobody has any more."""

_PLACE = "purging"


def purge_old(now: datetime) -> int:
    """Remove notices read 90 days ago, all after a year, and deliveries that ended a month ago.

    What hidden authors were told goes with the row that it is about. Returns how many notices left an inbox.
    """
    ended = Delivery.state.in_((SENT, DROPPED, DEAD)) & (
        Delivery.ended_at < now - DELIVERIES_KEPT_FOR
    )
    _remove(Delivery, ended)
    removed = _remove(Received, Received.read_at < now - READ_KEPT_FOR)
    old = Notice.select(Notice.id).where(Notice.at < now - KEPT_FOR)
    removed += _remove(Received, Received.notice.in_(old))
    _remove(Hidden, Hidden.notice.in_(old))
    _remove_hidden_without_rows()
    _empty_envelopes()
    _remove_left_over(now)
    return removed


def _remove_hidden_without_rows() -> None:
    """Remove what hidden authors were told of rows that were removed since."""
    told = Hidden.select(Notice.about_kind).join(Notice).distinct()
    for (kind,) in rows(told):
        about = row_kind(kind)
        if about is None or not running().host.is_ready(about.owner):
            continue  # its table may not be there
        model = about.declared.model
        left = Notice.about_id.in_(model.select(model.id))
        gone = Notice.select(Notice.id).where((Notice.about_kind == kind) & ~left)
        _remove(Hidden, Hidden.notice.in_(gone))


def _empty_envelopes() -> None:
    """Empty the envelopes that nothing will be delivered by any more."""
    waits = Delivery.select(Delivery.hidden).where(Delivery.hidden.is_null(False))
    done = (Hidden.envelope != "") & Hidden.id.not_in(waits)
    Hidden.update(envelope="").where(done).execute()


def _remove(model: Any, condition: Any) -> int:
    """Remove what there is by now; it is looked for outside of any transaction."""
    removed = 0
    while ids := _ids(model.select(model.id).where(condition).limit(PORTION)):
        with immediate():
            gone = model.delete().where(model.id.in_(ids) & condition).execute()
        removed += gone
        if len(ids) < PORTION or not gone:
            break
    return removed


def _remove_left_over(now: datetime) -> None:
    """Remove notices that nobody has any more, of the next ``WALKED`` by their ids; then from the start."""
    place = reached(_PLACE)
    for _portion in range(WALKED // PORTION):
        last = place
        place = _remove_left_over_after(last, now)
        if place == 0:
            break
    with immediate():
        held(_PLACE)
        move(_PLACE, place)


def _remove_left_over_after(last: int, now: datetime) -> int:
    """Look through a portion of the notices after the id ``last``; returns the next such id, or 0."""
    next_ones = (Notice.id > last) & (Notice.at < now - READ_KEPT_FOR)
    ids = _ids(Notice.select(Notice.id).where(next_ones).order_by(Notice.id).limit(PORTION))
    told = _ids(Received.select(Received.notice).where(Received.notice.in_(ids)).distinct())
    hidden = _ids(Hidden.select(Hidden.notice).where(Hidden.notice.in_(ids)))
    # Nobody is told of a notice after the transaction that wrote it.
    if left := set(ids) - set(told) - set(hidden):
        with immediate():
            Notice.delete().where(Notice.id.in_(sorted(left))).execute()
    return ids[-1] if len(ids) == PORTION else 0


def _ids(query: Any) -> list[int]:
    return [number for (number,) in rows(query)]
