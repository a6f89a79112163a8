"""The rates of a municipality and its region as HR and the secretariat see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import Appointment, Person, Section, on_day
from niwari.directory.sections import section_name
from niwari.errors import NotFound
from niwari.ledger.arranging.rate_examples import example_of
from niwari.ledger.models import RateRow
from niwari.ledger.worktime import Period, Rate

PAGE = 50


@dataclass(frozen=True, slots=True)
class RateShown:
    """A rate that holds or will; ``name`` is of the section or person, else empty.

    ``example`` is what a full-time post may spend in ``month`` by it and the levels above: minutes;
    ``None`` where the holidays of that month are not known.
    """

    id: int
    level: str
    name: str
    basis_points: int
    starts_on: date
    ends_on: date | None
    month: Period
    example: int | None


def rates_shown(ctx: Context, before: int | None = None) -> list[RateShown]:
    """Return what holds in the own municipality today or later, the newest first; two queries.

    At most ``PAGE``; ``before`` is the id of the last one seen. The region's is among them.
    """
    mine = _of_town(ctx) | _of_region(ctx)
    return _shown(ctx, mine, before)


def region_rates_shown(ctx: Context, before: int | None = None) -> list[RateShown]:
    """Return the rates of the acting person's region. Raises ``NotFound`` without a region."""
    region_of(ctx)
    return _shown(ctx, _of_region(ctx), before)


def rate_to_end(ctx: Context, rate_id: int, *, region: bool = False) -> RateShown:
    """Return a rate that the acting person may end; raises ``NotFound``."""
    found = _shown(ctx, (RateRow.id == rate_id) & is_ours(ctx, region=region), None, ended=True)
    if not found:
        raise NotFound
    return found[0]


def people_of_town(ctx: Context) -> Any:
    """Return who has the main post here today: whoever comes or is lent is the other town's matter."""
    return Appointment.select(Appointment.person).where(
        (Appointment.municipality == ctx.municipality.id)
        & Appointment.is_main
        & on_day(Appointment, ctx.today)
    )


def region_of(ctx: Context) -> int:
    """Return the id of the acting person's region; raises ``NotFound`` without one."""
    if ctx.municipality.region_id is None:
        raise NotFound
    return ctx.municipality.region_id


def is_ours(ctx: Context, *, region: bool) -> Any:
    """Return the condition that a ``RateRow`` is the own municipality's, or the region's."""
    return _of_region(ctx) if region else _of_town(ctx)


def _of_region(ctx: Context) -> Any:
    return (RateRow.level == "region") & (RateRow.target_id == (ctx.municipality.region_id or 0))


def _of_town(ctx: Context) -> Any:
    town = ctx.municipality.id
    sections = Section.select(Section.id).where(Section.municipality == town)
    return (
        ((RateRow.level == "municipality") & (RateRow.target_id == town))
        | ((RateRow.level == "section") & RateRow.target_id.in_(sections))
        | ((RateRow.level == "person") & RateRow.target_id.in_(people_of_town(ctx)))
    )


def _shown(
    ctx: Context, wanted: Any, before: int | None, *, ended: bool = False
) -> list[RateShown]:
    query: Any = (
        RateRow.select(
            RateRow.id,
            RateRow.level,
            fn.COALESCE(section_name(ctx.today), Person.name, ""),
            RateRow.basis_points,
            RateRow.starts_on,
            RateRow.ends_on,
        )
        .left_outer_join(
            Section, on=(RateRow.level == "section") & (RateRow.target_id == Section.id)
        )
        .left_outer_join(
            Person,
            on=(RateRow.level == "person") & (RateRow.target_id == Person.id),
            src=RateRow,
        )
        .where(wanted)
        .order_by(RateRow.id.desc())
        .limit(PAGE)
    )
    if not ended:
        query = query.where(RateRow.ends_on.is_null() | (RateRow.ends_on >= ctx.today))
    if before is not None:
        query = query.where(RateRow.id < before)
    found = rows(query)
    return _with_examples(ctx, found) if found else []


def _with_examples(ctx: Context, found: Sequence[tuple[Any, ...]]) -> list[RateShown]:
    above: dict[str, list[Rate]] = {"region": [], "municipality": []}
    town = (RateRow.level == "municipality") & (RateRow.target_id == ctx.municipality.id)
    query = RateRow.select(
        RateRow.level, RateRow.starts_on, RateRow.ends_on, RateRow.basis_points
    ).where(town | _of_region(ctx))
    for level, *rate in rows(query):
        above[level].append(Rate(*rate))
    shown = []
    for rate_id, level, name, points, starts_on, ends_on in found:
        held = Rate(starts_on, ends_on, points)
        month, example = example_of(above, level, held, ctx.today)
        shown.append(RateShown(rate_id, level, name, points, starts_on, ends_on, month, example))
    return shown
