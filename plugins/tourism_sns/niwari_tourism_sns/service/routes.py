"""Routes over several towns: anybody makes one, each town's spots stay the town's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import JOIN

from niwari.api import (
    REGION,
    Context,
    Municipality,
    audit,
    checked_key,
    checked_line,
    checked_text,
    transaction,
    visible,
)
from niwari_tourism_sns.errors import (
    NoRegion,
    NoSuchSpot,
    OneTown,
    SavedMeanwhile,
    TooFewStops,
    TwiceThere,
)
from niwari_tourism_sns.models import Route, Spot, Stop
from niwari_tourism_sns.service.sight import (
    OWNER,
    ROUTE,
    begin_act,
    entered,
    held_own,
    is_own,
    is_paused,
    one_entered,
    owner_of,
    refuse_others,
    sent_before,
)
from niwari_tourism_sns.texts import STORY_LIMIT, TITLE_LIMIT

PAGE = 20
MOST_STOPS = 12


@dataclass(frozen=True, slots=True)
class Planned:
    """What somebody writes of a route; ``stops`` are ids of spots in their order."""

    title: str
    text: str
    stops: Sequence[int]


@dataclass(frozen=True, slots=True)
class Station:
    """A spot of a route; ``spot_id`` is 0 where its reader does not see it."""

    spot_id: int
    name: str
    town_id: int
    town_code: str
    town: str
    longitude: int | None = None
    latitude: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A route in short, with its spots in their order."""

    id: int
    title: str
    town: str
    paused: bool
    stops: Sequence[Station]

    @property
    def towns(self) -> tuple[str, ...]:
        """The towns that it goes through, each once, in its order."""
        return tuple(dict.fromkeys(stop.town for stop in self.stops if stop.spot_id))


@dataclass(frozen=True, slots=True)
class Told(Listed):
    """A route with all that it says, and whom it looks for."""

    text: str
    version: int
    changed_at: Any
    town_id: int
    is_ours: bool
    author: str
    section: str
    help_minutes: int | None
    help_places: int | None
    help_until: date | None
    help_text: str


def add_route(ctx: Context, planned: Planned, *, form_key: str) -> int:
    """Make a route that the region sees; returns its id. The same ``form_key`` returns the first.

    Raises ``NoRegion``, ``TooFewStops``, ``TwiceThere``, ``NoSuchSpot``, ``OneTown``, ``StaleForm``,
    and what the texts refuse.
    """
    if ctx.municipality.region_id is None:
        raise NoRegion
    columns = _checked(planned)
    key = checked_key(form_key)
    with transaction(ctx):
        begin_act(ctx)
        sent = sent_before(ctx, Route, key)
        if sent is not None:
            return int(sent.id)
        _check_stops(ctx, planned.stops)
        route = Route.create(
            **Route.owned_by(ctx),
            **columns,
            audience=REGION,
            author=ctx.acting.id,
            changed_at=ctx.now,
            form_key=key,
        )
        _keep_stops(route.id, planned.stops)
        audit(ctx, "tourism_sns.add_route", ROUTE, route.id, stops=len(planned.stops))
    return int(route.id)


def save_route(ctx: Context, route_id: int, planned: Planned, *, base: int) -> None:
    """Save a route of the own municipality, opened as version ``base``.

    Raises ``NotFound``, ``NotOurs``, ``SavedMeanwhile``, and what ``add_route`` refuses.
    """
    columns = _checked(planned)
    with transaction(ctx):
        route = held_own(ctx, Route, route_id)
        if route.version != base:
            if _says(route, columns, planned.stops):
                return
            raise SavedMeanwhile
        _check_stops(ctx, planned.stops)
        Route.update(**columns, version=route.version + 1, changed_at=ctx.now).where(
            Route.id == route.id
        ).execute()
        Stop.delete().where(Stop.route == route.id).execute()
        _keep_stops(route.id, planned.stops)
        audit(ctx, "tourism_sns.save_route", ROUTE, route.id, stops=len(planned.stops))


