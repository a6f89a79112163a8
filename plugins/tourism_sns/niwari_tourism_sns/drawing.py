"""What is drawn on maps: towns, pins, routes, squares to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, combinations, repeat
from typing import Any

from niwari.api import Context, towns_of_region
from niwari_tourism_sns.mapping import (
    NARROW,
    Drawing,
    Source,
    Square,
    drawn,
    outlines,
    sources,
    squares,
)
from niwari_tourism_sns.service.listing import Counted, pins
from niwari_tourism_sns.service.routes import Listed as Route
from niwari_tourism_sns.service.routes import Station, find_routes

LETTER, LETTER_BESIDE_TEXT = 28, 16
"""How large a letter of a town's name is where it is largest: on the map of the region on a phone, and
on a narrow map."""

BELOW_NAME = 14
"""How far below the line of a town's name a stop lies of which only the town is known."""

_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality on the map; ``id`` is 0 where it shares no spot."""

    id: int
    name: str
    path: str
    x: int
    y: int
    spots: int


@dataclass(frozen=True, slots=True)
class Dot:
    """Spots on the map: one with its ``name``, or ``count`` close to each other."""

    x: int
    y: int
    count: int
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Line:
    """A route on the map: the points of its line, and each of its stops."""

    id: int
    title: str
    points: str
    stops: Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Map:
    """A map to be drawn, with whose data it is made of."""

    width: int
    height: int
    towns: Sequence[Town]
    dots: Sequence[Dot] = ()
    lines: Sequence[Line] = ()
    squares: Sequence[Square] = ()
    sources: Sequence[Source] = ()


def map_of_region(ctx: Context, counted: Sequence[Counted]) -> Map | None:
    """Return the region with its towns, spots and newest routes; five queries with ``counted``."""
    names = set(towns_of_region(ctx).values())
    codes = {one.code for one in counted}
    codes |= {code for code, outline in outlines().items() if outline.name in names}
    drawing = drawn(codes)
    if drawing is None:
        return None
    dots = [
        Dot(*drawing.place(pin.longitude, pin.latitude), pin.count, pin.id, pin.name)
        for pin in pins(ctx)
        if drawing.holds(pin.longitude, pin.latitude)
    ]
    found, _more = find_routes(ctx)
    lines = [line for route in found[:8] if (line := _line(drawing, route))]
    return _map(drawing, counted, dots=dots, lines=lines)


def map_of_route(route: Any) -> Map | None:
    """Return the towns of a route with its line."""
    drawing = drawn({stop.town_code for stop in route.stops if stop.spot_id}, NARROW)
    if drawing is None:
        return None
    line = _line(drawing, route)
    return _map(drawing, (), lines=[line] if line else ())


def map_of_spot(spot: Any) -> Map | None:
    """Return the town of a spot with its pin; ``None`` where the spot has no position."""
    drawing = drawn([spot.town_code], NARROW) if spot.latitude is not None else None
    if drawing is None:
        return None
    x, y = drawing.place(spot.longitude, spot.latitude)
    return _map(drawing, (), dots=[Dot(x, y, 1, 0, spot.name)])


def map_to_choose(code: str) -> Map | None:
    """Return a town with the squares of its map, for choosing a position without a script."""
    drawing = drawn([code])
    return _map(drawing, (), squares=squares(code)) if drawing else None


def _map(
    drawing: Drawing,
    counted: Sequence[Counted],
    dots: Sequence[Dot] = (),
    lines: Sequence[Line] = (),
    squares: Sequence[Square] = (),
) -> Map:
    known = {one.code: one for one in counted}
    towns = [
        Town(
            known[shape.code].town_id if shape.code in known else 0,
            shape.name,
            shape.path,
            x,
            shape.y,
            known[shape.code].spots if shape.code in known else 0,
        )
        for shape, x in zip(drawing.shapes, _name_places(drawing), strict=True)
    ]
    return Map(drawing.width, drawing.height, towns, dots, lines, squares, sources())


def _name_places(drawing: Drawing) -> list[int]:
    """Return where names stand from left to right: two that would touch make room by half each."""
    letter = LETTER if drawing.width > NARROW else LETTER_BESIDE_TEXT
    places = [shape.x for shape in drawing.shapes]
    pairs = list(combinations(enumerate(drawing.shapes), 2))
    # Who makes room may come close to the next one.
    for (i, one), (k, other) in chain.from_iterable(repeat(pairs, _ROUNDS)):
        lacking = (len(one.name) + len(other.name)) * letter // 2 - abs(places[i] - places[k])
        if abs(one.y - other.y) < letter and lacking > 0:
            step = (lacking + 1) // 2 if places[i] <= places[k] else -(lacking + 1) // 2
            places[i] -= step
            places[k] += step
    return places


def _line(drawing: Drawing, route: Route) -> Line | None:
    """Return the line of a route; a stop without a position lies below the name of its town."""
    below_names = {shape.code: (shape.x, shape.y + BELOW_NAME) for shape in drawing.shapes}
    places = [_place(drawing, stop, below_names) for stop in route.stops if stop.spot_id]
    known = [place for place in places if place is not None]
    if len(known) < 2:
        return None
    points = " ".join(f"{x},{y}" for x, y in known)
    return Line(route.id, route.title, points, known)


def _place(
    drawing: Drawing, stop: Station, below_names: dict[str, tuple[int, int]]
) -> tuple[int, int] | None:
    if stop.longitude is not None and stop.latitude is not None:
        return drawing.place(stop.longitude, stop.latitude)
    return below_names.get(stop.town_code)
