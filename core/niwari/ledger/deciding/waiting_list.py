"""What waits for a head, and what others answered in the head's place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from peewee import JOIN, Case, Tuple, fn

from niwari.context import Context
from niwari.db import prepared
from niwari.directory.models import Appointment, Person, Section
from niwari.directory.sections import section_name
from niwari.ledger.arranged import period_for
from niwari.ledger.asking.objecting import entered_by_name
from niwari.ledger.asking.oral import WAITING
from niwari.ledger.asking.requests import has_started
from niwari.ledger.conditions import work_conditions
from niwari.ledger.deciding import avoided, supplements, unconfirmed
from niwari.ledger.deciding.approvers import Charge, charge_of
from niwari.ledger.models import Account, Request, Standing, State, Supplement
from niwari.ledger.overview import IN_LISTS
from niwari.ledger.shown import shown_to_head
from niwari.ledger.ways import is_no_way, set_out, travel_minutes
from niwari.ledger.worktime import Period, cap, day_bases

PAGE = 50


class Place(NamedTuple):
    """Where in the head's list a request stands: its day, its section's id, its own id."""

    day: date
    section: int
    id: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request in the head's list, with what the person has left in that period before it.

    ``travel`` are the minutes of its ways, ``counting_travel`` those that use the allowance.
    ``avoid`` is why its day should be avoided, empty where it need not be; ``is_past`` tells that it is
    too late to agree, as the request or a way has begun.
    """

    request: Request
    person_name: str
    section_name: str
    free: int
    avoid: str
    is_past: bool
    entered_by_name: str = ""
    travel: int = 0
    counting_travel: int = 0

    @property
    def over(self) -> bool:
        """Whether it asks for more than is left."""
        own = self.request.minutes if self.request.counts else 0
        needed = own + self.counting_travel
        return bool(needed and needed > self.free)


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """A part of the head's list; ``following`` is the place after which the next one begins."""

    items: tuple[Waiting, ...]
    following: Place | None

    @property
    def groups(self) -> list[tuple[date, str, list[Waiting]]]:
        """Return them by day and section, in their order."""
        together = groupby(self.items, key=lambda one: (one.request.work_date, one.section_name))
        return [(day, section, list(items)) for (day, section), items in together]


def waiting_for(ctx: Context, charge: Charge | None = None) -> list[Waiting]:
    """Return the first page of the requests that the acting person answers now."""
    return list(waiting_page(ctx, charge).items)


def waiting_page(
    ctx: Context, charge: Charge | None = None, after: Place | None = None
) -> WaitingPage:
    """Return the requests that the acting person answers now, by day and section, the nearest first.

    At most ``PAGE`` of them, from behind ``after`` on; three queries, whatever their number, of which
    ``charge`` saves one.
    """
    named = avoided.named_days(ctx)
    wanted = _waits_for(ctx, charge)
    if after is not None:
        place = Tuple(Request.work_date, Request.section, Request.id)
        wanted &= place > Tuple(*after)
    found: Any = list(
        Request.select(
            Request,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            fn.COALESCE(Account.used + Account.reserved, 0).alias("taken"),
            avoided.reason_in(named, ctx, Request.work_date).alias("avoid"),
            entered_by_name().alias("entered_by_name"),
            travel_minutes().alias("travel_minutes"),
            travel_minutes(counting=True).alias("counting_travel"),
            set_out(ctx).alias("set_out"),
        )
        .with_cte(named)
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .join_from(
            Request,
            Account,
            JOIN.LEFT_OUTER,
            on=(Account.person == Request.person)
            & (Account.municipality == Request.municipality)
            & (Account.starts_on <= Request.work_date)
            & (Account.ends_on >= Request.work_date),
        )
        .where(wanted)
        .order_by(Request.work_date, Request.section, Request.id)
        .limit(PAGE + 1)
        .objects()
    )
    requests = found[:PAGE]
    caps = _caps(ctx, requests)
    items = tuple(
        Waiting(
            shown_to_head(one),
            one.person_name,
            one.section_name,
            caps[one.person_id, period_for(ctx.municipality, one.work_date)] - one.taken,
            one.avoid or "",
            one.set_out > 0 or (has_started(ctx, one) and not one.after_fact),
            one.entered_by_name or "",
            one.travel_minutes,
            one.counting_travel,
        )
        for one in requests
    )
    last = requests[-1] if len(found) > PAGE else None
    return WaitingPage(
        items, Place(last.work_date, last.section_id, last.id) if last is not None else None
    )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A request that somebody answered in the acting head's place (代決), for seeing it (後閲)."""

    request: Request
    person_name: str
    section_name: str
    decided_by_name: str


