"""Spots as their reader sees them: a page of them by filter, one of them, those on the map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from peewee import Case, fn

from niwari.api import REGION, Context, Municipality, visible
from niwari_tourism_sns.models import Month, Photo, Spot
from niwari_tourism_sns.service.photos import Shown as Photographed
from niwari_tourism_sns.service.photos import first_photos, photos_of
from niwari_tourism_sns.service.sight import (
    OWNER,
    entered,
    is_own,
    is_paused,
    one_entered,
    owner_of,
    refuse_others,
)

PAGE = 15
CHECK_AFTER = timedelta(days=365)
"""A spot that nobody has looked at for a year is marked."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; empty and 0 narrow nothing."""

    town: int = 0
    month: int = 0
    kind: str = ""

    @property
    def any(self) -> bool:
        """Whether it is narrowed at all."""
        return bool(self.town or self.month or self.kind)


@dataclass(frozen=True, slots=True)
class Listed:
    """A spot in short, with its first photo; ``is_old`` asks for somebody to look again."""

    id: int
    name: str
    kind: str
    place: str
    best_days: str
    checked_on: date
    is_old: bool
    town: str
    paused: bool
    photo: Photographed | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A spot with all that it says."""

    id: int
    name: str
    kind: str
    place: str
    best_days: str
    months: tuple[int, ...]
    access: str
    story: str
    contact: str
    checked_on: date
    is_old: bool
    latitude: int | None
    longitude: int | None
    audience: str
    version: int
    changed_at: Any
    town_id: int
    town_code: str
    town: str
    paused: bool
    is_ours: bool
    author: str
    section: str
    photos: Sequence[Photographed]

    @property
    def for_region(self) -> bool:
        """Whether the whole region sees it."""
        return self.audience == REGION


def find_spots(
    ctx: Context, filters: Filters, *, before: int = 0
) -> tuple[list[Listed], int | None]:
    """Return a page, the newest first, and the id below which the next one begins; three queries."""
    query = _readable(ctx)
    if filters.town:
        query = query.where(Spot.municipality == filters.town)
    if filters.kind:
        query = query.where(Spot.kind == filters.kind)
    if filters.month:
        query = query.join_from(Spot, Month).where(Month.month == filters.month)
    if before:
        query = query.where(Spot.id < before)
    found = list(query.order_by(Spot.id.desc()).limit(PAGE + 1))
    photos = first_photos(ctx, [row[0] for row in found[:PAGE]])
    page = [_listed(ctx, row, photos) for row in found[:PAGE]]
    return page, page[-1].id if len(found) > PAGE else None


def newest_spots(ctx: Context, count: int) -> list[Listed]:
    """Return the newest few, without their photos; one query."""
    query = _readable(ctx).order_by(Spot.id.desc()).limit(count)
    return [_listed(ctx, row, {}) for row in query]


def named(ctx: Context, spot_ids: Sequence[int]) -> Mapping[int, Listed]:
    """Return those of some spots that the acting person sees, by id, without photos; one query."""
    if not spot_ids:
        return {}
    found = _readable(ctx).where(Spot.id.in_(list(spot_ids)))
    return {row[0]: _listed(ctx, row, {}) for row in found}


def get_spot(ctx: Context, spot_id: int) -> Told:
    """Return a spot with all that it says; four queries. Raises ``NotFound``."""
    found = one_entered(entered(ctx, Spot, Spot).where(Spot.id == spot_id), Spot)
    columns, owner = found.columns, found.owner
    months = Month.select(Month.month).where(Month.spot == spot_id).order_by(Month.month)
    return Told(
        **{
            name: columns[name]
            for name in (
                "id", "name", "kind", "place", "best_days", "access", "story", "contact",
                "checked_on", "latitude", "longitude", "audience", "version", "changed_at",
            )
        },
        months=tuple(month for (month,) in months.tuples()),
        is_old=_is_old(ctx, columns["checked_on"]),
        town_id=owner.id,
        town_code=owner.code,
        town=owner.name,
        paused=is_paused(owner),
        is_ours=is_own(ctx, owner),
        author=found.author,
        section=found.section,
        photos=photos_of(ctx, [spot_id])[spot_id],
    )  # fmt: skip


def get_own_spot(ctx: Context, spot_id: int) -> Told:
    """Return a spot of the own municipality, to change it; raises ``NotFound`` and ``NotOurs``."""
    found = get_spot(ctx, spot_id)
    refuse_others(found)
    return found


def spots_to_choose(ctx: Context, town_id: int, words: str, most: int = 12) -> list[Listed]:
    """Return spots for a route, the newest first, by town and a part of their name; one query.

    A part of a name is looked for in the region's spots one by one: no index knows the middle of a word.
    """
    query = _readable(ctx)
    if town_id:
        query = query.where(Spot.municipality == town_id)
    if words:
        query = query.where(Spot.name.contains(words))
    return [_listed(ctx, row, {}) for row in query.order_by(Spot.id.desc()).limit(most)]


@dataclass(frozen=True, slots=True)
class Pin:
    """Spots on the map, within a few hundred metres of each other; ``id`` where it is one."""

    longitude: int
    latitude: int
    count: int
    id: int
    name: str


_BIN = 250


def pins(ctx: Context, town_id: int = 0) -> list[Pin]:
    """Return where spots lie, those close to each other as one pin; one query."""
    query = Spot.select(
        fn.MIN(Spot.longitude), fn.MIN(Spot.latitude), fn.COUNT(Spot.id), fn.MIN(Spot.id),
        fn.MIN(Spot.name),
    ).where(visible(ctx, Spot) & Spot.latitude.is_null(False))  # fmt: skip
    if town_id:
        query = query.where(Spot.municipality == town_id)
    query = query.group_by(Spot.longitude / _BIN, Spot.latitude / _BIN)
    return [Pin(*row) for row in query.tuples()]


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of a municipality is on the map; ``old`` wait for somebody to look again."""

    town_id: int
    code: str
    town: str
    spots: int
    placed: int
    with_photo: int
    old: int


