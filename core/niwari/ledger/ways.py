"""移動の時間: the ways there and back of a request, rows of their own that move with it (rule L16).

A way is asked for, answered, called off, suspended, revived and ended with its request, in the same
transaction and by the same journal and audit row of the act. Each is recorded with it too, as planned,
or alone with other minutes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Case, Value, fn

from niwari.context import Context
from niwari.db import transaction
from niwari.ledger import accounts
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import fitting
from niwari.ledger.asking.slots import Slot
from niwari.ledger.errors import ClosedPeriod
from niwari.ledger.models import AGREED_STATES, JournalEntry, Request, State

THERE, BACK = "there", "back"

_OPEN = (State.REQUESTED, State.RETURNED, *AGREED_STATES, State.SUSPENDED)

Changes = dict[str, object]


@dataclass(frozen=True, slots=True)
class Posting:
    """A journal row of a request: the ``minutes`` of a record, and how its reservation changes."""

    request: Request
    kind: str
    minutes: int = 0
    reserved: int = 0


def is_no_way() -> Any:
    """Return the condition that a ``Request`` is one by itself, and not the way of another."""
    return Request.travel_for.is_null()


def attach(requests: Sequence[Any]) -> None:
    """Read the ways of these requests beside them, in one query; those that were given up are left out."""
    by_id = {one.id: one for one in requests if one.travel_for_id is None}
    found: dict[int | None, list[Request]] = {}
    if by_id:
        query = Request.select().where(Request.travel_for.in_(list(by_id)))
        for way in query.order_by(Request.id):
            found.setdefault(way.travel_for_id, []).append(way)
    for id_, one in by_id.items():
        one.ways = belonging(one, found.get(id_, ()))


def travel_minutes(*, counting: bool = False) -> Any:
    """Return the minutes of all ways of a ``Request`` as a column, or of those that use the allowance."""
    way: Any = Request.alias()
    wanted = (way.travel_for == Request.id) & (way.state != State.WITHDRAWN)
    if counting:
        wanted &= way.counts
    return way.select(fn.COALESCE(fn.SUM(way.minutes), 0)).where(wanted)


def set_out(ctx: Context) -> Any:
    """Return how many ways of a ``Request`` have begun as a column; one without an hour has not."""
    way: Any = Request.alias()
    begun = (way.state != State.WITHDRAWN) & (way.starts_at <= ctx.now)
    return way.select(fn.COUNT(way.id)).where((way.travel_for == Request.id) & begun)


def belonging(request: Request, ways: Iterable[Request]) -> tuple[Request, ...]:
    """Return those of all ``ways`` that belong to a request still, the way there first.

    One that the person gave up when asking again is withdrawn while the request is not.
    """
    given_up = State.WITHDRAWN if request.state != State.WITHDRAWN else None
    kept = [way for way in ways if way.state != given_up]
    return tuple(sorted(kept, key=lambda way: way.travel != THERE))


def lengths(request: Request) -> dict[str, int]:
    """Return the minutes asked for of each way of a request, by there and back."""
    return {way.travel: _length(way) for way in request.ways}


def recorded_minutes(request: Request) -> int:
    """Return the minutes that were recorded as planned of the ways of a request."""
    return sum(way.agreed_minutes for way in request.ways if way.state == State.RECORDED)


def _length(way: Request) -> int:
    if way.starts_at is None:
        return int(way.minutes)
    return int((way.ends_at - way.starts_at).total_seconds()) // 60


def needed_by(ways: Iterable[Request], *states: State) -> int:
    """Return the minutes of those ``ways`` in ``states`` that use the allowance."""
    return sum(
        way.agreed_minutes or way.minutes for way in ways if way.counts and way.state in states
    )


def act(
    ctx: Context,
    opened: OpenAccount,
    request: Request,
    changes: Changes,
    *,
    posting: Posting | None = None,
    past_stays: bool = False,
) -> None:
    """Post and write what an act makes of a locked request, and let its ways follow.

    In the caller's transaction, in one journal statement and one update whatever the ways. A new state
    of the request is theirs too, as far as they have one to leave: what is recorded stays. With
    ``past_stays`` so does what lies before now (L4). What is kept of an oral OK is kept with them.
    """
    postings = [] if posting is None else [posting]
    written = [(request, changes)]
    state = changes.get("state")
    common = {name: value for name, value in changes.items() if name not in _OWN}
    for way in request.ways:
        step = None if state is None else _step(ctx, opened, way, State(str(state)), past_stays)
        if step is not None:
            postings += step[0]
            written.append((way, {**common, **step[1]}))
        elif way.state in (*AGREED_STATES, State.RECORDED, State.SUSPENDED):
            said = {name: value for name, value in common.items() if name.startswith("oral_")}
            written.append((way, said))
    if postings:
        _post(ctx, opened, postings)
    else:
        accounts.store(opened.account)
    _write(written)


_OWN = ("state", "agreed_minutes")
"""Columns that each way has for itself."""


def _step(
    ctx: Context, opened: OpenAccount, way: Request, state: State, past_stays: bool
) -> tuple[list[Posting], Changes] | None:
    """Return what a new ``state`` of its request does to a way; ``None`` for nothing."""
    held = accounts.reserved_of(way)
    if state in AGREED_STATES:
        if way.state not in (State.REQUESTED, State.SUSPENDED):
            return None
        minutes = way.agreed_minutes or way.minutes
        agreed = State.AGREED if minutes == way.minutes else State.PARTLY_AGREED
        posted = Posting(way, "agreement", reserved=minutes)
        return [posted], {"state": agreed, "agreed_minutes": minutes}
    if state == State.RECORDED:
        if not held:
            return None
        return [Posting(way, "record", held, -held)], {"state": State.RECORDED}
    if way.state not in _OPEN:
        return None
    kept = fitting.least_past(ctx, opened, Slot.of(way), held) if past_stays and held else 0
    if not held:
        return [], {"state": state}
    if kept == held:
        return None
    released = [Posting(way, "release", reserved=kept - held)]
    if kept:
        return released, {"state": State.PARTLY_AGREED, "agreed_minutes": kept}
    return released, {"state": state}


def _post(ctx: Context, opened: OpenAccount, postings: Sequence[Posting]) -> None:
    """Write journal rows and move the locked account by all of them, as ``accounts.post`` does by one."""
    account = opened.account
    if account.closed_at is not None:
        raise ClosedPeriod(month=account.starts_on.month)
    rows = []
    for one in postings:
        counts = one.request.counts
        used, reserved = (one.minutes, one.reserved) if counts else (0, 0)
        rows.append(
            {
                "account": account.id,
                "request": one.request.id,
                "kind": one.kind,
                "work_date": one.request.work_date,
                "minutes": one.minutes,
                "used_delta": used,
                "reserved_delta": reserved,
                "posted_at": ctx.now,
                "posted_by": ctx.appointment.id if ctx.appointment else None,
            }
        )
        account.used += used
        account.reserved += reserved
    with transaction(ctx):
        JournalEntry.insert_many(rows).execute()
        accounts.store(account)


def _write(written: Sequence[tuple[Request, Mapping[str, object]]]) -> None:
    """Update these requests in one statement, and the rows in hand with it."""
    told = [(request, changes) for request, changes in written if changes]
    names = dict.fromkeys(name for _request, changes in told for name in changes)
    values = {name: _column(name, told) for name in names}
    ids = [request.id for request, _changes in told]
    Request.update(values).where(Request.id.in_(ids)).execute()
    for request, changes in told:
        for name, value in changes.items():
            setattr(request, name, value)


def _column(name: str, told: Sequence[tuple[Request, Mapping[str, object]]]) -> object:
    """Return the value of a column for all of them, or by request where they differ."""
    values = [changes.get(name, _KEPT) for _request, changes in told]
    if all(value == values[0] for value in values):
        return values[0]
    field: Any = getattr(Request, name)
    return Case(
        Request.id,
        [
            (request.id, Value(changes[name], converter=field.db_value))
            for request, changes in told
            if name in changes
        ],
        field,
    )


_KEPT = object()