def answered_in_my_place(ctx: Context) -> list[Reviewed]:
    """Return what others answered in the acting person's place, what is not seen yet before the rest.

    The newest first, in one query; at most ``PAGE`` of them, of the last 60 days.
    """
    decider, decider_person, head = Appointment.alias(), Person.alias(), Appointment.alias()
    mine = head.select(head.id).where(
        (head.person == ctx.person_id) & (head.municipality == ctx.municipality.id)
    )
    requests: Any = (
        Request.select(
            *IN_LISTS,
            Request.discreet,
            Request.reviewed_at,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
            decider_person.name.alias("decided_by_name"),
        )
        .join_from(Request, Person, on=(Request.person == Person.id))
        .join_from(Request, Section, on=(Request.section == Section.id))
        .join_from(Request, decider, on=(Request.decided_by == decider.id))
        .join_from(decider, decider_person, on=(decider.person == decider_person.id))
        .where(
            Request.on_behalf_of.in_(mine)
            & is_no_way()
            & (Request.decided_at >= ctx.now - timedelta(days=60))
        )
        .order_by(Request.reviewed_at.is_null(False), Request.decided_at.desc(), Request.id.desc())
        .limit(PAGE)
        .objects()
    )
    return [
        Reviewed(shown_to_head(one), one.person_name, one.section_name, one.decided_by_name)
        for one in requests
    ]


@dataclass(frozen=True, slots=True)
class WaitingCounts:
    """How many requests wait for a head's answer, oral OKs to confirm, standing agreements, minutes
    recorded beyond an OK; what rests; and what of the latter others answered, for seeing it.
    """

    requested: int
    oral: int
    standing: int
    beyond: int
    resting: int
    beyond_answered: int

    @property
    def total(self) -> int:
        """All that waits for the head."""
        return self.requested + self.oral + self.standing + self.beyond


def waiting_counts(ctx: Context, charge: Charge | None = None) -> WaitingCounts:
    """Return what waits for the acting head, in one query; ``charge`` saves the query for it."""
    return WaitingCounts(*_counts(ctx, charge or charge_of(ctx)).rows()[0])


@prepared
def _counts(ctx: Any, charge: Charge) -> Any:
    standing = Standing.select(fn.COUNT(Standing.id)).where(
        (Standing.municipality == ctx.municipality.id)
        & (Standing.state == State.REQUESTED)
        & charge.condition(Standing)
    )
    beyond, answered = (
        Supplement.select(fn.COUNT(Supplement.id))
        .join(Request)
        .where((Request.municipality == ctx.municipality.id) & wanted)
        for wanted in (supplements.waits() & charge.condition(), supplements.to_review(ctx))
    )
    return Request.select(
        fn.COUNT(Case(None, [(Request.state == State.REQUESTED, 1)])),
        fn.COUNT(Case(None, [(unconfirmed.waits(), 1)])),
        standing,
        beyond,
        fn.COUNT(Case(None, [(Request.state == State.SUSPENDED, 1)])),
        answered,
    ).where(
        (Request.municipality == ctx.municipality.id)
        & (Request.state.in_((State.REQUESTED, State.SUSPENDED)) | (Request.oral_answer == WAITING))
        & is_no_way()
        & charge.condition()
    )


def _waits_for(ctx: Context, charge: Charge | None) -> Any:
    return (
        (Request.municipality == ctx.municipality.id)
        & (Request.state == State.REQUESTED)
        & is_no_way()
        & (charge or charge_of(ctx)).condition()
    )


def _caps(ctx: Context, requests: Sequence[Request]) -> dict[tuple[int, Period], int]:
    """Return the cap of each request's person in its period, in one query for all."""
    wanted = {(one.person_id, period_for(ctx.municipality, one.work_date)) for one in requests}
    if not wanted:
        return {}
    conditions = work_conditions(
        sorted({person for person, _ in wanted}),
        ctx.municipality,
        min(period.starts_on for _, period in wanted),
        max(period.ends_on for _, period in wanted),
    )
    return {
        (person, period): cap(day_bases(conditions[person], period.starts_on, period.ends_on))
        for person, period in wanted
    }
