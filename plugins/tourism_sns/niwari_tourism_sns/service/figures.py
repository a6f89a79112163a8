"""Figures by municipality: of places and posts, never of people."""

from collections.abc import Sequence
from dataclasses import dataclass

from peewee import fn

from niwari.api import Context, visible
from niwari_tourism_sns.models import RELEASED, Post, Route, Spot, Stop
from niwari_tourism_sns.service.listing import Counted, count_spots


@dataclass(frozen=True, slots=True)
class Figures:
    """How much a municipality shares: spots, routes through it, posts that were released."""

    spots: Counted
    routes: int
    released: int


def figures(ctx: Context) -> Sequence[Figures]:
    """Return the figures of each municipality that shares spots; three queries."""
    through = dict(
        Stop.select(Spot.municipality, fn.COUNT(fn.DISTINCT(Stop.route)))
        .join_from(Stop, Route)
        .join_from(Stop, Spot)
        .where(visible(ctx, Route) & visible(ctx, Spot))
        .group_by(Spot.municipality)
        .tuples()
    )
    released = dict(
        Post.select(Post.municipality, fn.COUNT(Post.id))
        .where(visible(ctx, Post) & (Post.state == RELEASED))
        .group_by(Post.municipality)
        .tuples()
    )
    return [
        Figures(one, through.get(one.town_id, 0), released.get(one.town_id, 0))
        for one in count_spots(ctx)
    ]
