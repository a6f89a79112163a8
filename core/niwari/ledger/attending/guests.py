"""Whom a host sees: who joined, by name and municipality, and nothing of their ledger (rule L14)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from niwari.context import Context
from niwari.db import rows
from niwari.directory.linking import Ref
from niwari.directory.models import Municipality, Person
from niwari.ledger.models import AGREED_STATES, Request, State

PAGE = 50
OPEN = (State.REQUESTED, State.RETURNED, *AGREED_STATES)
"""Those that a host may see absent. Whether the head agreed is not told, so all are alike to a host."""
PRESENT = (*OPEN, State.RECORDED)
"""Those whose person may have been there."""
LISTED = (*PRESENT, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who joined, for a day. ``said`` is what is known of it: there, absent, or nothing."""

    request_id: int
    name: str
    town: str
    day: date
    said: str


@dataclass(frozen=True, slots=True)
class Guests:
    """A page of those for whom it has begun; ``following`` is the id after which the next one begins."""

    shown: tuple[Guest, ...]
    following: int | None


def guests_of(ctx: Context, ref: Ref, after: int = 0, page: int = PAGE) -> Guests:
    """Return who joined a row, a page of them in the order of asking, in one query.

    Whether the acting person hosts it is the caller's to ask. Their own time is not among them.
    """
    found = rows(
        Request.select(
            Request.id,
            Person.name,
            Municipality.name,
            Request.work_date,
            Request.state,
            Request.attended_at,
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Municipality, on=(Request.municipality == Municipality.id))
        .where(
            of_row(ref)
            & (Request.id > after)
            & Request.state.in_(LISTED)
            & (Request.person != ctx.person_id)
            & begun(ctx)
        )
        .order_by(Request.id)
        .limit(page + 1)
    )
    shown = tuple(
        Guest(number, name, town, day, _said(state, attended_at))
        for number, name, town, day, state, attended_at in found[:page]
    )
    return Guests(shown, shown[-1].request_id if len(found) > page else None)


def of_row(ref: Ref) -> Any:
    """Return the condition that a ``Request`` was asked for a row, for a day or times of its own."""
    return (Request.source_kind == ref.kind) & (Request.source_id == ref.id) & ~Request.allowance


def begun(ctx: Context) -> Any:
    """Return the condition that the time of a ``Request`` has begun, as ``has_begun`` tells of one."""
    return (Request.starts_at <= ctx.now) | (
        Request.starts_at.is_null() & (Request.work_date <= ctx.today)
    )


def _said(state: str, attended_at: Any) -> str:
    if state == State.CANCELLED:
        return "absent"
    return "there" if attended_at is not None else ""
