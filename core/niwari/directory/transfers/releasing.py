"""Releasing sealed transfers when their day and hour have come (内示)."""

import logging
from datetime import datetime

from peewee import PeeweeException

from niwari.audit import service as audit
from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.db import locked, rows, transaction
from niwari.directory.importing import plan_people
from niwari.directory.importing.planned import OUTCOMES, Plan, carry_out
from niwari.directory.models import Municipality
from niwari.directory.people import municipality_ref
from niwari.directory.system import system_context
from niwari.directory.transfers.announcing import last_post, say_released
from niwari.directory.transfers.keeping import close, tell_if_stuck
from niwari.directory.transfers.models import (
    FAILED,
    OPEN,
    REFUSED,
    RELEASED,
    SEALED,
    STUCK,
    UNREADABLE,
    WITHDRAWN,
    SealedTransfer,
)
from niwari.directory.transfers.sealing import content_of, discreetly
from niwari.errors import DomainError
from niwari.host.enablement import hold
from niwari.keyring import SealError
from niwari.tabular import ImportRefused

log = logging.getLogger(__name__)

_ACTOR = "directory.transfers"
_KIND = "sealed_transfer"


def release_due(now: datetime) -> int:
    """Release what is due at the aware instant ``now``; returns how many files were dealt with.

    Each in a transaction of its own, once, by however many workers. One that cannot be imported any
    more stays sealed until HR has seen to it. A merged municipality's files are erased.
    """
    return sum(
        _dealt_with(now, row_id, municipality_id)
        for row_id, municipality_id in (*_of_ended_towns(), *_due(now))
    )


def _due(now: datetime) -> list[tuple[int, int]]:
    return rows(
        SealedTransfer.select(SealedTransfer.id, SealedTransfer.municipality)
        .where((SealedTransfer.state == SEALED) & (SealedTransfer.release_at <= now))
        .order_by(SealedTransfer.release_at, SealedTransfer.id)
    )


def _of_ended_towns() -> list[tuple[int, int]]:
    return rows(
        SealedTransfer.select(SealedTransfer.id, SealedTransfer.municipality)
        .join(Municipality)
        .where(SealedTransfer.state.in_(OPEN) & Municipality.ends_on.is_null(False))
        .order_by(SealedTransfer.id)
    )


def _dealt_with(now: datetime, row_id: int, municipality_id: int) -> int:
    ctx = system_context(now, _ACTOR, municipality_ref(municipality_id, tokyo_day(now)))
    try:
        with transaction(ctx):
            hold(ctx.municipality.id)
            # Whatever another worker, or HR, did meanwhile is seen under the lock.
            row = locked(SealedTransfer.select().where(SealedTransfer.id == row_id)).first()
            if row.state not in OPEN:
                return 0
            if _has_ended(ctx):
                close(row, WITHDRAWN, now)
                audit.record(ctx, "directory.transfers_end", _KIND, row_id)
                return 1
            if row.state != SEALED or row.release_at > now:
                return 0
            _release(ctx, row)
    except PeeweeException as error:
        # Nothing was written; the next run tries again, and the others go on. Never the message.
        log.warning("sealed transfer %s: %s", row_id, type(error).__name__)
        return 0
    return 1


def _has_ended(ctx: Context) -> bool:
    town = Municipality.get_by_id(ctx.municipality.id)
    return town.ends_on is not None


def _release(ctx: Context, row: SealedTransfer) -> None:
    done = _imported(ctx, row)
    if isinstance(done, str):
        tell_if_stuck(row, STUCK)
        SealedTransfer.update(state=STUCK, reason=done).where(SealedTransfer.id == row.id).execute()
        audit.record(ctx, "directory.transfers_stuck", _KIND, row.id)
        return
    close(row, RELEASED, ctx.now, **{outcome: done.counts[outcome] for outcome in OUTCOMES})
    audit.record(ctx, "directory.transfers_release", _KIND, row.id)


def _imported(ctx: Context, row: SealedTransfer) -> Plan | str:
    """Import the row's file as its own municipality may; returns why not where it cannot be.

    One transaction around both: where somebody's transfer cannot be announced, nothing is imported.
    """
    try:
        with discreetly(), transaction(ctx):
            before = last_post(ctx)
            plan = carry_out(ctx, plan_people, content_of(row), town=ctx.municipality)
            say_released(ctx, before)
            return plan
    except SealError:
        return UNREADABLE
    except ImportRefused:
        return REFUSED
    except DomainError:
        return FAILED
