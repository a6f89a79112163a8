"""One's own standing agreements through the API; the page of one is for the head too."""

from datetime import time

from niwari.context import Context
from niwari.ledger.standing import asking, ending, sight
from niwari.ledger.standing.asking import StandingWish
from niwari.ledger.standing.terms import Terms
from niwari.pages.parts import offered_activities
from niwari.rest.blueprint import operations
from niwari.rest.ledger_telling import told
from niwari.rest.paging import page_of, read_cursor
from niwari.rest.shapes import Page, Paging, RowId
from niwari.rest.standing_shapes import (
    NewStanding,
    OwnStanding,
    StandingAgreement,
    StandingDetail,
    StandingPeriod,
    StandingPlan,
)
from niwari.rest.standing_telling import told_plan, told_standing, told_time

_ASK = "ledger.ask"


@operations.get("/ledger/standing", permission="ledger.read", query=Paging, personal=True)
def standing_list(ctx: Context, query: Paging) -> Page[OwnStanding]:
    """One's own standing agreements, the latest first, with what is held in each period."""
    before = read_cursor(query.after, tuple[RowId])
    found = sight.own_list(ctx, before and before[0], query.limit + 1)
    return page_of(found, query.limit, _own, lambda one: (one.standing.id,))


@operations.post(
    "/ledger/standing",
    permission=_ASK,
    body=NewStanding,
    personal=True,
    idempotent=True,
    location=("rest.standing", "standing_id"),
)
def ask_standing(ctx: Context, key: str, body: NewStanding) -> StandingAgreement:
    """Ask for a standing agreement; nothing is reserved before the head agrees."""
    return told_standing(asking.ask(ctx, _wish(body, key), offered_activities(ctx)))


@operations.post("/ledger/standing-plan", permission=_ASK, body=NewStanding, personal=True)
def standing_plan(ctx: Context, body: NewStanding) -> StandingPlan:
    """What a standing agreement would reserve, and what could not be held; nothing is asked for."""
    return told_plan(asking.look_ahead(ctx, _wish(body, ""), offered_activities(ctx)))


@operations.get("/ledger/standing/<int:standing_id>", permission="ledger.read", personal=True)
def standing(ctx: Context, standing_id: int) -> StandingDetail:
    """One of one's own, or one that one answers as head."""
    seen = sight.see(ctx, standing_id)
    return StandingDetail(
        told_standing(seen.standing),
        seen.person_name,
        seen.section_name,
        told_plan(seen.plan) if seen.plan is not None else None,
        tuple(map(told, seen.times)),
        tuple(map(told_time, seen.left_out)),
    )


@operations.post("/ledger/standing/<int:standing_id>/withdraw", permission=_ASK, personal=True)
def withdraw_standing(ctx: Context, standing_id: int) -> StandingAgreement:
    """Take it back with all that is ahead; again changes nothing."""
    return told_standing(ending.withdraw(ctx, standing_id))


def _own(one: sight.OwnStanding) -> OwnStanding:
    periods = (StandingPeriod(part.first_day, part.reserved, part.used) for part in one.periods)
    return OwnStanding(told_standing(one.standing), tuple(periods))


def _wish(body: NewStanding, key: str) -> StandingWish:
    terms = Terms(
        kind=body.kind,
        first_day=body.first_day,
        last_day=body.last_day,
        minutes=body.minutes or 0,
        starts=time.fromisoformat(body.starts) if body.starts else None,
        ends=time.fromisoformat(body.ends) if body.ends else None,
        rule=body.rule,
        on_holiday=body.on_holiday,
    )
    return StandingWish(body.activity, body.purpose, body.place, terms, key)
