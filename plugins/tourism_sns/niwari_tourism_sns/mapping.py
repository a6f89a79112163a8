"""The map of the region, from our own outlines: no tiles, no request, no script.

Positions are ten-thousandths of a degree. On the drawing a degree of longitude is as much narrower as
it is at the region's latitude.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from pathlib import Path
from typing import Any, Final

from niwari.api import Label, NotChosen
from niwari_tourism_sns.errors import HalfPosition, OutOfTown, TwoPositions

FOLDER: Final = Path(__file__).with_name("outlines")
DEGREE: Final = 10_000
WIDTH: Final = 720
NARROW: Final = 360
"""The width of a map beside a text, so that its names can be read there."""

_MARGIN: Final = 12
_JAPAN: Final = (1_220_000, 200_000, 1_540_000, 460_000)
COLUMNS: Final = "ABCDEFGHIJKL"
"""The columns of squares of a municipality's map."""

_LEEWAY: Final = 100
"""How far a position may lie outside of the simplified outline's frame: about a kilometre."""

Position = tuple[int, int]
"""Longitude and latitude."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A municipality: ``frame`` is west, south, east, north of its ``rings``."""

    code: str
    name: str
    rings: Sequence[Sequence[Position]]
    frame: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Source:
    """Whose data the outlines are made of, and under which licence."""

    source: Label
    licence: str


@cache
def outlines() -> Mapping[str, Outline]:
    """Return the known outlines by the municipalities' codes."""
    return {
        code: Outline(code, town["name"], town["rings"], _frame(town["rings"]))
        for said in _files()
        for code, town in said["towns"].items()
    }


@cache
def sources() -> tuple[Source, ...]:
    """Return what must stand below every map."""
    return tuple(
        Source(Label(said["source"], said["source_en"]), said["licence"]) for said in _files()
    )


@cache
def _files() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json")))


def _frame(rings: Iterable[Iterable[Position]]) -> tuple[int, int, int, int]:
    xs, ys = zip(*(point for ring in rings for point in ring), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


@dataclass(frozen=True, slots=True)
class Shape:
    """A municipality as it is drawn: the ``d`` of its path, and where its name stands."""

    code: str
    name: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Square:
    """A square of a municipality's map: its name, its middle, and where it is drawn."""

    name: str
    position: Position
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map: its size, its shapes, and ``place``, which says where a position lies on it."""

    width: int
    height: int
    shapes: Sequence[Shape]
    west: int
    north: int
    across: float
    down: float

    def place(self, longitude: int, latitude: int) -> tuple[int, int]:
        """Return where a position lies on the drawing."""
        return (
            round(_MARGIN + (longitude - self.west) * self.across),
            round(_MARGIN + (self.north - latitude) * self.down),
        )

    def holds(self, longitude: int, latitude: int) -> bool:
        """Tell whether a position lies within the drawing."""
        x, y = self.place(longitude, latitude)
        return 0 <= x <= self.width and 0 <= y <= self.height


def drawn(codes: Collection[str], width: int = WIDTH) -> Drawing | None:
    """Return the map of the municipalities among ``codes`` whose outline is known; else ``None``."""
    known = [outlines()[code] for code in sorted(codes) if code in outlines()]
    if not known:
        return None
    west, south, east, north = _frame(ring for town in known for ring in town.rings)
    narrowed = cos(radians((south + north) / 2 / DEGREE))
    across = (width - 2 * _MARGIN) / (east - west)
    down = across / narrowed
    height = round((north - south) * down) + 2 * _MARGIN
    bare = Drawing(width, height, (), west, north, across, down)
    shapes = tuple(_shape(bare, town) for town in known)
    return Drawing(width, height, shapes, west, north, across, down)


def _shape(drawing: Drawing, town: Outline) -> Shape:
    paths = []
    for ring in town.rings:
        points = " ".join("{} {}".format(*drawing.place(*point)) for point in ring)
        paths.append(f"M{points}Z")
    x, y = drawing.place(*_middle(max(town.rings, key=len)))
    return Shape(town.code, town.name, "".join(paths), x, y)


def _middle(ring: Sequence[Position]) -> Position:
    """Return the centre of gravity of a ring."""
    area = x = y = 0.0
    (x0, y0) = ring[0]
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
        area += cross
        x += (ax + bx - 2 * x0) * cross
        y += (ay + by - 2 * y0) * cross
    return (round(x0 + x / (3 * area)), round(y0 + y / (3 * area))) if area else ring[0]


def squares(code: str) -> Sequence[Square]:
    """Return the squares of a municipality's map that touch its outline, row by row."""
    drawing = drawn([code])
    if drawing is None:
        return ()
    west, south, east, north = outlines()[code].frame
    step = (east - west) / len(COLUMNS)
    tall = step * drawing.across / drawing.down
    rows = max(1, -int(-(north - south) // tall))
    ring_points = outlines()[code].rings
    found = []
    for row in range(rows):
        for column, letter in enumerate(COLUMNS):
            middle = (round(west + (column + 0.5) * step), round(north - (row + 0.5) * tall))
            if not any(_inside(middle, ring) for ring in ring_points):
                continue
            x, y = drawing.place(round(west + column * step), round(north - row * tall))
            size = round(step * drawing.across)
            found.append(Square(f"{letter}{row + 1}", middle, x, y, size, size))
    return tuple(found)


def _inside(point: Position, ring: Sequence[Position]) -> bool:
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def checked_position(
    code: str, town: str, square: str, latitude: int | None, longitude: int | None
) -> Position | None:
    """Return the position that was chosen by a square or by degrees; ``None`` for none.

    Raises ``HalfPosition``, ``TwoPositions``, ``NotChosen`` and ``OutOfTown``.
    """
    if (latitude is None) != (longitude is None):
        raise HalfPosition(field="longitude" if longitude is None else "latitude")
    if square:
        if latitude is not None:
            raise TwoPositions
        middle = next((one.position for one in squares(code) if one.name == square), None)
        if middle is None:
            raise NotChosen(field="square")
        return middle
    if latitude is None or longitude is None:
        return None
    west, south, east, north = outlines()[code].frame if code in outlines() else _JAPAN
    frame = (west - _LEEWAY, south - _LEEWAY, east + _LEEWAY, north + _LEEWAY)
    if not (frame[0] <= longitude <= frame[2] and frame[1] <= latitude <= frame[3]):
        west, south, east, north = (f"{one / DEGREE:.2f}" for one in frame)
        raise OutOfTown(town=town, south=south, north=north, west=west, east=east, field="latitude")
    return longitude, latitude