def count_spots(ctx: Context) -> list[Counted]:
    """Return the figures of each municipality that shares spots, in order of their codes; one query."""
    has_photo = Photo.select(Photo.id).where((Photo.spot == Spot.id) & Photo.withdrawn_at.is_null())
    query = (
        Spot.select(
            Municipality.id,
            Municipality.code,
            Municipality.name,
            fn.COUNT(Spot.id),
            fn.COUNT(Spot.latitude),
            fn.SUM(_one(fn.EXISTS(has_photo))),
            fn.SUM(_one(Spot.checked_on < ctx.today - CHECK_AFTER)),
        )
        .join(Municipality)
        .where(visible(ctx, Spot))
        .group_by(Municipality.id, Municipality.code, Municipality.name)
        .order_by(Municipality.code)
    )
    return [Counted(*row) for row in query.tuples()]


def _one(condition: Any) -> Any:
    return Case(None, [(condition, 1)], 0)


def _is_old(ctx: Context, checked_on: date) -> bool:
    return checked_on < ctx.today - CHECK_AFTER


def _readable(ctx: Context) -> Any:
    return (
        Spot.select(
            Spot.id, Spot.name, Spot.kind, Spot.place, Spot.best_days, Spot.checked_on, *OWNER
        )
        .join(Municipality)
        .where(visible(ctx, Spot))
        .tuples()
    )


def _listed(ctx: Context, row: tuple[Any, ...], photos: Mapping[int, Photographed]) -> Listed:
    owner = owner_of(row[6:10])
    return Listed(
        *row[:6],
        is_old=_is_old(ctx, row[5]),
        town=owner.name,
        paused=is_paused(owner),
        photo=photos.get(row[0]),
    )
