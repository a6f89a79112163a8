"""Asking for a standing agreement, and taking it back: what the person does (rule L12)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from niwari.audit import service as audit
from niwari.context import Context
from niwari.db import locked, transaction
from niwari.errors import N_, Invalid, NotFound
from niwari.identity.sessions.reach import within_reach
from niwari.ledger import accounts
from niwari.ledger.asking.checking import Source
from niwari.ledger.asking.wishes import LONGEST_PURPOSE
from niwari.ledger.deciding.approvers import asking_post
from niwari.ledger.errors import (
    AlreadyAsked,
    AlreadyDecided,
    UnknownActivity,
)
from niwari.ledger.models import PLACES, Standing, State
from niwari.ledger.settings import choices_of
from niwari.ledger.standing import planning
from niwari.ledger.standing.planning import Plan
from niwari.ledger.standing.telling import tell_standing_waits
from niwari.ledger.standing.terms import Terms, checked
from niwari.specs.contributions import Activity
from niwari.texts import is_blank


@dataclass(frozen=True, slots=True)
class StandingWish:
    """What a person fills in; ``form_key`` makes a double click one agreement."""

    activity: str
    purpose: str
    place: str
    terms: Terms
    form_key: str


def look_ahead(ctx: Context, wish: StandingWish, activities: Mapping[str, Activity]) -> Plan:
    """Return what ``wish`` would reserve, and what could not be held; reads only.

    Raises what ``ask`` raises for what was filled in.
    """
    activity, terms = _checked_form(ctx, wish, activities)
    return planning.preview(ctx, terms, None, counts=activity.counts)


def ask(
    ctx: Context,
    wish: StandingWish,
    activities: Mapping[str, Activity],
    source: Source | None = None,
) -> Standing:
    """Write that a person asks for a standing agreement; the same form again returns the first.

    Nothing is reserved before the head agrees. ``source`` is the row of a plugin that it is asked for;
    of a discreet class it is not kept (rule L14). Raises ``NotFound`` where the municipality does not
    use standing agreements, ``Invalid`` and ``TooLate`` for what was filled in, ``NothingHeld`` where
    no time could be held (L12), ``Frozen`` where a freeze is why (L13), ``NoHead`` and ``NotMainPost``
    (L9).
    """
    activity, terms = _checked_form(ctx, wish, activities)
    with transaction(ctx):
        # One form of a person after the other, as in `requests.ask`.
        accounts.open_account(ctx, ctx.person_id, ctx.municipality.id, terms.first_day)
        first = Standing.get_or_none(
            (Standing.person == ctx.person_id) & (Standing.form_key == wish.form_key)
        )
        if first is not None:
            return _same(first, wish, terms)
        columns = _columns(ctx, wish, activity, terms)
        kind, row_id = source if source is not None and not activity.discreet else (None, None)
        standing: Standing = Standing.create(
            person=ctx.person_id,
            municipality=ctx.municipality.id,
            requested_at=ctx.now,
            state=State.REQUESTED,
            source_kind=kind,
            source_id=row_id,
            **columns,
        )
        audit.record(ctx, "ledger.ask_standing", "ledger_standing", standing.id)
        tell_standing_waits(ctx, standing)
    return standing


def ask_again(
    ctx: Context, standing_id: int, wish: StandingWish, activities: Mapping[str, Activity]
) -> Standing:
    """Put a returned one (相談して直す) to the head again; the same form again changes nothing.

    Raises what ``ask`` raises, and ``AlreadyDecided``.
    """
    activity, terms = _checked_form(ctx, wish, activities)
    with transaction(ctx):
        accounts.open_account(ctx, ctx.person_id, ctx.municipality.id, terms.first_day)
        standing = own_locked(ctx, standing_id)
        if standing.form_key == wish.form_key:
            return standing
        if standing.state != State.RETURNED or standing.municipality_id != ctx.municipality.id:
            raise AlreadyDecided
        used = (Standing.person == ctx.person_id) & (Standing.form_key == wish.form_key)
        if Standing.select().where(used).exists():
            raise AlreadyAsked
        changes = _columns(ctx, wish, activity, terms) | {
            "state": State.REQUESTED,
            "requested_at": ctx.now,
            "decided_by": None,
            "on_behalf_of": None,
            "decided_at": None,
            "reminded": 0,
        }
        if activity.discreet:
            changes |= {"source_kind": None, "source_id": None}
        Standing.update(changes).where(Standing.id == standing.id).execute()
        again: Standing = Standing.get_by_id(standing.id)
        audit.record(ctx, "ledger.ask_standing_again", "ledger_standing", again.id)
        tell_standing_waits(ctx, again)
    return again


def is_own_standing(ctx: Context) -> Any:
    """Return the condition that a ``Standing`` is the acting person's, within reach of the session."""
    return (Standing.person == ctx.person_id) & within_reach(ctx, Standing.municipality)


def own_locked(ctx: Context, standing_id: int) -> Standing:
    """Lock an agreement of the acting person, accounts being locked before; raises ``NotFound``."""
    wanted = (Standing.id == standing_id) & is_own_standing(ctx)
    found: Standing | None = locked(Standing.select().where(wanted)).first()
    if found is None:
        raise NotFound
    return found


def _checked_form(
    ctx: Context, wish: StandingWish, activities: Mapping[str, Activity]
) -> tuple[Activity, Terms]:
    if not choices_of(ctx).standing:
        raise NotFound
    activity = activities.get(wish.activity)
    if activity is None:
        raise UnknownActivity
    if is_blank(wish.purpose):
        raise Invalid(N_("何をするのかを入力してください。"), field="purpose")
    if len(wish.purpose) > LONGEST_PURPOSE:
        raise Invalid(N_("400文字以内で入力してください。"), field="purpose")
    if wish.place not in PLACES:
        raise Invalid(N_("場所を選んでください。"), field="place")
    return activity, checked(wish.terms, ctx.today)


def _columns(
    ctx: Context, wish: StandingWish, activity: Activity, terms: Terms
) -> dict[str, object]:
    """Return the columns of an agreement, once every rule has said yes."""
    post = asking_post(ctx)
    planning.preview(ctx, terms, None, counts=activity.counts).check_held()
    return {
        "appointment": post.id,
        "section": post.section_id,
        "activity": activity.code,
        "counts": activity.counts,
        "discreet": activity.discreet,
        "purpose": wish.purpose.strip(),
        "place": wish.place,
        "form_key": wish.form_key,
        **terms.columns(),
    }


def _same(first: Standing, wish: StandingWish, terms: Terms) -> Standing:
    """Return the agreement that a form asked for before; raises ``AlreadyAsked`` for another wish."""
    same = (first.activity, first.purpose, first.place) == (
        wish.activity,
        wish.purpose.strip(),
        wish.place,
    )
    if not same or Terms.of(first) != terms:
        raise AlreadyAsked
    return first
