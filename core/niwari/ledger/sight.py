"""Who sees a request, and with what (rule L14): its person, and the head who answers it."""

from dataclasses import dataclass
from datetime import time

from niwari.clock import TOKYO
from niwari.context import Context
from niwari.directory.models import Appointment, Person, Section
from niwari.errors import NotFound
from niwari.ledger import requests
from niwari.ledger.approvers import charge_of
from niwari.ledger.models import STANDING, JournalEntry, Request, State


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as one person sees it. Amounts are minutes."""

    request: Request
    person_name: str
    section_name: str
    decided_by_name: str
    recorded: int
    mine: bool
    may_decide: bool
    may_withdraw: bool
    may_record: bool
    may_ask_again: bool


def see(ctx: Context, request_id: int) -> Seen:
    """Return a request for its person or the head who answers it; else ``NotFound``.

    The head who has answered keeps sight of it.
    """
    decider, decider_person = Appointment.alias(), Person.alias()
    request = (
        Request.select(
            Request,
            Person.name.alias("person_name"),
            Section.name.alias("section_name"),
            decider_person.name.alias("decided_by_name"),
            decider_person.id.alias("decided_by_person"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .left_outer_join(decider, on=(Request.decided_by == decider.id), src=Request)
        .left_outer_join(decider_person, on=(decider.person == decider_person.id), src=decider)
        .where((Request.id == request_id) & (Request.municipality == ctx.municipality.id))
        .objects()
        .first()
    )
    if request is None:
        raise NotFound
    mine = request.person_id == ctx.person_id
    answers = not mine and charge_of(ctx).covers(request)
    if not mine and not answers and request.decided_by_person != ctx.person_id:
        raise NotFound
    recorded = 0
    if request.state == State.RECORDED:
        entries = JournalEntry.select(JournalEntry.used_delta).where(
            JournalEntry.request == request.id
        )
        recorded = sum(delta for (delta,) in entries.tuples())
    started = requests.has_started(ctx, request)
    begun = request.starts_at <= ctx.now if request.starts_at else request.work_date <= ctx.today
    return Seen(
        request=request,
        person_name=request.person_name,
        section_name=request.section_name,
        decided_by_name=request.decided_by_name or "",
        recorded=recorded,
        mine=mine,
        may_decide=answers and request.state == State.REQUESTED,
        may_withdraw=mine
        and (
            request.state in (State.REQUESTED, State.RETURNED)
            or (request.state in STANDING and not started)
        ),
        may_record=mine and request.state in STANDING and begun,
        may_ask_again=mine and request.state == State.RETURNED,
    )


def own(ctx: Context, request_id: int) -> Request:
    """Return a request of the acting person; else ``NotFound``."""
    request: Request | None = Request.get_or_none(
        (Request.id == request_id) & (Request.person == ctx.person_id)
    )
    if request is None:
        raise NotFound
    return request


def wall_times(request: Request) -> dict[str, time]:
    """Return ``starts`` and ``ends`` of a request as Tokyo wall time, for its form; else nothing."""
    if request.starts_at is None:
        return {}
    return {
        "starts": request.starts_at.astimezone(TOKYO).time(),
        "ends": request.ends_at.astimezone(TOKYO).time(),
    }
