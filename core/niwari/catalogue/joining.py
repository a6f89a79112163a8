"""参加したい: asking for the time of an offer and holding a place in it, both or neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from niwari.clock import TOKYO
from niwari.context import Context
from niwari.db import transaction
from niwari.directory.acting import hold_self
from niwari.directory.linking import Ref, resource_of
from niwari.directory.people import municipality_ref
from niwari.errors import DomainError, Minutes
from niwari.host.enablement import active_now
from niwari.host.running import running
from niwari.ledger import accounts
from niwari.ledger.asking import requests
from niwari.ledger.asking.wishes import LONGEST_PURPOSE, Wish
from niwari.ledger.models import DISCREET_ACTIVITY, PLACES, Request, State
from niwari.specs.contributions import Activity, Mode, Offer

from .asking import asked_for, find_offer
from .errors import (
    AlreadyJoined,
    BadWay,
    Begun,
    Closed,
    Full,
    NoDay,
    NotEnoughLeft,
    NotNow,
    Paused,
)

JOIN_AGAIN = (State.DECLINED, State.REVOKED, State.CANCELLED, State.LAPSED)
"""After these the place is free again, and the person may ask anew."""

OTHER_MUNICIPALITY, HEAD_OFFICE = "other_municipality", "head_office"


@dataclass(frozen=True, slots=True)
class Joining:
    """What a person chooses: the ``way`` (one of ``ways_of``), and a day where the offer has none.

    ``form_key`` makes a double click one request.
    """

    way: str
    form_key: str
    work_date: date | None = None


def ways_of(offer: Offer) -> tuple[str, ...]:
    """Return how one can take part: ``on_site``, and ``online:<place of work>`` for each place."""
    on_site = (Mode.ON_SITE.value,) if Mode.ON_SITE in offer.modes else ()
    if Mode.ONLINE not in offer.modes:
        return on_site
    own = (place for place in PLACES if place != OTHER_MUNICIPALITY)
    return (*on_site, *(f"{Mode.ONLINE}:{place}" for place in own))


def join(
    ctx: Context, ref: Ref, joining: Joining, activities: Mapping[str, Activity]
) -> tuple[Request, Offer]:
    """Ask the own head for the time of an offer, and hold a place in it; the same form again returns
    the first request.

    Raises ``NotFound`` for what is gone or not for this person, a ``JoiningError`` by what stands in
    the way, what ``requests.ask`` raises, and what the plugin's ``hold`` says. Then nothing changed.
    """
    with transaction(ctx):
        # Two tabs at once come one after the other, so that the second is told of the first.
        hold_self(ctx)
        offer, _link = find_offer(ctx, ref)
        sent = (Request.person == ctx.person_id) & (Request.form_key == joining.form_key)
        known: Request | None = Request.get_or_none(sent)
        if known is not None:
            return known, offer
        _check(ctx, offer, joining)
        request = requests.ask(ctx, _wish(ctx, offer, joining, activities), activities, _key(offer))
        _check_left(ctx, request)
        _hold(ctx, offer, Mode(joining.way.partition(":")[0]), request)
    return request, offer


def _key(offer: Offer) -> tuple[str, int]:
    return offer.kind, offer.id


def _check(ctx: Context, offer: Offer, joining: Joining) -> None:
    """Say no before anything is written, in the order in which it matters to the person."""
    if offer.starts_at is not None and offer.starts_at <= ctx.now:
        raise Begun
    asked = asked_for(ctx, [offer]).get(_key(offer))
    if asked is not None and asked.state not in JOIN_AGAIN:
        raise AlreadyJoined
    if offer.closes_at is not None and offer.closes_at <= ctx.now:
        raise Closed
    plugin = offer.kind.partition(".")[0]
    owner = municipality_ref(offer.municipality_id, ctx.today)
    if not (active_now(ctx, plugin) and active_now(ctx, plugin, owner)):
        raise Paused
    if offer.seats_left == 0 and not offer.joined:
        raise Full
    if joining.way not in ways_of(offer):
        raise BadWay
    if offer.starts_on is None and joining.work_date is None:
        raise NoDay


def _wish(ctx: Context, offer: Offer, joining: Joining, activities: Mapping[str, Activity]) -> Wish:
    """Return what is asked for. Of a discreet activity it says no more than 「学び・相談」 (L14)."""
    activity = activities.get(offer.activity)
    discreet = activity is not None and activity.discreet
    purpose = activities[DISCREET_ACTIVITY].label.ja if discreet else offer.title
    mode, _, place = joining.way.partition(":")
    if mode == Mode.ON_SITE:
        here = offer.municipality_id == ctx.municipality.id
        place = HEAD_OFFICE if here else OTHER_MUNICIPALITY
    starts = ends = minutes = None
    if offer.starts_at is not None and offer.ends_at is not None:
        starts = offer.starts_at.astimezone(TOKYO).time()
        ends = offer.ends_at.astimezone(TOKYO).time()
    else:
        minutes = offer.minutes
    return Wish(
        activity=offer.activity,
        purpose=purpose[:LONGEST_PURPOSE],
        place=place,
        work_date=offer.starts_on or joining.work_date or ctx.today,
        minutes=minutes,
        starts=starts,
        ends=ends,
        form_key=joining.form_key,
    )


def _check_left(ctx: Context, request: Request) -> None:
    """An offer has its length: less of it, as a head may agree to otherwise (L3), is no part in it."""
    if not request.counts:
        return
    day = request.work_date
    free = accounts.open_account(ctx, ctx.person_id, ctx.municipality.id, day).free
    if request.minutes <= free:
        return
    left, takes = Minutes(max(free, 0)), Minutes(request.minutes)
    if (day.year, day.month) == (ctx.today.year, ctx.today.month):
        raise NotEnoughLeft(free=left, takes=takes)
    raise NotEnoughLeft(NotEnoughLeft.later, month=day.month, free=left, takes=takes)


def _hold(ctx: Context, offer: Offer, mode: Mode, request: Request) -> None:
    """Hold the place for the request; one that keeps no source is not told to the plugin (L14)."""
    dispatcher = running()
    owner, resource = resource_of(dispatcher, ctx, offer.kind)
    hold = resource.hold if resource is not None else None
    if hold is None:
        return
    known = request.id if request.source_kind is not None else None
    outcome = dispatcher.guarded(ctx, owner, "hold", lambda: hold(ctx, offer.id, mode, known))
    if isinstance(outcome.error, DomainError):
        raise outcome.error
    if outcome.error is not None:
        raise NotNow from outcome.error
