"""口頭の了承を確かめる: what the head still has to confirm, and until when (rule L1)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import SQL, fn

from niwari.clock import tokyo_day
from niwari.context import Context
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.ledger.asking.oral import WAITING, confirm_by
from niwari.ledger.deciding.approvers import Charge, charge_of
from niwari.ledger.deciding.confirming import TO_CONFIRM
from niwari.ledger.models import Account, Request
from niwari.ledger.shown import shown_to_head
from niwari.ledger.ways import is_no_way, travel_minutes

_MOST = 50


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """A request that rests on an oral OK; ``due`` is the last Tokyo day for confirming it.

    ``travel`` are the minutes of its ways.
    """

    request: Request
    person_name: str
    section_name: str
    oral_by_name: str
    due: date
    late: bool
    travel: int


def to_confirm(ctx: Context, charge: Charge | None = None) -> list[Unconfirmed]:
    """Return what waits for the acting head's word, the longest waiting first, in one query.

    At most 50; ``charge`` saves a query. What is closed is left out: it stays unconfirmed.
    """
    said, said_person = Appointment.alias(), Person.alias()
    found: Any = (
        Request.select(
            Request,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            said_person.name.alias("oral_by_name"),
            travel_minutes().alias("travel_minutes"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .join_from(Request, said, on=(Request.oral_by == said.id))
        .join_from(said, said_person, on=(said.person == said_person.id))
        .where(
            (Request.municipality == ctx.municipality.id)
            & waits()
            & (charge or charge_of(ctx)).condition()
        )
        .order_by(Request.requested_at, Request.id)
        .limit(_MOST)
        .objects()
    )
    shown = []
    for one in found:
        due = due_day(one)
        request = shown_to_head(one)
        names = (one.person_name, one.section_name, one.oral_by_name)
        shown.append(Unconfirmed(request, *names, due, due < ctx.today, one.travel_minutes))
    return shown


def waits() -> Any:
    """Return the condition that an oral OK waits to be confirmed, in a period that is open."""
    closed = Account.select(SQL("1")).where(
        (Account.person == Request.person)
        & (Account.municipality == Request.municipality)
        & (Account.starts_on <= Request.work_date)
        & (Account.ends_on >= Request.work_date)
        & Account.closed_at.is_null(False)
    )
    waiting = (Request.oral_answer == WAITING) & Request.state.in_(TO_CONFIRM)
    return waiting & is_no_way() & ~fn.EXISTS(closed)


def due_day(request: Request) -> date:
    """Return the last Tokyo day for confirming the oral OK of a request, as it was noted."""
    return confirm_by(tokyo_day(request.requested_at))
