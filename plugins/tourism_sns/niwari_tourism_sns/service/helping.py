"""Looking for helpers with a route, so that staff outside tourism sections join with their 20%."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from peewee import JOIN, fn

from niwari.api import (
    TOKYO,
    Appointment,
    Context,
    Mode,
    Municipality,
    NotFound,
    Offer,
    Section,
    Subscription,
    Verb,
    Wanted,
    audit,
    checked_text,
    locked,
    not_paused,
    section_name,
    transaction,
    visible,
)
from niwari_tourism_sns.errors import HelpHalf, HelpOver, NoPlaceLeft
from niwari_tourism_sns.models import Helper, Route
from niwari_tourism_sns.service.sight import ROUTE, held_own
from niwari_tourism_sns.texts import HELP_LIMIT

ACTIVITY = "tourism"


@dataclass(frozen=True, slots=True)
class Call:
    """For what helpers are looked for: how long it takes, how many, until when one can join."""

    minutes: int | None
    places: int | None
    until: date | None
    text: str


def look_for_help(ctx: Context, route_id: int, call: Call) -> None:
    """Look for helpers with a route of the own municipality; they join from the catalogue.

    Raises ``NotFound``, ``NotOurs``, ``HelpHalf``, ``HelpOver``, and what the text refuses.
    """
    if call.minutes is None or call.places is None or call.until is None:
        raise HelpHalf
    text = checked_text(call.text, "text", HELP_LIMIT, required=True)
    with transaction(ctx):
        route = held_own(ctx, Route, route_id)
        if call.until < ctx.today:
            raise HelpOver
        Route.update(
            help_minutes=call.minutes,
            help_places=call.places,
            help_until=call.until,
            help_text=text,
        ).where(Route.id == route.id).execute()
        audit(ctx, "tourism_sns.look_for_help", ROUTE, route.id, minutes=call.minutes)


def stop_looking(ctx: Context, route_id: int) -> None:
    """Look for no more helpers; who has joined stays. Raises ``NotFound`` and ``NotOurs``."""
    with transaction(ctx):
        route = held_own(ctx, Route, route_id)
        if route.help_until is None:
            return
        Route.update(help_minutes=None, help_places=None, help_until=None, help_text="").where(
            Route.id == route.id
        ).execute()
        audit(ctx, "tourism_sns.stop_looking", ROUTE, route.id)


def offers(ctx: Context, wanted: Wanted) -> Sequence[Offer]:
    """The routes that look for helpers, for the catalogue; one query."""
    start, least = wanted.after or (None, 1)
    if wanted.verb not in (None, Verb.SPREAD) or wanted.first or wanted.last or start:
        return []  # whoever helps chooses the day
    mine, taken = Helper.alias(), Helper.alias()
    query = (
        Route.select(
            Route,
            Municipality.name.alias("town"),
            section_name(ctx.today).alias("section_name"),
            taken.select(fn.COUNT(taken.id)).where(taken.route == Route.id).alias("taken"),
            mine.id.alias("mine"),
        )
        .join_from(Route, Municipality)
        .join_from(Route, Section, on=(Route.section == Section.id))
        .join_from(
            Route,
            mine,
            JOIN.LEFT_OUTER,
            on=(mine.route == Route.id) & mine.appointment.in_(_posts_of(ctx.person_id)),
        )
        .where(visible(ctx, Route) & not_paused(Route) & Route.help_until.is_null(False))
    )
    if wanted.only is not None:
        query = query.where(Route.id == wanted.only[1])
    else:
        query = query.where((Route.help_until >= ctx.today) & (Route.id >= least))
    if wanted.municipality_id is not None:
        query = query.where(Route.municipality == wanted.municipality_id)
    if wanted.most_minutes is not None:
        query = query.where(Route.help_minutes <= wanted.most_minutes)
    return [_offer(row) for row in query.order_by(Route.id).limit(wanted.most).objects()]


def _offer(row: Any) -> Offer:
    return Offer(
        ROUTE,
        row.id,
        row.title,
        Verb.SPREAD,
        row.municipality_id,
        row.town,
        activity=ACTIVITY,
        modes=(Mode.ON_SITE, Mode.ONLINE),
        place=row.town,
        minutes=row.help_minutes,
        seats_left=max(row.help_places - row.taken, 0),
        closes_at=datetime.combine(row.help_until + timedelta(days=1), time(), TOKYO),
        contact=row.section_name,
        text=row.help_text,
        joined=row.mine is not None,
    )


def hold(ctx: Context, route_id: int, mode: Mode, request_id: int | None) -> None:
    """Hold a place for a request of the acting person; a former one becomes that of this request.

    Raises ``NotFound`` and ``NoPlaceLeft``.
    """
    with transaction(ctx):
        route = locked(Route.select().where((Route.id == route_id) & visible(ctx, Route))).first()
        if route is None:
            raise NotFound
        own = (Helper.route == route_id) & Helper.appointment.in_(_posts_of(ctx.person_id))
        if Helper.update(request_id=request_id, is_fixed=False).where(own).execute():
            return
        taken = Helper.select().where(Helper.route == route_id).count()
        if route.help_places is None or taken >= route.help_places:
            raise NoPlaceLeft
        Helper.create(route=route_id, appointment=ctx.acting.id, request_id=request_id)


def fix(ctx: Context, event: Any) -> None:
    """The own head has agreed: the place of this request is fixed."""
    Helper.update(is_fixed=True).where(Helper.request_id == event.request_id).execute()


def free(ctx: Context, event: Any) -> None:
    """Declined, withdrawn, called off, absent or over: the place of this request is free again."""
    Helper.delete().where(Helper.request_id == event.request_id).execute()


def count_helpers(ctx: Context, route_id: int) -> tuple[int, bool]:
    """Return how many help with a route, and whether the acting person does; one query."""
    mine = Helper.appointment.in_(_posts_of(ctx.person_id))
    found = Helper.select(mine).where(Helper.route == route_id)
    marks = [bool(one) for (one,) in found.tuples()]
    return len(marks), any(marks)


SUBSCRIPTIONS = (
    Subscription("ledger.RequestAgreed", fix),
    Subscription("ledger.RequestDeclined", free),
    Subscription("ledger.RequestWithdrawn", free),
    Subscription("ledger.RequestRevoked", free),
    Subscription("ledger.RequestCancelled", free),
    Subscription("ledger.RequestLapsed", free),
)


def _posts_of(person_id: int) -> Any:
    return Appointment.select(Appointment.id).where(Appointment.person == person_id)
