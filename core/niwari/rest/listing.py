"""What programs may know of the directory: the region's municipalities, sections and people.

Nothing that is not on screens of the whole region: no accounts, addresses or employments.
"""

from typing import Any

from peewee import fn

from niwari.context import Context
from niwari.db import rows
from niwari.directory.models import (
    Appointment,
    Municipality,
    Person,
    Section,
    on_day,
)
from niwari.directory.regions import region_towns
from niwari.directory.sections import (
    name_on_day,
    parent_on_day,
    path_on_day,
    with_version,
)
from niwari.errors import NotFound


def municipalities(ctx: Context, after: str | None, limit: int) -> list[Any]:
    """Return up to ``limit`` municipalities of the region, by code, those behind ``after``."""
    query = Municipality.select(
        Municipality.code, Municipality.name, Municipality.kana, Municipality.kind
    ).where(Municipality.id.in_(region_towns(ctx)))
    if after is not None:
        query = query.where(Municipality.code > after)
    return rows(query.order_by(Municipality.code).limit(limit))


def sections(ctx: Context, code: str | None, after: str | None, limit: int) -> list[Any]:
    """Return up to ``limit`` sections of a municipality, the own one if none is named, by path.

    Raises ``NotFound`` for a municipality outside the region.
    """
    town = ctx.municipality.id if code is None else _town(ctx, code)
    query = (
        Section.select(Section.id, Municipality.code, parent_on_day(), name_on_day(), path_on_day())
        .join_from(Section, Municipality)
        .where((Section.municipality == town) & on_day(Section, ctx.today))
    )
    if after is not None:
        query = query.where(path_on_day() > after)
    return rows(with_version(query, ctx.today).order_by(path_on_day()).limit(limit))


def people(ctx: Context, code: str | None, after: tuple[int, int] | None, limit: int) -> list[Any]:
    """Return up to ``limit`` posts that hold today, by municipality, with their people.

    ``after`` are the ids of the municipality and post seen last. Raises ``NotFound`` for a
    municipality outside the region.
    """
    query = (
        Appointment.select(
            Appointment.municipality,
            Appointment.id,
            Person.id,
            Person.name,
            Person.kana,
            Municipality.code,
            Section.id,
            path_on_day(),
        )
        .join_from(Appointment, Person)
        .join_from(Appointment, Section)
        .join_from(Appointment, Municipality)
        .where(_today(ctx))
    )
    if code is None:
        query = query.where(Appointment.municipality.in_(region_towns(ctx)))
        if after is not None:
            town, post = after
            query = query.where(
                (Appointment.municipality >= town)
                & ((Appointment.municipality > town) | (Appointment.id > post))
            )
    else:
        query = query.where(
            (Appointment.municipality == _town(ctx, code))
            & (Appointment.id > (after[1] if after is not None else 0))
        )
    query = with_version(query, ctx.today)
    return rows(query.order_by(Appointment.municipality, Appointment.id).limit(limit))


def _today(ctx: Context) -> Any:
    # Behind a function the first day cannot choose the index: a page has to come along the one
    # that has its order, however many people a municipality has.
    first = fn.COALESCE(Appointment.starts_on, ctx.today)
    return (first <= ctx.today) & (
        Appointment.ends_on.is_null() | (Appointment.ends_on >= ctx.today)
    )


def _town(ctx: Context, code: str) -> int:
    found = rows(
        Municipality.select(Municipality.id).where(
            (Municipality.code == code) & Municipality.id.in_(region_towns(ctx))
        )
    )
    if not found:
        raise NotFound(field="municipality_code")
    return int(found[0][0])
