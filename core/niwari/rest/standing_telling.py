"""What the API tells of a standing agreement."""

from datetime import UTC, time

from niwari.ledger.models import Standing
from niwari.ledger.standing.planning import Plan, Planned
from niwari.ledger.standing.terms import Terms
from niwari.rest.ledger_telling import utc
from niwari.rest.standing_shapes import StandingAgreement, StandingPlan, StandingTime


def told_standing(row: Standing) -> StandingAgreement:
    """Return an agreement; hide a discreet class before, where it is another's."""
    terms = Terms.of(row)
    return StandingAgreement(
        row.id,
        row.activity,
        row.purpose,
        row.place,
        row.state,
        terms.kind,
        terms.first_day,
        terms.last_day,
        terms.minutes,
        _wall(terms.starts),
        _wall(terms.ends),
        terms.rule,
        terms.on_holiday,
        row.requested_at.astimezone(UTC),
        row.decision_note,
        row.ended_reason,
    )


def told_plan(plan: Plan) -> StandingPlan:
    """Return what can be held, and what cannot."""
    return StandingPlan(
        tuple(map(told_time, plan.held)),
        tuple(map(told_time, plan.left_out)),
        plan.minutes,
        plan.mark,
    )


def told_time(one: Planned) -> StandingTime:
    """Return one time, with why it cannot be held."""
    return StandingTime(one.day, one.minutes, utc(one.starts_at), utc(one.ends_at), one.reason)


def _wall(wall_time: time | None) -> str | None:
    return None if wall_time is None else f"{wall_time:%H:%M}"
