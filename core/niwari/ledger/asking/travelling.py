"""Asking for the ways there and back with a request (移動の時間, rule L16)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from niwari.context import Context
from niwari.errors import N_, Minutes
from niwari.ledger.accounts import OpenAccount
from niwari.ledger.asking import fitting
from niwari.ledger.asking.slots import Slot, taken_between
from niwari.ledger.asking.wishes import Wish
from niwari.ledger.errors import LedgerError, NoScheduledTime, OverCap, TravelNotUsed
from niwari.ledger.models import Request, State
from niwari.ledger.settings import choices_of
from niwari.ledger.ways import BACK, THERE, belonging

Ways = dict[str, dict[str, Any]]
"""The columns of each way that is asked for, by there and back."""


def check_usable(ctx: Context, wish: Wish, *, alone: bool = True) -> None:
    """Raise ``TravelNotUsed`` for ways where the municipality has none, or where not one asks ``alone``.

    What is asked for others, jointly, for an offer or after the fact has no ways.
    """
    usable = alone and not wish.after_fact and choices_of(ctx).travel
    if wish.travel and not usable:
        raise TravelNotUsed


def checked_ways(
    ctx: Context,
    opened: OpenAccount,
    wish: Wish,
    columns: Mapping[str, Any],
    *,
    besides: int | None,
) -> Ways:
    """Return the columns of the ways of ``wish``, once every rule has said yes to each beside its request.

    ``columns`` are the request's, ``besides`` as in ``fitting.check_free_time``. With an interval the way
    there ends where it begins, and the way back begins where it ends; only minutes inside scheduled hours
    are asked for. Raises what the rules say to a request, for the field of the way.
    """
    if not wish.travel:
        return {}
    main = Slot(wish.work_date, columns["minutes"], columns["starts_at"], columns["ends_at"])
    last = opened.period.ends_on
    taken = taken_between(opened.account.person_id, wish.work_date, last, besides=besides)
    taken.append((main, main.minutes))
    counts = columns["counts"] and choices_of(ctx).travel_counts
    whole = main.minutes if columns["counts"] else 0
    ways: Ways = {}
    for way, minutes in wish.travel.items():
        try:
            slot = _slot(opened, main, way, minutes)
            fitting.check_ahead(ctx, opened, slot, slot.minutes)
            fitting.check_room(opened, slot, taken)
            whole += slot.minutes if counts else 0
            if whole > opened.account.cap:
                raise OverCap(
                    N_("移動の時間を足すと、枠の%(cap)sを超えます。短くして申し込んでください。"),
                    cap=Minutes(opened.account.cap),
                )
        except LedgerError as error:
            error.field = f"travel_{way}"
            raise
        taken.append((slot, slot.minutes))
        ways[way] = {
            **{name: columns[name] for name in _SHARED},
            "counts": counts,
            "starts_at": slot.starts_at,
            "ends_at": slot.ends_at,
            "minutes": slot.minutes,
        }
    return ways


_SHARED = ("appointment", "section", "activity", "discreet", "purpose", "place", "work_date")


def _slot(opened: OpenAccount, main: Slot, way: str, minutes: int) -> Slot:
    if main.starts_at is None or main.ends_at is None:
        return replace(main, minutes=minutes)
    length = timedelta(minutes=minutes)
    starts_at = main.starts_at - length if way == THERE else main.ends_at
    outside = NoScheduledTime(
        N_("この移動の時間は、すべて勤務時間の外か休暇の中です。空欄にして申し込んでください。")
    )
    try:
        slot = fitting.interval_slot(opened, starts_at, starts_at + length)
    except (LedgerError, ValueError) as error:  # also on a day before the period's first
        raise outside from error
    if slot.work_date != main.work_date:
        raise outside
    return slot


def keep_ways(request: Request, ways: Ways) -> None:
    """Write the ways of a request that was just put: new ones, and anew those that it had.

    One that is not asked for any more is withdrawn. In the caller's transaction, under the account's lock.
    """
    former: dict[str, Request] = {}
    if request.decision_key is not None:  # it was answered before, and is asked for again
        query = Request.select().where(Request.travel_for == request.id)
        former = {one.travel: one for one in query.order_by(Request.id)}
    put = {
        "municipality": request.municipality_id,
        "requested_at": request.requested_at,
        "state": State.REQUESTED,
        "decided_by": None,
        "on_behalf_of": None,
        "decided_at": None,
    }
    kept = []
    for way in (THERE, BACK):
        columns, old = ways.get(way), former.get(way)
        if columns is not None and old is not None:
            Request.update({**columns, **put}).where(Request.id == old.id).execute()
            kept.append(Request.get_by_id(old.id))
        elif columns is not None:
            kept.append(
                Request.create(
                    **columns,
                    **put,
                    person=request.person_id,
                    form_key=str(uuid4()),
                    travel_for=request.id,
                    travel=way,
                )
            )
        elif old is not None:
            Request.update(state=State.WITHDRAWN).where(Request.id == old.id).execute()
    request.ways = belonging(request, kept)
