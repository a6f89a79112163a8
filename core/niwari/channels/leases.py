"""Taking up what is due, for a while, and putting down what became of it.

Any number of workers may do so at once: what one has taken is due to others again only when its
lease is over, as when it was killed.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from peewee import Value, fn

from niwari.db import is_postgresql, rows
from niwari.db.transaction import immediate
from niwari.notices.days import next_quarter
from niwari.notices.models import DEAD, DROPPED, PENDING, SENT, Delivery
from niwari.notices.outbox import SPREAD

LEASE = timedelta(minutes=5)
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(hours=72)
AWAY = timedelta(hours=1)
"""How long what a plugin told waits, where that is gone or not ready, until it is looked at again."""
PORTION = 1_000
"""How many are put off in one transaction."""


def take(channel: str, now: datetime, most: int, lease: timedelta = LEASE) -> list[Delivery]:
    """Take up to ``most`` deliveries that are due by ``channel``, the oldest first."""
    due: Any = (
        Delivery.select(Delivery.id)
        .where(
            (Delivery.state == PENDING) & (Delivery.channel == channel) & (Delivery.due_at <= now)
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(most)
    )
    token = secrets.token_hex(16)
    with immediate():
        if is_postgresql():
            due = due.for_update("FOR UPDATE SKIP LOCKED")
        ids = [number for (number,) in due.tuples()]
        if ids:
            Delivery.update(lease=token, due_at=now + lease, is_put_off=False).where(
                Delivery.id.in_(ids)
            ).execute()
    taken = Delivery.select().where(Delivery.id.in_(ids) & (Delivery.lease == token))
    return list(taken.order_by(Delivery.id)) if ids else []


def end(delivery: Delivery, state: str, now: datetime, what: str = "") -> None:
    """Note that a delivery is over: ``SENT``, ``DROPPED`` or ``DEAD``, unless its lease is others'.

    That of a hidden author leaves no trace: what became of it would tell how that person wants to be
    told, or which address was refused.
    """
    held = (Delivery.id == delivery.id) & (Delivery.lease == delivery.lease)
    if delivery.hidden_id is not None:
        Delivery.delete().where(held).execute()
        return
    values = {"state": state, "ended_at": now, "what": what, "lease": ""}
    if state != DROPPED:
        values["attempts"] = delivery.attempts + 1
    Delivery.update(values).where(held).execute()


def try_later(delivery: Delivery, now: datetime, what: str) -> None:
    """Put a delivery off that failed; it is dead when it has failed for three days.

    That of a hidden author keeps no sign of what failed, or how often, and waits as a new one does.
    """
    # From the first failure, not from when it was written: a worker may have stood still for days.
    failing_since = delivery.failing_since or now
    if now - failing_since >= GIVEN_UP_AFTER:
        end(delivery, DEAD, now, what)
        return
    values = {"lease": "", "failing_since": failing_since}
    if delivery.hidden_id is not None:
        quarter = next_quarter(now)
        values["failing_since"] = delivery.failing_since or quarter
        values["due_at"] = quarter + timedelta(seconds=secrets.randbelow(SPREAD))
    else:
        attempts = delivery.attempts + 1
        values |= {"attempts": attempts, "due_at": now + delay_after(attempts), "what": what}
    Delivery.update(values).where(
        (Delivery.id == delivery.id) & (Delivery.lease == delivery.lease)
    ).execute()


def wait_while_away(delivery: Delivery, now: datetime) -> None:
    """Let a delivery wait whose plugin is not there just now; that is no failure of it."""
    Delivery.update(lease="", due_at=now + AWAY).where(
        (Delivery.id == delivery.id) & (Delivery.lease == delivery.lease)
    ).execute()


def put_off_all(channel: str, taken: Sequence[Delivery], now: datetime, what: str) -> None:
    """Put everything off that waits for a channel that is down, what was ``taken`` for it too.

    Else each run would try some of it, and a backlog would take days to be tried once. A portion at a
    time, and not what another run is just putting off.
    """
    until = now + delay_after(max((one.attempts for one in taken), default=0) + 1)
    ids = [one.id for one in taken]
    leases = {one.lease for one in taken}
    with immediate():
        _put_off(Delivery.id.in_(ids) & Delivery.lease.in_(leases), now, until, what)
    _each_portion(channel, Delivery.due_at <= now, lambda some: _put_off(some, now, until, what))


def _put_off(which: Any, now: datetime, until: datetime, what: str) -> None:
    """Put off by ids; those that have failed for three days are dead, or leave no trace."""
    over = which & (Delivery.failing_since <= now - GIVEN_UP_AFTER)
    Delivery.delete().where(over & Delivery.hidden.is_null(False)).execute()
    Delivery.update(state=DEAD, ended_at=now, what=what, lease="").where(over).execute()
    first = Value(now, converter=Delivery.failing_since.db_value)
    Delivery.update(
        attempts=Delivery.attempts + 1,
        due_at=until,
        what=what,
        lease="",
        is_put_off=True,
        failing_since=fn.COALESCE(Delivery.failing_since, first),
    ).where(which & (Delivery.state == PENDING)).execute()


def let_go(channel: str, now: datetime) -> int:
    """Let what was put off because the channel was down be due now: it is up again. Returns how much."""

    def let(some: Any) -> None:
        Delivery.update(due_at=now, is_put_off=False).where(some).execute()

    return _each_portion(channel, (Delivery.due_at > now) & Delivery.is_put_off, let)


def _each_portion(channel: str, wanted: Any, change: Callable[[Any], None]) -> int:
    """Change all that waits and is ``wanted`` so that it is so no longer; returns how much it was.

    A portion in each transaction. What another worker is at is left to it.
    """
    free = (Delivery.state == PENDING) & (Delivery.channel == channel) & (Delivery.lease == "")
    found: Any = Delivery.select(Delivery.id).where(free & wanted)
    found = found.order_by(Delivery.due_at, Delivery.id).limit(PORTION)
    if is_postgresql():
        found = found.for_update("FOR UPDATE SKIP LOCKED")
    changed, has_more = 0, True
    while has_more:
        with immediate():
            ids = [number for (number,) in rows(found)]
            change(Delivery.id.in_(ids))
        changed += len(ids)
        has_more = len(ids) == PORTION
    return changed


def put_back(taken: Sequence[Delivery], now: datetime) -> None:
    """Let what was taken and not tried be due to anybody at once."""
    for lease in {one.lease for one in taken}:
        ids = [one.id for one in taken if one.lease == lease]
        Delivery.update(lease="", due_at=now).where(
            Delivery.id.in_(ids) & (Delivery.lease == lease) & (Delivery.state == PENDING)
        ).execute()


def delay_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failures: a minute, doubling up to six hours."""
    doubled: timedelta = FIRST_DELAY * 2 ** min(attempts - 1, 10)
    return min(doubled, LONGEST_DELAY)


__all__ = [
    "DEAD",
    "DROPPED",
    "SENT",
    "delay_after",
    "end",
    "let_go",
    "put_back",
    "put_off_all",
    "take",
    "wait_while_away",
]