def find_routes(ctx: Context, *, before: int = 0) -> tuple[list[Listed], int | None]:
    """Return a page, the newest first, and the id below which the next one begins; two queries."""
    query = (
        Route.select(Route.id, Route.title, *OWNER)
        .join(Municipality)
        .where(visible(ctx, Route))
        .order_by(Route.id.desc())
        .limit(PAGE + 1)
    )
    if before:
        query = query.where(Route.id < before)
    found = list(query.tuples())
    stops = stops_of(ctx, [row[0] for row in found[:PAGE]])
    page = [
        Listed(id_, title, owner.name, is_paused(owner), stops[id_])
        for id_, title, owner in ((row[0], row[1], owner_of(row[2:])) for row in found[:PAGE])
    ]
    return page, page[-1].id if len(found) > PAGE else None


def get_route(ctx: Context, route_id: int) -> Told:
    """Return a route with all that it says; two queries. Raises ``NotFound``."""
    found = one_entered(entered(ctx, Route, Route).where(Route.id == route_id), Route)
    columns, owner = found.columns, found.owner
    kept = ("id", "title", "text", "version", "changed_at")
    helped = ("help_minutes", "help_places", "help_until", "help_text")
    return Told(
        **{name: columns[name] for name in (*kept, *helped)},
        town=owner.name,
        town_id=owner.id,
        paused=is_paused(owner),
        is_ours=is_own(ctx, owner),
        author=found.author,
        section=found.section,
        stops=stops_of(ctx, [route_id])[route_id],
    )


def get_own_route(ctx: Context, route_id: int) -> Told:
    """Return a route of the own municipality, to change it; raises ``NotFound`` and ``NotOurs``."""
    found = get_route(ctx, route_id)
    refuse_others(found)
    return found


def stops_of(ctx: Context, route_ids: Sequence[int]) -> Mapping[int, list[Station]]:
    """Return the spots of routes in their order; one query. What its reader does not see has no name."""
    found: dict[int, list[Station]] = {id_: [] for id_ in route_ids}
    if not found:
        return found
    query = (
        Stop.select(
            Stop.route, Spot.id, Spot.name, Municipality.id, Municipality.code, Municipality.name,
            Spot.longitude, Spot.latitude,
        )
        .join_from(Stop, Spot, JOIN.LEFT_OUTER, on=(Stop.spot == Spot.id) & visible(ctx, Spot))
        .join_from(Spot, Municipality, JOIN.LEFT_OUTER)
        .where(Stop.route.in_(list(found)))
        .order_by(Stop.route, Stop.position)
    )  # fmt: skip
    for route_id, *columns in query.tuples():
        found[route_id].append(
            Station(*columns) if columns[0] is not None else Station(0, "", 0, "", "")
        )
    return found


def _says(route: Any, columns: Mapping[str, str], stops: Sequence[int]) -> bool:
    kept = [
        row.spot_id for row in Stop.select().where(Stop.route == route.id).order_by(Stop.position)
    ]
    return kept == list(stops) and all(getattr(route, name) == columns[name] for name in columns)


def _keep_stops(route_id: int, stops: Sequence[int]) -> None:
    rows = [
        {"route": route_id, "spot": spot, "position": position}
        for position, spot in enumerate(stops, start=1)
    ]
    Stop.insert_many(rows).execute()


def _checked(planned: Planned) -> dict[str, str]:
    if not 2 <= len(planned.stops) <= MOST_STOPS:
        raise TooFewStops(most=MOST_STOPS)
    if len(set(planned.stops)) < len(planned.stops):
        raise TwiceThere
    return {
        "title": checked_line(planned.title, "title", TITLE_LIMIT, required=True),
        "text": checked_text(planned.text, "text", STORY_LIMIT),
    }


def _check_stops(ctx: Context, stops: Sequence[int]) -> None:
    query = Spot.select(Spot.id, Spot.municipality).where(
        Spot.id.in_(list(stops)) & visible(ctx, Spot)
    )
    found = dict(query.tuples())
    if len(found) < len(stops):
        raise NoSuchSpot
    if len(set(found.values())) < 2:
        raise OneTown
