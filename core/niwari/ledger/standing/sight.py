"""Who sees a standing agreement, and with what: its person, and the head who answers it (L14)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.directory.models import Person, Section
from niwari.directory.sections import section_name
from niwari.errors import NotFound
from niwari.ledger.deciding.approvers import Charge, charge_of
from niwari.ledger.models import (
    AGREED_STATES,
    Account,
    JournalEntry,
    Request,
    Standing,
    State,
)
from niwari.ledger.shown import keeps_sight, shown_to_head, with_names
from niwari.ledger.standing import planning
from niwari.ledger.standing.asking import is_own_standing
from niwari.ledger.standing.keeping import left_out_of
from niwari.ledger.standing.planning import Plan, Planned
from niwari.ledger.standing.terms import Terms

PAGE = 50


@dataclass(frozen=True, slots=True)
class SeenStanding:
    """A standing agreement as one person sees it. ``plan`` is what it would reserve, while it waits.

    ``times`` are its occurrences once it is agreed to, ``left_out`` what could not be held then.
    """

    standing: Standing
    terms: Terms
    person_name: str
    section_name: str
    municipality_name: str
    decided_by_name: str
    in_place_of_name: str
    plan: Plan | None
    times: tuple[Request, ...]
    left_out: tuple[Planned, ...]
    mine: bool
    may_decide: bool
    may_revoke: bool
    may_withdraw: bool
    may_ask_again: bool

    @property
    def reserved_times(self) -> int:
        """How many times are reserved now."""
        return sum(1 for one in self.times if one.state in AGREED_STATES)


@dataclass(frozen=True, slots=True)
class HeldIn:
    """What an agreement has in one period, in minutes: planned still, and used."""

    first_day: date
    reserved: int
    used: int


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """A standing agreement of the acting person, with what it has in each period."""

    standing: Standing
    terms: Terms
    periods: tuple[HeldIn, ...]


@dataclass(frozen=True, slots=True)
class WaitingStanding:
    """A standing agreement in the head's list."""

    standing: Standing
    terms: Terms
    person_name: str
    section_name: str


def see(ctx: Context, standing_id: int, charge: Charge | None = None) -> SeenStanding:
    """Return an agreement for its person or the head who answers it; else ``NotFound``.

    At most five queries, of which ``charge`` saves one.
    Who has answered keeps sight of it, and so does the head in whose place it was.
    """
    charge = charge or charge_of(ctx)
    standing: Any = (
        with_names(ctx, Standing, charge.in_place_of(Standing).alias("answered_here"))
        .where(
            (Standing.id == standing_id)
            & ((Standing.municipality == ctx.municipality.id) | is_own_standing(ctx))
        )
        .objects()
        .first()
    )
    if standing is None:
        raise NotFound
    mine = standing.person_id == ctx.person_id
    answers = standing.answered_here is not None
    if not mine and not answers and not keeps_sight(ctx, standing):
        raise NotFound
    return _seen(ctx, standing, mine=mine, answers=answers)


def _seen(ctx: Context, standing: Any, *, mine: bool, answers: bool) -> SeenStanding:
    terms, state = Terms.of(standing), standing.state
    waits = state == State.REQUESTED and standing.municipality_id == ctx.municipality.id
    times = () if waits else _times(standing, with_withdrawn=mine)
    # Whoever answered before keeps sight of it, not of what the person's months could hold now.
    sees_plan = waits and (mine or answers)
    return SeenStanding(
        standing=standing if mine else shown_to_head(standing),
        terms=terms,
        person_name=standing.person_name,
        section_name=standing.section_name,
        municipality_name=standing.municipality_name,
        decided_by_name=standing.decided_by_name or "",
        in_place_of_name=standing.in_place_of_name or "",
        plan=planning.preview(ctx, terms, standing, counts=standing.counts) if sees_plan else None,
        times=times if mine else tuple(shown_to_head(one) for one in times),
        left_out=left_out_of(standing),
        mine=mine,
        may_decide=answers and state == State.REQUESTED,
        may_revoke=answers and state == State.AGREED,
        may_withdraw=mine and state in (State.REQUESTED, State.RETURNED, State.AGREED),
        may_ask_again=mine and state == State.RETURNED,
    )


def _times(standing: Standing, *, with_withdrawn: bool) -> tuple[Request, ...]:
    wanted = Request.standing == standing.id
    if not with_withdrawn:
        wanted &= Request.state != State.WITHDRAWN
    return tuple(Request.select().where(wanted).order_by(Request.work_date, Request.id))


def own(ctx: Context, standing_id: int) -> Standing:
    """Return an agreement of the acting person; else ``NotFound``."""
    found: Standing | None = Standing.get_or_none(
        (Standing.id == standing_id) & is_own_standing(ctx)
    )
    if found is None:
        raise NotFound
    return found


def own_list(ctx: Context, before: int | None = None, limit: int = PAGE) -> list[OwnStanding]:
    """Return the acting person's agreements, the latest first, with what is held in each period.

    At most ``limit``, those older than the id ``before``; two queries whatever their number.
    """
    wanted = is_own_standing(ctx)
    if before is not None:
        wanted &= Standing.id < before
    found = list(Standing.select().where(wanted).order_by(Standing.id.desc()).limit(limit))
    held = _held([one.id for one in found])
    return [OwnStanding(one, Terms.of(one), tuple(held.get(one.id, ()))) for one in found]


def _held(ids: list[int]) -> dict[int, list[HeldIn]]:
    """Return what agreements have in each period by the journal, in one query."""
    if not ids:
        return {}
    reserved, used = fn.SUM(JournalEntry.reserved_delta), fn.SUM(JournalEntry.minutes)
    rows: Any = (
        JournalEntry.select(Request.standing, Account.starts_on, reserved, used)
        .join_from(JournalEntry, Request)
        .join_from(JournalEntry, Account)
        .where(Request.standing.in_(ids))
        .group_by(Request.standing, Account.starts_on)
        .order_by(Request.standing, Account.starts_on)
        .tuples()
    )
    held: dict[int, list[HeldIn]] = {}
    for standing_id, first_day, planned, done in rows:
        if not planned and not done:  # all of it was released
            continue
        held.setdefault(standing_id, []).append(HeldIn(first_day, int(planned), int(done)))
    return held


def waiting(ctx: Context, charge: Charge) -> list[WaitingStanding]:
    """Return the agreements that the acting person answers now, the longest waiting first.

    At most ``PAGE``, in one query.
    """
    rows: Any = (
        Standing.select(
            Standing,
            Person.name.alias("person_name"),
            section_name(ctx.today).alias("section_name"),
        )
        .join_from(Standing, Person, on=(Standing.person == Person.id))
        .join_from(Standing, Section, on=(Standing.section == Section.id))
        .where(
            (Standing.municipality == ctx.municipality.id)
            & (Standing.state == State.REQUESTED)
            & charge.condition(Standing)
        )
        .order_by(Standing.id)
        .limit(PAGE)
        .objects()
    )
    return [
        WaitingStanding(shown_to_head(one), Terms.of(one), one.person_name, one.section_name)
        for one in rows
    ]
